using Actors.Storage;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Npgsql;

namespace Actors.Hosting;

/// <summary>Whether Postgres answers.</summary>
internal sealed class PostgresHealthCheck(Database database) : IHealthCheck
{
    public async Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default)
    {
        try
        {
            await database.ReadAsync(
                async connection =>
                {
                    await using var probe = new NpgsqlCommand("select 1", connection);
                    return await probe.ExecuteScalarAsync(cancellationToken);
                },
                cancellationToken);
            return HealthCheckResult.Healthy();
        }
        catch (StorageUnavailableException failure)
        {
            return HealthCheckResult.Unhealthy(failure.Message);
        }
    }
}

/// <summary>Whether this host may write: it holds its lock on the database.</summary>
internal sealed class WritesHealthCheck(WriteGate gate) : IHealthCheck
{
    public Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default)
    {
        try
        {
            gate.EnsureOpen();
            return Task.FromResult(HealthCheckResult.Healthy());
        }
        catch (WritesSuspendedException failure)
        {
            return Task.FromResult(HealthCheckResult.Unhealthy(failure.Message));
        }
    }
}
