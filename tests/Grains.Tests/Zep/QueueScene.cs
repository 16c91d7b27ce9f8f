using Actors.Grains.Tests.Embeddings;
using Actors.Support;
using Actors.Zep;
using Microsoft.Extensions.Logging.Abstractions;

namespace Actors.Grains.Tests.Zep;

/// <summary>A client's queue as a process has it, and the fake Zep it is sent to, on a clock of the test's own.</summary>
internal sealed class QueueScene : IAsyncDisposable
{
    private readonly Meters _meters = new();
    private readonly ZepConnection _connection;
    private readonly ZepDatabase _database;
    private ZepGate _gate = null!;
    private ZepMetrics _metrics = null!;

    private QueueScene(ZepDatabase database, FakeZep fake, ManualTimeProvider time)
    {
        (_database, Fake, Time, Client) = (database, fake, time, database.NewClient());
        _connection = new ZepConnection(Microsoft.Extensions.Options.Options.Create(new ZepOptions { BaseUrl = fake.BaseUrl, ApiKey = FakeZep.Key }), time);
        Restart();
    }

    public FakeZep Fake { get; }

    public ManualTimeProvider Time { get; }

    public string Client { get; }

    public ZepQueueOptions Options { get; } = new();

    public ZepQueue Queue { get; private set; } = null!;

    public IEnumerable<string> Contents => Fake.Messages.Select(message => message.Content);

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    public static async Task<QueueScene> StartAsync(ZepDatabase database)
    {
        await database.ResetBudgetAsync();
        var time = new ManualTimeProvider();
        return new QueueScene(database, await FakeZep.StartAsync(time), time);
    }

    /// <summary>Another process takes over: it knows what is written down.</summary>
    public void Restart()
    {
        _metrics = new ZepMetrics(_meters, Time);
        var budget = new ZepBudget(new ZepBudgetStore(_database.Storage), Microsoft.Extensions.Options.Options.Create(Options), Time);
        _gate = new ZepGate(new ZepClient(_connection, Time), budget, _metrics, Time, NullLogger<ZepGate>.Instance);
        Queue = QueueOf(Client);
    }

    /// <summary>Counts what the processes measure from now on.</summary>
    public MeasuredCounts Measure() => new(_meters);

    /// <summary>Another client of the same process has a memory, and its queue is worked through.</summary>
    public async Task<ZepDrain> DrainOtherAsync(string content)
    {
        var client = _database.NewClient();
        await SqlAsync($"insert into events (client_id, content, salience_score, occurred_at) values ('{client}', '{content}', 0.9, '2026-11-01')");
        return await QueueOf(client).DrainAsync(1_000, Stop);
    }

    public ZepQueue QueueOf(string client) => new(client, new ZepQueueStore(_database.Storage, Time), _gate, Options, _metrics, Time, NullLogger.Instance);

    public Task<ZepDrain> DrainAsync(int limit = 1_000) => Queue.DrainAsync(limit, Stop);

    /// <summary>Inserts events by psql.</summary>
    public async Task<Guid[]> AddAsync(params string[] contents)
    {
        var ids = contents.Select(_ => Guid.CreateVersion7()).ToArray();
        foreach (var (id, content) in ids.Zip(contents))
        {
            await _database.PsqlAsync($"insert into events (id, client_id, content, salience_score, occurred_at) values ('{id}', '{Client}', '{content}', 0.9, '2026-11-01')");
        }

        return ids;
    }

    public Task<string> SqlAsync(string sql) => _database.PsqlAsync(sql);

    public Task<string> WaitingAsync() => SqlAsync($"select count(*) from outbox where client_id = '{Client}'");

    public async ValueTask DisposeAsync()
    {
        await SqlAsync($"delete from outbox where client_id = '{Client}'");
        _connection.Dispose();
        _meters.Dispose();
        await Fake.DisposeAsync();
    }
}
