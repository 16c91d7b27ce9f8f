using Orleans.Concurrency;

namespace Actors.Access;

/// <summary>See <see cref="IAccessQueryGrain"/>.</summary>
[GrainType("access-query"), StatelessWorker(8)]
internal sealed class AccessQueryGrain(AccessQueryStore store) : Grain, IAccessQueryGrain
{
    public Task<KeySnapshot?> ReadIfChangedAsync(long? knownVersion, CancellationToken cancellationToken) =>
        store.ReadIfChangedAsync(knownVersion, cancellationToken);

    public Task<KeyPage> ListAsync(int limit, Guid? after, CancellationToken cancellationToken) =>
        store.ListAsync(limit, after, cancellationToken);

    public Task<KeyRecord?> FindAsync(Guid keyId, CancellationToken cancellationToken) => store.FindAsync(keyId, cancellationToken);
}
