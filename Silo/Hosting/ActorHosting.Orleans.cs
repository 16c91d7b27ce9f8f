using System.Net;
using Actors.Storage;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Orleans.Configuration;
using Orleans.Dashboard;
using Orleans.Hosting;
using Orleans.Runtime;
using Orleans.Serialization;

namespace Actors.Hosting;

/// <summary>Hosts the grains in this process.</summary>
public static class ActorHosting
{
    /// <summary>
    /// Adds the grains, their services and an Orleans silo, which joins the cluster of the same database. Limits may be set
    /// in the configuration sections <c>Cluster</c> (<see cref="ClusterSettings"/>) and <c>Actors</c> (<see cref="SiloLimits"/>).
    /// </summary>
    public static IHostApplicationBuilder AddActorHost(this IHostApplicationBuilder builder)
    {
        ArgumentNullException.ThrowIfNull(builder);
        var settings = ClusterSettings.Read(builder.Configuration);
        var address = settings.Resolve();
        var database = OrleansStore.OfSilo(builder.Configuration.GetConnectionString("Postgres")!);
        var services = builder.Services;
        services.AddGrainServices();
        services.AddSingleton(provider => HostIdentityOf(provider.GetRequiredService<ILocalSiloDetails>()));
        // What runs is finished and what is hot moves on before the process ends.
        services.Configure<HostOptions>(options => options.ShutdownTimeout = TimeSpan.FromSeconds(60));

        // Started in this order and stopped in the reverse one: a silo joins only once its database is whole, and the lock
        // is held until the last grain has written.
        services.AddHostLock(HostLockMode.Shared);
        services.AddMigrations();
        services.AddHostedService<OrleansTablesCheck>();
        builder.UseOrleans(silo =>
        {
            silo.AddGrainContract();
            silo.Configure<ClusterOptions>(cluster => (cluster.ClusterId, cluster.ServiceId) = (settings.ClusterId, settings.ServiceId));
            silo.Configure<EndpointOptions>(endpoints =>
            {
                endpoints.AdvertisedIPAddress = address;
                (endpoints.SiloPort, endpoints.GatewayPort) = (settings.SiloPort, settings.GatewayPort);
                endpoints.SiloListeningEndpoint = new IPEndPoint(settings.ListenAt(address), settings.SiloPort);
                endpoints.GatewayListeningEndpoint = new IPEndPoint(settings.ListenAt(address), settings.GatewayPort);
            });
            silo.UseAdoNetClustering(store => (store.Invariant, store.ConnectionString) = (OrleansStore.Invariant, database.ConnectionString));
            silo.UseAdoNetReminderService(store => (store.Invariant, store.ConnectionString) = (OrleansStore.Invariant, database.ConnectionString));
            // Only what can be rebuilt: everything else is in tables of our own, which both hosts share.
            silo.AddAdoNetGrainStorage("store", store => (store.Invariant, store.ConnectionString) = (OrleansStore.Invariant, database.ConnectionString));
            silo.ConfigureMembership(settings);
            silo.ConfigureLimits(SiloLimits.Read(builder.Configuration));
            // Its page is mapped by API processes. The live log is not for it: it would show other parts' logs.
            silo.AddDashboard(dashboard => dashboard.HideTrace = true);
            if (Telemetry.IsExported(builder.Configuration))
            {
                silo.AddActivityPropagation();
            }
        });
        services.AddGrainStart();
        return builder;
    }

    /// <summary>What silos and their clients must agree on to understand each other.</summary>
    internal static void AddGrainContract(this ISiloBuilder silo) => silo.Services.AddGrainContract();

    /// <inheritdoc cref="AddGrainContract(ISiloBuilder)"/>
    internal static void AddGrainContract(this IServiceCollection services) =>
        // An exception that is none of the contract's keeps its type and message, so that logs tell what happened.
        services.Configure<ExceptionSerializationOptions>(exceptions =>
        {
            exceptions.SupportedNamespacePrefixes.Add("Actors");
            exceptions.SupportedNamespacePrefixes.Add("Npgsql");
        });

    // A silo that dies is declared dead after about MissedProbes * ProbeTimeout. By default Orleans waits longer, up to four
    // times that, while a connection to the silo has been in use a moment ago.
    private static void ConfigureMembership(this ISiloBuilder silo, ClusterSettings settings) => silo.Configure<ClusterMembershipOptions>(membership =>
    {
        membership.ProbeTimeout = settings.ProbeTimeout;
        membership.MinProbeTimeout = settings.ProbeTimeout / 2;
        membership.MaxProbeTimeout = settings.ProbeTimeout * 1.5;
        membership.NumMissedProbesLimit = settings.MissedProbes;
        membership.TableRefreshTimeout = TimeSpan.FromSeconds(10);
        // A row that was not renewed for three of these does not hold up a start, as after a power cut.
        membership.IAmAliveTablePublishTimeout = TimeSpan.FromSeconds(5);
        membership.DefunctSiloExpiration = TimeSpan.FromDays(1);
    });

    private static void ConfigureLimits(this ISiloBuilder silo, SiloLimits limits)
    {
        silo.Configure<SiloMessagingOptions>(messaging =>
        {
            messaging.ResponseTimeout = limits.ResponseTimeout;
            messaging.MaxEnqueuedRequestsHardLimit = limits.MaxQueuedRequests;
            // Two, the default, is too few while a grain moves under load: calls are refused that could be served.
            messaging.MaxForwardCount = 20;
        });
        silo.Configure<GrainCollectionOptions>(collection => collection.CollectionAge = limits.CollectionAge);
        silo.Configure<ReminderOptions>(reminders => reminders.MinimumReminderPeriod = limits.MinimumReminderPeriod);
    }

    private static HostIdentity HostIdentityOf(ILocalSiloDetails silo) => new(string.Join(
        '|', silo.ClusterId, silo.SiloAddress.Endpoint.Address, silo.SiloAddress.Endpoint.Port, silo.SiloAddress.Generation));
}
