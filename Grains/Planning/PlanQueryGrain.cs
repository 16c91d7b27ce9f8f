using Actors.Access;
using Orleans.Concurrency;

namespace Actors.Planning;

/// <summary>See <see cref="IPlanQueryGrain"/>.</summary>
[GrainType("plan-query"), StatelessWorker(8)]
internal sealed class PlanQueryGrain(PlanQueryStore store) : Grain, IPlanQueryGrain
{
    public Task<PlanRecord?> FindAsync(Guid planId, ClientVisibility visibility, CancellationToken cancellationToken) =>
        store.FindAsync(planId, visibility, cancellationToken);

    public Task<PlanPage> ListAsync(PlanListRequest request, CancellationToken cancellationToken) => store.ListAsync(request, cancellationToken);
}
