using System.Collections.Immutable;
using Actors.Access;
using Orleans.Concurrency;

namespace Actors.Facts;

/// <summary>See <see cref="IFactQueryGrain"/>.</summary>
[GrainType("fact-query"), StatelessWorker(8)]
internal sealed class FactQueryGrain(FactQueryStore store, TimeProvider time) : Grain, IFactQueryGrain
{
    public Task<FactSubject?> FindSubjectAsync(Guid factId, CancellationToken cancellationToken) =>
        store.FindSubjectAsync(factId, cancellationToken);

    public Task<FactPage> ListAsync(FactListRequest request, CancellationToken cancellationToken) =>
        store.ListAsync(request, time.GetUtcNow(), cancellationToken);

    public Task<ImmutableArray<FactRecord>> MostSalientAsync(
        ClientVisibility visibility, ImmutableArray<string> kinds, int limit, CancellationToken cancellationToken) =>
        store.MostSalientAsync(visibility, kinds, limit, time.GetUtcNow(), cancellationToken);

    public async Task<FactRecord?> FindAsync(Guid factId, ClientVisibility visibility, DateTimeOffset? knownAt, CancellationToken cancellationToken) =>
        (await store.FindAsync(factId, visibility, knownAt, cancellationToken))?.Fact;

    public Task<KnownFact?> FindKnownAsync(Guid factId, ClientVisibility visibility, DateTimeOffset? knownAt, CancellationToken cancellationToken) =>
        store.FindAsync(factId, visibility, knownAt, cancellationToken);

    public Task<FactHistory?> HistoryAsync(Guid factId, ClientVisibility visibility, CancellationToken cancellationToken) =>
        store.HistoryAsync(factId, visibility, cancellationToken);

    public Task<ImmutableArray<FactLink>> LinksAsync(FactLinksRequest request, CancellationToken cancellationToken) =>
        store.LinksAsync(request, time.GetUtcNow(), cancellationToken);
}
