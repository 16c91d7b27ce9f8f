using Actors.Embeddings;
using Actors.Facts;
using Actors.Grains.Tests.Facts;
using Actors.Grains.Tests.Sessions;
using Actors.Sessions;
using Actors.Support;

namespace Actors.Grains.Tests.Embeddings;

/// <summary>The sweeper on a host with a fake endpoint, told when to look.</summary>
public sealed class EmbeddingSweepTests : IAsyncLifetime
{
    private readonly EmbeddingDatabase _database = new();
    private readonly ManualTimeProvider _time = new(DateTimeOffset.UnixEpoch.AddYears(60));
    private FakeEmbeddings _fake = null!;
    private GrainHost _host = null!;

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        await _database.InitializeAsync();
        _fake = await FakeEmbeddings.StartAsync();
        await StartHostAsync();
    }

    public async ValueTask DisposeAsync()
    {
        await _host.DisposeAsync();
        await _fake.DisposeAsync();
        await _database.DisposeAsync();
    }

    [Fact]
    public async Task events_and_facts_of_all_writers_get_their_vectors()
    {
        var memory = await Session("a").RememberAsync("red apple");
        var fact = await _host.Grains.GetGrain<IFactSubjectGrain>(FactSubjectKey.Of(new FactSubject("a", "user", "1"))).CreateAsync(FactCalls.Fact("likes pears"));
        var (foreign, shared) = (await _database.AddEventAsync("b", "from psql"), await _database.AddFactAsync(null, "tea at four"));

        var progress = await SweepAsync();

        Assert.Equal(new EmbeddingProgress(4, 0, null), progress);
        Assert.Equal(new[] { memory.Id, fact.Id }.Order(), (await _database.LoadAsync("a")).Keys.Order());
        Assert.Equal([foreign], (await _database.LoadAsync("b")).Keys);
        Assert.Equal([shared], (await _database.LoadAsync("-")).Keys);
        Assert.Equal(0, (await SweepAsync()).Stored);
    }

    [Fact]
    public async Task nothing_is_embedded_twice_also_after_a_restart_and_what_came_meanwhile_is()
    {
        await Session("a").RememberAsync("red apple");
        await SweepAsync();
        await _host.DisposeAsync();
        await _database.AddEventAsync("a", "green pear");
        await StartHostAsync();

        await SweepAsync();

        Assert.Equal(["green pear", "red apple"], Sent().Order());
    }

    [Fact]
    public async Task a_content_that_changes_is_embedded_again_and_a_deleted_one_is_gone()
    {
        var (changed, deleted) = (await _database.AddEventAsync("a", "red apple"), await _database.AddEventAsync("a", "old pear"));
        await SweepAsync();
        await _database.Database.PsqlAsync($"update events set content = 'green apple' where id = '{changed}'");
        await Session("a").ForgetAsync(deleted, Stop);

        await SweepAsync();

        var (id, vector) = Assert.Single(await _database.LoadAsync("a"));
        Assert.Equal(changed, id);
        Assert.Equal(EmbeddingDatabase.VectorOf("green apple").Values.ToArray(), vector.Values.ToArray());
    }

    [Fact]
    public async Task many_memories_go_in_batches_newest_first()
    {
        await _database.Database.PsqlAsync("insert into events (client_id, content, created_at) select 'a', 'note ' || n, now() - n * interval '1 second' from generate_series(1, 100) n");

        await SweepAsync();

        Assert.Equal([64, 36], _fake.Requests.Select(request => request.Input.Count));
        Assert.Contains("note 1", _fake.Requests[0].Input);
        Assert.Contains("note 100", _fake.Requests[1].Input);
        Assert.Equal(100, await _database.CountAsync("select count(*) from embeddings"));
    }

    [Fact]
    public async Task memories_of_many_clients_share_their_requests()
    {
        await _database.Database.PsqlAsync("insert into events (client_id, content) select 'c' || n % 120, 'note ' || n from generate_series(1, 240) n");

        Assert.Equal(240, (await SweepAsync()).Stored);
        await _database.Database.PsqlAsync("insert into events (client_id, content) select 'c' || n % 120, 'word ' || n from generate_series(1, 120) n");
        Assert.Equal(120, (await SweepAsync()).Stored);

        Assert.InRange(_fake.Requests.Count, 6, 10);
        Assert.Equal("0", await _database.Database.PsqlAsync("select count(*) from session_heads h left join embedding_progress p using (client_id) where h.version is distinct from p.version"));
    }

    [Fact]
    public async Task fresh_memories_go_before_the_backlog()
    {
        await _database.Database.PsqlAsync("insert into events (client_id, content, created_at) select 'a', 'note ' || n, '2020-01-01' from generate_series(1, 100) n");
        _fake.Mood = EmbeddingsMood.Slow;
        var sweep = SweepAsync();
        await _fake.NextRequestAsync();

        await _database.Database.PsqlAsync("insert into events (client_id, content, created_at) values ('b', 'fresh', '2019-01-01')");
        _fake.Release();
        await sweep;

        Assert.Contains("fresh", _fake.Requests[1].Input);
    }

    [Theory]
    [InlineData(EmbeddingsMood.Unauthorized, "unauthorized", 1)]
    [InlineData(EmbeddingsMood.RateLimited, "rate_limited", 30)]
    [InlineData(EmbeddingsMood.Broken, "server_error", 1)]
    [InlineData(EmbeddingsMood.Garbage, "invalid_answer", 1)]
    [InlineData(EmbeddingsMood.NotFound, "misconfigured", 1)]
    [InlineData(EmbeddingsMood.Breaks, "unreachable", 1)]
    public async Task memories_wait_while_the_endpoint_fails_and_writes_and_recall_do_not(EmbeddingsMood mood, string code, int pauseSeconds)
    {
        _fake.Mood = mood;
        await Session("a").RememberAsync("red apple");
        await Session("a").RememberAsync("red pear");

        Assert.Equal(new EmbeddingProgress(0, 2, code), await SweepAsync());
        Assert.Equal(new EmbeddingProgress(0, 2, "paused"), await SweepAsync());
        Assert.Single(_fake.Requests);
        Assert.Equal(["red pear", "red apple"], await Session("a").RecallAsync("red"));

        _fake.Mood = EmbeddingsMood.Well;
        _time.Advance(TimeSpan.FromSeconds(pauseSeconds));
        Assert.Equal(new EmbeddingProgress(2, 0, null), await SweepAsync());
    }

    [Fact]
    public async Task a_memory_that_the_endpoint_refuses_is_passed_over_and_the_others_are_not()
    {
        _fake.RefusedWord = "poison";
        await _database.Database.PsqlAsync("insert into events (client_id, content) select 'a', 'note ' || n from generate_series(1, 20) n");
        var poisoned = await _database.AddEventAsync("a", "poison apple");
        await _database.Database.PsqlAsync("insert into events (client_id, content) select 'a', 'word ' || n from generate_series(1, 20) n");

        var progress = await SweepAsync();

        Assert.Equal(new EmbeddingProgress(40, 0, null), progress);
        Assert.InRange(_fake.Requests.Count, 5, 20);

        // Not asked for again, until its content is another.
        var requests = _fake.Requests.Count;
        await SweepAsync();
        Assert.Equal(requests, _fake.Requests.Count);
        await _database.Database.PsqlAsync($"update events set content = 'sweet apple' where id = '{poisoned}'");
        Assert.Equal(1, (await SweepAsync()).Stored);
    }

    [Fact]
    public async Task when_the_endpoint_refuses_everything_no_memory_is_passed_over()
    {
        _fake.Mood = EmbeddingsMood.RefusesAll;
        await _database.AddEventAsync("a", "red apple");

        Assert.Equal(new EmbeddingProgress(0, 1, "refused"), await SweepAsync());
        Assert.Equal(["red apple", "memory"], Sent());

        _fake.Mood = EmbeddingsMood.Well;
        _time.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal(1, (await SweepAsync()).Stored);
    }

    [Fact]
    public async Task a_memory_without_a_usable_vector_is_passed_over_though_it_pauses_the_endpoint()
    {
        _fake.SpoiltWord = "poison";
        await _database.AddEventAsync("a", "poison apple");
        var older = "insert into events (client_id, content, created_at) values ('a', 'red apple', now() - interval '1 hour')";
        await _database.Database.PsqlAsync(older);

        var progress = await SweepAsync();
        for (var halfSeconds = 0; progress.Waiting > 0 && halfSeconds < 120; halfSeconds++)
        {
            _time.Advance(TimeSpan.FromSeconds(0.5));
            progress = await SweepAsync();
        }

        Assert.Equal(new EmbeddingProgress(1, 0, null), progress);
        Assert.Equal(1, await _database.CountAsync("select count(*) from embeddings"));
    }

    [Fact]
    public async Task garbage_that_passes_is_no_memorys_fault()
    {
        await _database.AddEventAsync("a", "red apple");
        _fake.Mood = EmbeddingsMood.Garbage;
        Assert.Equal(new EmbeddingProgress(0, 1, "invalid_answer"), await SweepAsync());

        _fake.Mood = EmbeddingsMood.Well;
        _time.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal(1, (await SweepAsync()).Stored);
    }

    [Fact]
    public async Task with_another_model_all_memories_are_embedded_again()
    {
        var memory = await _database.AddEventAsync("a", "red apple");
        await SweepAsync();
        await _host.DisposeAsync();
        await StartHostAsync(("Embeddings:Dimensions", "16"), ("Embeddings:MemoryPrefix", "passage: "), ("Embeddings:LongestText", "3"));

        Assert.Equal(1, (await SweepAsync()).Stored);

        Assert.Equal("passage: red", Sent().Last());
        Assert.Empty(await _database.LoadAsync("a"));
        Assert.Equal(16, (await _database.LoadAsync("a", "small#16#passage: "))[memory].Dimensions);
    }

    [Fact]
    public async Task the_progress_does_not_pass_what_somebody_holds_locked()
    {
        var (locked, free) = (await _database.AddEventAsync("a", "red apple"), await _database.AddEventAsync("b", "old pear"));
        await using var connection = await _database.Database.DataSource.OpenConnectionAsync(Stop);
        await using var transaction = await connection.BeginTransactionAsync(Stop);
        await using var hold = new Npgsql.NpgsqlCommand($"select from events where id = '{locked}' for update", connection);
        await hold.ExecuteNonQueryAsync(Stop);

        Assert.Equal(1, (await SweepAsync()).Stored);
        await transaction.RollbackAsync(Stop);
        Assert.Equal(1, (await SweepAsync()).Stored);

        Assert.Equal([locked], (await _database.LoadAsync("a")).Keys);
        Assert.Equal([free], (await _database.LoadAsync("b")).Keys);
    }

    [Fact]
    public async Task what_commits_behind_a_later_change_is_found_all_the_same()
    {
        await SweepAsync();
        await using var connection = await _database.Database.DataSource.OpenConnectionAsync(Stop);
        await using var transaction = await connection.BeginTransactionAsync(Stop);
        await using var insert = new Npgsql.NpgsqlCommand("insert into events (client_id, content) values ('late', 'red apple')", connection);
        await insert.ExecuteNonQueryAsync(Stop);
        await _database.AddEventAsync("early", "old pear");
        await SweepAsync();
        await transaction.CommitAsync(Stop);

        Assert.Equal(1, (await SweepAsync()).Stored);
        Assert.Single(await _database.LoadAsync("late"));
    }

    private ISessionGrain Session(string client) => _host.Grains.GetGrain<ISessionGrain>(SessionKey.Of(client));

    private Task<EmbeddingProgress> SweepAsync() =>
        _host.Grains.GetGrain<IEmbeddingSweeperGrain>(IEmbeddingSweeperGrain.Key).SweepAsync(Stop);

    private IEnumerable<string> Sent() => _fake.Requests.SelectMany(request => request.Input);

    private async Task StartHostAsync(params (string, string)[] settings) => _host = await GrainHost.StartAsync(
        _database.Database, _time,
        [("Embeddings:Endpoint", _fake.Endpoint), ("Embeddings:Model", EmbeddingDatabase.Model), ("Embeddings:PollInterval", "1.00:00:00"), .. settings]);
}
