using Orleans.Concurrency;

namespace Actors.Hosting;

/// <summary>See <see cref="IHealthGrain"/>.</summary>
[GrainType("health"), StatelessWorker(2)]
internal sealed class HealthGrain(DependencyReport report) : Grain, IHealthGrain
{
    public Task<HealthReport> ReadAsync(CancellationToken cancellationToken) => report.ReadAsync(cancellationToken);
}
