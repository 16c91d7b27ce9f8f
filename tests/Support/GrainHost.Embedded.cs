using Actors.Caching;
using Actors.Hosting;
using Actors.Sessions;
using Actors.Storage;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Actors.Support;

/// <summary>The grains in this process, on a database: everything the service has but HTTP.</summary>
public sealed class GrainHost : IAsyncDisposable
{
    private readonly IHost _host;

    private GrainHost(IHost host) => _host = host;

    public IGrainFactory Grains => _host.Services.GetRequiredService<IGrainFactory>();

    /// <summary>What sessions hold in memory, of each process.</summary>
    internal IReadOnlyList<HotMemory> HotMemories => [_host.Services.GetRequiredService<HotMemory>()];

    /// <summary>Which activations hold rows of which clients, of each process.</summary>
    internal IReadOnlyList<HotClients> HotClients => [_host.Services.GetRequiredService<HotClients>()];

    /// <summary>The way to the cache beyond activations, of each process.</summary>
    internal IReadOnlyList<ISharedCache> Caches => [_host.Services.GetRequiredService<ISharedCache>()];

    /// <param name="database">Where the rows are.</param>
    /// <param name="time">The clock of the grains; null: the system's.</param>
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
        var builder = Host.CreateEmptyApplicationBuilder(new HostApplicationBuilderSettings());
        builder.Logging.SetMinimumLevel(LogLevel.Warning);
        builder.Configuration["ConnectionStrings:Postgres"] = database.ConnectionString;
        foreach (var (key, value) in settings)
        {
            builder.Configuration[key] = value;
        }

        if (silo is not null)
        {
            builder.Services.AddSingleton(silo);
        }

        if (time is not null)
        {
            builder.Services.AddSingleton(time);
        }

        builder.AddActorHost();
        replace?.Invoke(builder.Services);
        var host = builder.Build();
        await host.StartAsync();
        return new GrainHost(host);
    }

    /// <summary>Nothing to do: one process has what it wrote at once.</summary>
#pragma warning disable CA1822 // The same members as on silos.
    public Task RefreshSharedFactsAsync() => Task.CompletedTask;
#pragma warning restore CA1822

    public async ValueTask DisposeAsync()
    {
        await _host.StopAsync();
        _host.Dispose();
    }
}
