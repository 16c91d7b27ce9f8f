using System.Collections.Immutable;
using Actors.Access;
using Orleans.Concurrency;

namespace Actors.Runs;

/// <summary>See <see cref="IRunQueryGrain"/>.</summary>
[GrainType("run-query"), StatelessWorker(8)]
internal sealed class RunQueryGrain(RunQueryStore store) : Grain, IRunQueryGrain
{
    public Task<RunRecord?> FindAsync(Guid runId, ClientVisibility visibility, CancellationToken cancellationToken) =>
        store.FindAsync(runId, visibility, cancellationToken);

    public Task<RunRecord?> FindByIdentifierAsync(string? clientId, string runIdentifier, ClientVisibility visibility, CancellationToken cancellationToken) =>
        store.FindByIdentifierAsync(clientId, runIdentifier, visibility, cancellationToken);

    public Task<RunPage> ListAsync(RunListRequest request, CancellationToken cancellationToken) => store.ListAsync(request, cancellationToken);

    public Task<ImmutableArray<VarianceGroup>> VarianceAsync(VarianceRequest request, CancellationToken cancellationToken) =>
        store.VarianceAsync(request, cancellationToken);
}
