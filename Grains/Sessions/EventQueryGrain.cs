using Orleans.Concurrency;

namespace Actors.Sessions;

/// <summary>See <see cref="IEventQueryGrain"/>.</summary>
[GrainType("event-query"), StatelessWorker(8)]
internal sealed class EventQueryGrain(EventQueryStore store, TimeProvider time) : Grain, IEventQueryGrain
{
    public Task<string?> FindClientAsync(Guid eventId, CancellationToken cancellationToken) =>
        store.FindClientAsync(eventId, cancellationToken);

    public Task<EventPage> ListAsync(EventListRequest request, CancellationToken cancellationToken) =>
        store.ListAsync(request, time.GetUtcNow(), cancellationToken);
}
