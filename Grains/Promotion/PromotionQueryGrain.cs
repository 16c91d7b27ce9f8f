using Actors.Access;
using Orleans.Concurrency;

namespace Actors.Promotion;

/// <summary>See <see cref="IPromotionQueryGrain"/>.</summary>
[GrainType("promotion-query"), StatelessWorker(8)]
internal sealed class PromotionQueryGrain(PromotionQueryStore store) : Grain, IPromotionQueryGrain
{
    public Task<PromotionPage> ListAsync(PromotionListRequest request, CancellationToken cancellationToken) => store.ListAsync(request, cancellationToken);

    public Task<PromotionRecord?> FindAsync(Guid eventId, ClientVisibility visibility, CancellationToken cancellationToken) =>
        store.FindAsync(eventId, visibility, cancellationToken);
}
