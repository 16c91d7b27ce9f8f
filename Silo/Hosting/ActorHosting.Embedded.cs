using Actors.Embedded;
using Actors.Migrations;
using Actors.Storage;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace Actors.Hosting;

/// <summary>Hosts the grains in this process.</summary>
public static class ActorHosting
{
    /// <summary>
    /// Adds the grains, their services and the single-process host. Limits may be set in the configuration section
    /// <c>Actors</c> by the names of <see cref="EmbeddedActorOptions"/>.
    /// </summary>
    public static IHostApplicationBuilder AddActorHost(this IHostApplicationBuilder builder)
    {
        ArgumentNullException.ThrowIfNull(builder);
        var services = builder.Services;
        services.AddGrainServices();
        services.AddSingleton<IReminderTable, PostgresReminderTable>();
        services.AddSingleton<IGrainStateTable, PostgresGrainStateTable>();
        // Requests first, then DrainTimeout and DeactivationTimeout at their worst; usually all of it takes a moment.
        services.Configure<HostOptions>(options => options.ShutdownTimeout = TimeSpan.FromSeconds(60));
        services.AddOptions<EmbeddedActorOptions>().BindConfiguration("Actors");

        // Started in this order and stopped in the reverse one: only who holds the lock migrates, only a migrated
        // database gets grains, and the lock is held until the last grain has written.
        services.AddHostLock(HostLockMode.Exclusive);
        services.AddMigrations();
        services.AddEmbeddedActors(options => options.GrainAssemblies.Add(typeof(Database).Assembly));
        services.AddGrainStart();
        return builder;
    }
}
