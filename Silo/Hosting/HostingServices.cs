using Actors.Migrations;
using Actors.Storage;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Actors.Hosting;

/// <summary>What both kinds of host start before their grains.</summary>
internal static class HostingServices
{
    public static IServiceCollection AddHostLock(this IServiceCollection services, HostLockMode mode)
    {
        services.TryAddSingleton<WriteGate>();
        return services.AddHostedService(provider => new HostLock(
            provider.GetRequiredService<IConfiguration>().GetConnectionString("Postgres")
                ?? throw new InvalidOperationException("No connection string 'Postgres' is configured."),
            mode,
            provider.GetRequiredService<WriteGate>(),
            provider.GetRequiredService<TimeProvider>(),
            provider.GetRequiredService<ILogger<HostLock>>()));
    }

    public static IServiceCollection AddMigrations(this IServiceCollection services)
    {
        services.TryAddSingleton<MigrationRunner>();
        services.TryAddSingleton<ChangeFeedEpoch>();
        return services.AddHostedService<MigrationAtStart>();
    }

    /// <summary>What runs beside the grains of a silo: the listener for changes, the way to Valkey, the refresh of shared facts and of vectors, and the sweepers' reminders.</summary>
    public static IServiceCollection AddGrainStart(this IServiceCollection services) => services
        .AddSingleton<ChangeListenerMetrics>().AddHostedService<ChangeListener>()
        .AddHostedService<ValkeyUpkeep>()
        .AddHostedService<SharedFactsRefresh>()
        .AddHostedService<FreshVectorsRefresh>()
        .AddHostedService<OldestTransactionSampling>()
        .AddHostedService<SweepersAtStart>();

    private sealed class MigrationAtStart(MigrationRunner runner, ChangeFeedEpoch epoch) : IHostedService
    {
        public async Task StartAsync(CancellationToken cancellationToken)
        {
            await runner.ApplyAsync(cancellationToken);
            await epoch.CheckAsync(cancellationToken);
        }

        public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
    }
}
