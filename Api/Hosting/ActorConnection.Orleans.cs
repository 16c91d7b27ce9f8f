using Actors.Access;
using Actors.Postgres;
using Orleans.Configuration;
using Orleans.Dashboard;

namespace Actors.Hosting;

/// <summary>How the API reaches its grains: as a client of the cluster's silos, or with a silo in the same process.</summary>
internal static class ActorConnection
{
    /// <summary>Lines of <c>--help</c>.</summary>
    public const string Usage =
        """

          --single             be a silo too: API and silo in one process
          --silo-port N        with --single: port for other silos (default 11111)
          --gateway-port N     with --single: port for other API processes (default 30000)
        """;

    /// <summary>Settings of this build that have a short name.</summary>
    public static IReadOnlyDictionary<string, string> Keys { get; } = new Dictionary<string, string>
    {
        ["--silo-port"] = "Cluster:SiloPort",
        ["--gateway-port"] = "Cluster:GatewayPort",
    };

    private const string SingleFlag = "--single";

    private static readonly TimeSpan SiloPatience = TimeSpan.FromMinutes(1);

    /// <summary>Flags of this build.</summary>
    public static IReadOnlySet<string> Flags { get; } = new HashSet<string> { SingleFlag };

    /// <summary>Adds the way to the grains. Dispose the result after the host has stopped.</summary>
    /// <exception cref="HostingSettingsException">No database is given, or a setting is out of range.</exception>
    public static Task<IAsyncDisposable> AddActorsAsync(this WebApplicationBuilder builder, CommandLine arguments)
    {
        PostgresStartup.EnsureGiven(builder.Configuration);
        if (arguments.Flags.Contains(SingleFlag))
        {
            builder.AddActorHost();
        }
        else
        {
            builder.AddActorClient();
        }

        return Task.FromResult<IAsyncDisposable>(new Nothing());
    }

    /// <summary>Ends when grains can be asked, for what is hosted after them: at once in a silo, else when one has answered.</summary>
    /// <exception cref="NotHostedException">No silo has answered for a minute.</exception>
    public static async Task UntilHostedAsync(IServiceProvider services, CancellationToken cancellationToken)
    {
        if (services.GetService<SiloWatch>() is not { } watch)
        {
            return;
        }

        try
        {
            await watch.FirstAnswer.WaitAsync(SiloPatience, services.GetRequiredService<TimeProvider>(), cancellationToken);
        }
        catch (TimeoutException)
        {
            throw new NotHostedException($"No silo has answered for {SiloPatience.TotalSeconds} s.");
        }
    }

    /// <summary>What requests pass on their way to grains.</summary>
    public static void UseActors(this WebApplication app) => app.UseMiddleware<RepeatedRequests>();

    /// <summary>Pages about the grains' host: Orleans' dashboard, for admins, since it shows clients' ids.</summary>
    public static void MapActors(this WebApplication app) => app.MapOrleansDashboard("/dashboard").RequireAdmin().IsBrowserPage();

    /// <summary>Whether a failed call surely did nothing. A message that was rejected may have been sent before.</summary>
    public static bool NeverRan(Exception failure) => failure is LimitExceededException;

    private static void AddActorClient(this WebApplicationBuilder builder)
    {
        var settings = ClusterSettings.Read(builder.Configuration);
        var limits = SiloLimits.Read(builder.Configuration);
        var database = OrleansStore.OfClient(builder.Configuration.GetConnectionString("Postgres")!);
        var services = builder.Services;
        var hosted = services.Count(IsHosted);
        services.AddOrleansClient(builder.Configuration, client =>
        {
            client.Services.AddGrainContract();
            client.Configure<ClusterOptions>(cluster => (cluster.ClusterId, cluster.ServiceId) = (settings.ClusterId, settings.ServiceId));
            client.UseAdoNetClustering(store => (store.Invariant, store.ConnectionString) = (OrleansStore.Invariant, database.ConnectionString));
            client.Configure<ClientMessagingOptions>(messaging => messaging.ResponseTimeout = limits.ResponseTimeout);
            // One row a silo is read so often; by it connections to silos that were declared dead are closed.
            client.Configure<GatewayOptions>(gateways => gateways.GatewayListRefreshPeriod = TimeSpan.FromSeconds(2));
            client.AddOutgoingGrainCallFilter<SiloCalls>();
            client.AddDashboard(dashboard => dashboard.HideTrace = true);
            if (Telemetry.IsExported(builder.Configuration))
            {
                client.AddActivityPropagation();
            }
        });

        // Orleans' own start would keep the process from serving until a silo is there.
        foreach (var start in services.Where(IsHosted).Skip(hosted).ToList())
        {
            services.Remove(start);
        }

        services.AddSingleton(TimeProvider.System);
        services.AddSingleton<SiloWatch>();
        services.AddSingleton(provider => SiloGrainFactory.Create(
            provider.GetRequiredService<IClusterClient>(), provider.GetRequiredService<SiloWatch>()));
        services.AddSingleton<ConnectionEvents>();
        services.AddSingleton<IClientConnectionRetryFilter>(provider => provider.GetRequiredService<ConnectionEvents>());
        services.AddSingleton<IClusterConnectionStatusObserver>(provider => provider.GetRequiredService<ConnectionEvents>());
        services.AddHostedService<SiloConnection>();
        services.AddHealthChecks().AddCheck<SilosHealthCheck>("silos", tags: ["ready"]);
    }

    private static bool IsHosted(ServiceDescriptor service) => service.ServiceType == typeof(IHostedService);

    private sealed class Nothing : IAsyncDisposable
    {
        public ValueTask DisposeAsync() => ValueTask.CompletedTask;
    }
}
