using Actors.Embedded;
using Actors.Hosting.Tests.Grains;
using Actors.Storage;
using Actors.Support;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Actors.Hosting.Tests;

/// <summary>A running host with the grains of this assembly and a clock that the test moves.</summary>
public sealed class ActorHostFixture : IAsyncLifetime
{
    private readonly IHost _host;
    private readonly LogSignals _logs = new();

    public ActorHostFixture()
        : this(new ActorHostSettings())
    {
    }

    private ActorHostFixture(ActorHostSettings settings)
    {
        Clock = settings.Clock ?? new ManualTimeProvider();
        var builder = Host.CreateEmptyApplicationBuilder(null);
        var services = builder.Services;
        builder.Logging.AddProvider(_logs);
        services.AddSingleton<TimeProvider>(Clock);
        if (settings.Database is { } database)
        {
            builder.Configuration["ConnectionStrings:Postgres"] = database.ConnectionString;
            services.AddSingleton(database.DataSource);
            services.AddSingleton<IReminderTable, PostgresReminderTable>();
            services.AddSingleton<IGrainStateTable, PostgresGrainStateTable>();
            services.AddHostLock(HostLockMode.Exclusive);
            services.AddMigrations();
        }

        services.AddEmbeddedActors(options =>
        {
            options.GrainAssemblies.Add(typeof(TurnGrain).Assembly);
            options.CollectionAge = settings.CollectionAge ?? options.CollectionAge;
            options.MaxQueuedRequests = settings.MaxQueuedRequests ?? options.MaxQueuedRequests;
        });
        _host = builder.Build();
    }

    public ManualTimeProvider Clock { get; }

    public IGrainFactory Grains => _host.Services.GetRequiredService<IGrainFactory>();

    public WriteGate WriteGate => _host.Services.GetRequiredService<WriteGate>();

    public IServiceProvider Services => _host.Services;

    public static async Task<ActorHostFixture> StartAsync(ActorHostSettings settings)
    {
        var fixture = new ActorHostFixture(settings);
        await fixture.InitializeAsync();
        return fixture;
    }

    public async ValueTask InitializeAsync() => await _host.StartAsync();

    public Task StopAsync(CancellationToken cancellationToken = default) => _host.StopAsync(cancellationToken);

    /// <summary>Lets so much time pass for the host and its grains.</summary>
    public Task PassAsync(TimeSpan time)
    {
        Clock.Advance(time);
        return Task.CompletedTask;
    }

    /// <summary>Ends when the host has logged the event so many times. Fails after 30 s.</summary>
    public Task WhenLoggedAsync(string eventName, int count = 1) => _logs.Stage.WhenAsync(eventName, count);

    public int CountLogged(string eventName) => _logs.Stage.Count(eventName);

    public async ValueTask DisposeAsync()
    {
        await _host.StopAsync();
        _host.Dispose();
        _logs.Dispose();
    }
}
