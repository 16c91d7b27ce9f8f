using Actors.Access;
using Actors.Facts;
using Actors.Retention;
using Actors.Sessions;
using Actors.Storage;
using Actors.Support;
using Npgsql;

namespace Actors.Grains.Tests.Retention;

/// <summary>Grains on a fresh database and a clock of their own, shared by the tests of one class; each test uses a client of its own.</summary>
public sealed class RetentionStage : IAsyncLifetime
{
    // Days on this clock are not to be filled with looks for what is not there.
    private static readonly (string, string)[] Settings =
        [("Retention:ChangeLog", "30.00:00:00"), ("Retention:ExpiredEvents", "2.00:00:00"), ("Retention:FactVersions", "3.00:00:00"), ("SharedFacts:RefreshInterval", "01:00:00"), ("Embeddings:PollInterval", "01:00:00")];

    private NpgsqlDataSource _source = null!;
    private int _clients;

    public TestDatabase Database { get; private set; } = null!;

    public ManualTimeProvider Clock { get; } = new();

    public GrainHost Host { get; private set; } = null!;

    internal Database Store { get; private set; } = null!;

    internal ExpiryStore Expiry => new(Store);

    internal RetentionStore Retention => new(Store);

    public IGrainFactory Grains => Host.Grains;

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        Database = await TestPostgres.CreateAsync();
        _source = PostgresConnections.Create(Database.ConnectionString);
        Store = new Database(_source, new WriteGate());
        Host = await GrainHost.StartAsync(Database, Clock, Settings);
    }

    public async ValueTask DisposeAsync()
    {
        await Host.DisposeAsync();
        await _source.DisposeAsync();
        await Database.DisposeAsync();
    }

    public string NewClient() => $"c{Interlocked.Increment(ref _clients):0000}";

    public ISessionGrain Session(string client) => Grains.GetGrain<ISessionGrain>(SessionKey.Of(client));

    /// <summary>Ends the host and starts another one: every activation is rebuilt.</summary>
    public async Task RestartAsync()
    {
        await Host.DisposeAsync();
        Host = await GrainHost.StartAsync(Database, Clock, Settings);
    }

    /// <summary>Both sweepers look, until nothing is left.</summary>
    public async Task SweepAsync()
    {
        while (!(await Grains.GetGrain<IExpirySweeperGrain>(IExpirySweeperGrain.Key).SweepAsync(Stop)).IsDone)
        {
        }

        while (!(await Grains.GetGrain<IRetentionSweeperGrain>(IRetentionSweeperGrain.Key).SweepAsync(Stop)).IsDone)
        {
        }
    }

    public Task<EventPage> ListAsync(string client, DateTimeOffset? asOf = null, bool includeExpired = false, DateTimeOffset? from = null) =>
        Grains.GetGrain<IEventQueryGrain>(IEventQueryGrain.Key)
            .ListAsync(new EventListRequest(client, null, from, null, asOf, null, null, includeExpired, 100, null), Stop);

    public Task<FactPage> FactsAsync(string client, DateTimeOffset? asOf = null, DateTimeOffset? knownAt = null, string? subjectId = null) =>
        Grains.GetGrain<IFactQueryGrain>(IFactQueryGrain.Key).ListAsync(
            new FactListRequest(new ClientVisibility([client]), null, subjectId, null, null, null, asOf, knownAt, FactInclude.Current, 100, null), Stop);

    public Task<RecallAnswer> RecallAsync(string client, string question, DateTimeOffset? asOf = null, DateTimeOffset? knownAt = null) =>
        Session(client).RecallAsync(RecallRequest.For(question) with { AsOf = asOf, KnownAt = knownAt }, Stop);

    /// <summary>What the log says of a client's events, in order.</summary>
    public Task<string> LogAsync(string client) =>
        Database.PsqlAsync($"select operation, count(*), count(distinct row_id) from change_log where client_id = '{client}' and table_name = 'events' group by 1 order by 1");

    /// <summary>Inserts so many events that expire one by one, the first now.</summary>
    public Task AddExpiringAsync(string client, int count) => Database.PsqlAsync(
        $"insert into events (client_id, content, expires_at) select '{client}', 'note ' || n, timestamptz '{Clock.GetUtcNow():O}' - n * interval '1 ms' from generate_series(0, {count - 1}) n");
}
