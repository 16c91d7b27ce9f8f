using Orleans.Concurrency;

namespace Actors.Changes;

/// <summary>See <see cref="IChangeQueryGrain"/>.</summary>
[GrainType("change-query"), StatelessWorker(8)]
internal sealed class ChangeQueryGrain(ChangeFeed feed) : Grain, IChangeQueryGrain
{
    public Task<ChangePage> ReadAsync(ChangeFeedRequest request, CancellationToken cancellationToken) => feed.ReadAsync(request, cancellationToken);
}
