using Actors.Embedded;
using Actors.Hosting.Tests.Grains;
using Actors.Storage;
using Actors.Support;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Npgsql;

namespace Actors.Hosting.Tests;

/// <summary>A running host with the grains of this assembly and a clock that the test moves.</summary>
public sealed class ActorHostFixture : IAsyncLifetime
{
    private readonly ActorHostSettings _settings;
    private readonly IHost _host;
    private readonly LogSignals _logs = new();

    public ActorHostFixture()
        : this(new ActorHostSettings())
    {
    }

    private ActorHostFixture(ActorHostSettings settings)
    {
        _settings = settings;
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
            options.ActivationTimeout = settings.ActivationTimeout ?? options.ActivationTimeout;
            options.DeactivationTimeout = settings.ActivationTimeout ?? options.DeactivationTimeout;
            options.CollectionAge = settings.CollectionAge ?? options.CollectionAge;
            options.MaxQueuedRequests = settings.MaxQueuedRequests ?? options.MaxQueuedRequests;
        });
        _host = builder.Build();
    }

    /// <summary>Whether reminders outlive the host.</summary>
    public static bool RemindersLast => true;

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

    /// <summary>The same, and waits for what must come of it.</summary>
    public Task PassAsync(TimeSpan time, Task happened)
    {
        Clock.Advance(time);
        return happened;
    }

    /// <summary>Lets the collection age pass until a certain activation is gone, and with it whatever is idle.</summary>
    public Task CollectIdleAsync(Task gone)
    {
        Clock.Advance(new EmbeddedActorOptions().CollectionAge + TimeSpan.FromMinutes(1));
        return gone;
    }

    /// <summary>Writes the note of a <see cref="StateGrain"/> behind its back.</summary>
    public async Task WriteNoteElsewhereAsync(string key, string text)
    {
        await using var write = _settings.Database!.DataSource.CreateCommand("""
            insert into embedded_grain_state (grain_id, state_name, payload)
            values ('test-state/' || $1, 'note', jsonb_build_object('Text', $2))
            on conflict (grain_id, state_name) do update
            set payload = excluded.payload, version = embedded_grain_state.version + 1
            """);
        write.Parameters.Add(new NpgsqlParameter<string> { TypedValue = key });
        write.Parameters.Add(new NpgsqlParameter<string> { TypedValue = text });
        Assert.Equal(1, await write.ExecuteNonQueryAsync(TestContext.Current.CancellationToken));
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
