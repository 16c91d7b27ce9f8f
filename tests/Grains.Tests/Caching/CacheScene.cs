using System.Diagnostics.Metrics;
using Actors.Caching;
using Actors.Facts;
using Actors.Sessions;
using Actors.Sessions.Recall;
using Actors.Support;
using Actors.Zep;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;

namespace Actors.Grains.Tests.Caching;

/// <summary>The way of a process to a server of the test's own, on a clock of the test's own.</summary>
internal sealed class CacheScene : IAsyncDisposable
{
    private readonly ServiceProvider _services = new ServiceCollection().AddMetrics().BuildServiceProvider();
    private readonly ValkeyQueue _queue;
    private readonly CancellationTokenSource _stop = new();
    private Task _sending = Task.CompletedTask;

    private CacheScene(ValkeyServer server, ValkeyOptions options)
    {
        (Server, Options) = (server, options);
        options.Address = server.Address;
        var settings = Microsoft.Extensions.Options.Options.Create(options);
        var metrics = new CacheMetrics(_services.GetRequiredService<IMeterFactory>());
        Connection = new ValkeyConnection(settings, Time, metrics, NullLogger<ValkeyConnection>.Instance);
        _queue = new ValkeyQueue(Connection, settings, metrics);
        Cache = new ValkeyCache(Connection, _queue, settings, Time, metrics);
    }

    public static CacheKind<CachedAnswer> Answers { get; } = CachedMemories.Answers(new RankingOptions(), new SessionOptions(), new SharedFactsOptions(), new ZepOptions());

    public ValkeyServer Server { get; }

    public ValkeyOptions Options { get; }

    public ManualTimeProvider Time { get; } = new();

    public ValkeyConnection Connection { get; }

    public ValkeyCache Cache { get; }

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    public static async Task<CacheScene> StartAsync(Action<ValkeyOptions>? configure = null, params string[] settings)
    {
        var options = new ValkeyOptions();
        configure?.Invoke(options);
        var scene = new CacheScene(await ValkeyServer.StartAsync(settings), options);
        await scene.Connection.LookAsync(Stop);
        return scene;
    }

    /// <summary>Has what is to be kept sent from now on.</summary>
    public void Send() => _sending = _queue.RunAsync(_stop.Token);

    public static CachedEvent Event(string client = "1", Guid? id = null, string content = "The kettle is red") => new(
        CachedMemories.Format, 1, 0,
        new EventRecord(
            id ?? Guid.CreateVersion7(), client, content, MemoryType.Event, MemoryScope.User, 0.5, "{}", null, null, null, DateTimeOffset.UnixEpoch,
            DateTimeOffset.UnixEpoch, null, null));

    public static CachedAnswer Answer(string client = "1") => new(
        7, 0, DateTimeOffset.UnixEpoch, 3, DateTimeOffset.UnixEpoch.AddTicks(12_345_670), [new RecallHit(Event(client).Event, null, 0.1 + 0.2, ["kettle"], 1 / 3.0, RecallReasons.Date | RecallReasons.Speaker)], []);

    public async Task<bool> StoreAsync(CachedEvent memory) =>
        (await Cache.StoreAsync(CachedMemories.Events, memory.Event.ClientId, [(memory.Event.Id.ToString(), memory)])) is [true];

    public ValueTask<CachedEvent?> FindAsync(CachedEvent memory) =>
        Cache.FindAsync(CachedMemories.Events, memory.Event.ClientId, memory.Event.Id.ToString(), Stop);

    /// <summary>Lets time pass, and Valkey be looked at, until something holds. Fails after 30 s of the system's clock.</summary>
    public async Task LookUntilAsync(Func<bool> holds)
    {
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        while (!holds())
        {
            limit.Token.ThrowIfCancellationRequested();
            Time.Advance(TimeSpan.FromSeconds(2));
            var look = Connection.LookAsync(Stop);
            using var tick = new PeriodicTimer(TimeSpan.FromMilliseconds(20));
            // It may have to connect before it asks: who asks a server that does not answer is given time to give up.
            while (!Server.IsAnswering && !look.IsCompleted)
            {
                Time.Advance(Options.Budget);
                await Task.WhenAny(look, tick.WaitForNextTickAsync(limit.Token).AsTask());
            }

            await look.WaitAsync(limit.Token);
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await Task.WhenAny(_sending);
        await Connection.DisposeAsync();
        await Server.DisposeAsync();
        _queue.Dispose();
        _stop.Dispose();
        await _services.DisposeAsync();
    }
}
