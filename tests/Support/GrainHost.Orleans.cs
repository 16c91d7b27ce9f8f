using Actors.Caching;
using Actors.Facts;
using Actors.Hosting;
using Actors.Sessions;
using Actors.Storage;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Orleans.Configuration;
using Orleans.TestingHost;

namespace Actors.Support;

/// <summary>The grains on two silos in this process, on a database: everything the service has but HTTP. Calls come from a client of the two.</summary>
public sealed class GrainHost : IAsyncDisposable
{
    private const int Silos = 2;

    private readonly InProcessTestCluster _cluster;

    private GrainHost(InProcessTestCluster cluster) => _cluster = cluster;

    public IGrainFactory Grains => _cluster.Client;

    /// <summary>What sessions hold in memory, of each silo.</summary>
    internal IReadOnlyList<HotMemory> HotMemories =>
        [.. _cluster.Silos.Select(silo => _cluster.GetSiloServiceProvider(silo.SiloAddress).GetRequiredService<HotMemory>())];

    /// <summary>Which activations hold rows of which clients, of each silo.</summary>
    internal IReadOnlyList<HotClients> HotClients =>
        [.. _cluster.Silos.Select(silo => _cluster.GetSiloServiceProvider(silo.SiloAddress).GetRequiredService<HotClients>())];

    /// <summary>The way to the cache beyond activations, of each silo.</summary>
    internal IReadOnlyList<ISharedCache> Caches =>
        [.. _cluster.Silos.Select(silo => _cluster.GetSiloServiceProvider(silo.SiloAddress).GetRequiredService<ISharedCache>())];

    /// <param name="database">Where the rows are.</param>
    /// <param name="time">The clock of the grains, not of the silos; null: the system's.</param>
    /// <param name="settings">Configuration, for example <c>("Sessions:MaxHotEvents", "10")</c>.</param>
    public static Task<GrainHost> StartAsync(TestDatabase database, TimeProvider? time = null, params (string Key, string Value)[] settings) =>
        StartAsync(database, null, null, time, settings);

    /// <summary>The same with services that take the place of those the service has.</summary>
    internal static Task<GrainHost> StartAsync(
        TestDatabase database, Action<IServiceCollection> replace, TimeProvider? time = null, params (string Key, string Value)[] settings) =>
        StartAsync(database, null, replace, time, settings);

    /// <summary>The same as a silo of a cluster, as far as Postgres can tell.</summary>
    internal static Task<GrainHost> StartAsync(
        TestDatabase database, HostIdentity? silo, TimeProvider? time = null, params (string Key, string Value)[] settings) =>
        StartAsync(database, silo, null, time, settings);

    private static async Task<GrainHost> StartAsync(
        TestDatabase database, HostIdentity? silo, Action<IServiceCollection>? replace, TimeProvider? time, (string Key, string Value)[] settings)
    {
        var builder = new InProcessTestClusterBuilder(Silos);
        builder.ConfigureSiloHost((_, host) =>
        {
            host.Logging.SetMinimumLevel(LogLevel.Error);
            host.Configuration["ConnectionStrings:Postgres"] = database.ConnectionString;
            foreach (var (key, value) in settings)
            {
                host.Configuration[key] = value;
            }

            if (silo is not null)
            {
                host.Services.AddSingleton(silo);
            }

            if (time is not null)
            {
                host.Services.AddSingleton(time);
                // Silos themselves go by the system's clock, or nothing of theirs would ever be due.
                host.Services.AddKeyedSingleton(KeyedService.AnyKey, TimeProvider.System);
            }

            host.Services.AddGrainServices();
            replace?.Invoke(host.Services);
            host.UseOrleans(orleans =>
            {
                orleans.AddGrainContract();
                orleans.UseInMemoryReminderService();
                // As in the service.
                orleans.Configure<SiloMessagingOptions>(messaging => messaging.MaxForwardCount = 20);
            });
            host.Services.AddGrainStart();
        });
        builder.ConfigureClientHost(client => client.Services.AddGrainContract());
        var cluster = builder.Build();
        await cluster.DeployAsync();
        return new GrainHost(cluster);
    }

    /// <summary>Has every silo look for shared facts that it did not write itself, as each does twice a second; the one that wrote has them at once.</summary>
    public Task RefreshSharedFactsAsync() => Task.WhenAll(_cluster.Silos.Select(silo =>
        _cluster.GetSiloServiceProvider(silo.SiloAddress).GetRequiredService<SharedFacts>().RefreshAsync(CancellationToken.None)));

    public async ValueTask DisposeAsync()
    {
        await _cluster.StopAllSilosAsync();
        await _cluster.DisposeAsync();
    }
}
