using System.Collections.Immutable;
using Orleans.Concurrency;

namespace Actors.Clients;

/// <summary>See <see cref="IErasureQueryGrain"/>.</summary>
[GrainType("erasure-query"), StatelessWorker(2)]
internal sealed class ErasureQueryGrain(ErasureStore store) : Grain, IErasureQueryGrain
{
    public Task<ImmutableArray<ErasureReceipt>> ListAsync(string clientId, CancellationToken cancellationToken) =>
        store.ListAsync(clientId, IErasureQueryGrain.MaxListed, cancellationToken);
}
