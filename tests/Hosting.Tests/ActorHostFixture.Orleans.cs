using Actors.Hosting.Tests.Grains;
using Actors.Support;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Orleans.Configuration;
using Orleans.Reminders;
using Orleans.Storage;
using Orleans.TestingHost;

namespace Actors.Hosting.Tests;

/// <summary>
/// Two silos in this process with the grains of this assembly, called by a client of theirs, and a clock that the test moves. The
/// clock drives grain timers, reminders and the time limits of calls. Orleans 10.4.2 takes no clock for the limits of activations and
/// deactivations, the age of idle activations and of requests in a queue: these go by the system's.
/// </summary>
public sealed class ActorHostFixture : IAsyncLifetime
{
    private const int Silos = 2;
    private static readonly TimeSpan Creep = TimeSpan.FromMilliseconds(1);

    private readonly ActorHostSettings _settings;
    private readonly InProcessTestCluster _cluster;
    private TimeSpan _crept;

    public ActorHostFixture()
        : this(new ActorHostSettings())
    {
    }

    private ActorHostFixture(ActorHostSettings settings)
    {
        _settings = settings;
        Clock = settings.Clock ?? new ManualTimeProvider();
        var builder = new InProcessTestClusterBuilder(Silos);
        // Reminders belong to a service: it must be the same after a restart.
        builder.Options.ServiceId = "tests";
        builder.Options.ConfigureFileLogging = false;
        builder.ConfigureSiloHost((_, silo) =>
        {
            silo.Logging.SetMinimumLevel(LogLevel.Critical);
            AddClock(silo.Services);
            silo.Services.AddGrainContract();
            silo.UseOrleans(orleans =>
            {
                Limit(orleans);
                AddStores(orleans);
            });
        });
        builder.ConfigureClientHost(client =>
        {
            client.Services.AddGrainContract();
            client.Services.AddKeyedSingleton<TimeProvider>(TimeProviderNames.Messaging, Clock);
        });
        _cluster = builder.Build();
    }

    /// <summary>Whether reminders outlive the silos.</summary>
    public static bool RemindersLast => HostTables.Scripts is not null;

    public ManualTimeProvider Clock { get; }

    public IGrainFactory Grains => _cluster.Client;

    public static async Task<ActorHostFixture> StartAsync(ActorHostSettings settings)
    {
        var fixture = new ActorHostFixture(settings);
        await fixture.InitializeAsync();
        return fixture;
    }

    public async ValueTask InitializeAsync()
    {
        await _cluster.DeployAsync();
        // Until the silos know of each other both may think that a grain's reminders are theirs.
        await _cluster.WaitForLivenessToStabilizeAsync();
    }

    /// <summary>Stops both silos at once; the client stays.</summary>
    public Task StopAsync(CancellationToken cancellationToken = default) =>
        Task.WhenAll(_cluster.Silos.Select(silo => silo.StopSiloAsync(cancellationToken)));

    /// <summary>Lets so much time pass for the grains and their timers.</summary>
    public Task PassAsync(TimeSpan time)
    {
        Clock.Advance(time - _crept);
        _crept = TimeSpan.Zero;
        return Task.CompletedTask;
    }

    /// <summary>
    /// The same, and waits for what must come of it. Reminders come milliseconds late (<see cref="LateTimers"/>, and one more
    /// when Orleans finds them due already), so the clock creeps on meanwhile, never faster than grains answer. What it has crept
    /// is taken off the time that passes next, or a reminder set late would be due before it and come a period later.
    /// </summary>
    public async Task PassAsync(TimeSpan time, Task happened)
    {
        await PassAsync(time);
        var probe = Grains.GetGrain<ICallGrain>(Stage.NewKey());
        while (!happened.IsCompleted)
        {
            await probe.NumberAsync();
            Clock.Advance(Creep);
            _crept += Creep;
        }

        await happened;
    }

    /// <summary>
    /// Deactivates what is idle until a certain activation is gone. The request itself asks for no age: a grain is idle here as
    /// soon as it has nothing to do and has not put off its deactivation.
    /// </summary>
    public async Task CollectIdleAsync(Task gone)
    {
        while (!gone.IsCompleted)
        {
            await Grains.GetGrain<IManagementGrain>(0).ForceActivationCollection(TimeSpan.Zero);
        }

        await gone;
    }

    /// <summary>Writes the note of a <see cref="StateGrain"/> behind its back.</summary>
    public async Task WriteNoteElsewhereAsync(string key, string text)
    {
        var store = _cluster.GetSiloServiceProvider().GetRequiredKeyedService<IGrainStorage>("store");
        var grain = Grains.GetGrain<IStateGrain>(key).GetGrainId();
        var note = new GrainState<NoteState>(new NoteState());
        await store.ReadStateAsync("note", grain, note);
        note.State!.Text = text;
        await store.WriteStateAsync("note", grain, note);
    }

    public async ValueTask DisposeAsync()
    {
        // Not in order: a silo would wait half a minute for a turn that never ends.
        await Task.WhenAll(_cluster.Silos.Select(_cluster.KillSiloAsync));
        await _cluster.StopAllSilosAsync();
        await _cluster.DisposeAsync();
    }

    // What silos do by themselves goes by the system's clock, or nothing of it would ever be due.
    private void AddClock(IServiceCollection services)
    {
        services.AddSingleton<TimeProvider>(Clock);
        services.AddKeyedSingleton(KeyedService.AnyKey, TimeProvider.System);
        services.AddKeyedSingleton<TimeProvider>(TimeProviderNames.Grains, Clock);
        services.AddKeyedSingleton<TimeProvider>(TimeProviderNames.Messaging, Clock);
        services.AddKeyedSingleton<TimeProvider>(ReminderTimeProviderNames.Reminders, new LateTimers(Clock));
    }

    // As in the service, where its tables can be had.
    private void AddStores(ISiloBuilder silo)
    {
        if (RemindersLast && _settings.Database is { } database)
        {
            var own = OrleansStore.OfSilo(database.ConnectionString);
            silo.UseAdoNetReminderService(store => (store.Invariant, store.ConnectionString) = (OrleansStore.Invariant, own.ConnectionString));
            silo.AddAdoNetGrainStorage("store", store => (store.Invariant, store.ConnectionString) = (OrleansStore.Invariant, own.ConnectionString));
        }
        else
        {
            silo.UseInMemoryReminderService();
            silo.AddMemoryGrainStorage("store");
        }
    }

    private void Limit(ISiloBuilder silo)
    {
        silo.Configure<SiloMessagingOptions>(messaging =>
        {
            messaging.MaxEnqueuedRequestsHardLimit = _settings.MaxQueuedRequests ?? messaging.MaxEnqueuedRequestsHardLimit;
            // As in the service.
            messaging.MaxForwardCount = 20;
        });
        silo.Configure<ReminderOptions>(reminders =>
        {
            reminders.RefreshReminderListPeriod = TimeSpan.FromMinutes(1);
            // A clock that jumps over a whole window would jump over the reminders in it.
            reminders.ReminderLoadingWindow = TimeSpan.FromDays(1);
        });
        silo.Configure<GrainCollectionOptions>(activations =>
        {
            activations.ActivationTimeout = _settings.ActivationTimeout ?? activations.ActivationTimeout;
            activations.DeactivationTimeout = _settings.ActivationTimeout ?? activations.DeactivationTimeout;
        });
    }
}
