using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace Actors.Hosting;

/// <summary>Whether a silo answers.</summary>
internal sealed class SilosHealthCheck(SiloWatch watch) : IHealthCheck
{
    public Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default) =>
        Task.FromResult(watch.IsAnswering ? HealthCheckResult.Healthy() : HealthCheckResult.Unhealthy("No silo answers."));
}
