using Actors.Sessions;
using Actors.Support;
using Npgsql;

namespace Actors.Grains.Tests.Sessions;

/// <summary>Sessions that are asked before their index is read, with a Valkey that other hosts have filled.</summary>
public sealed class ColdSessionTests : IAsyncLifetime
{
    private TestDatabase _database = null!;
    private ValkeyServer _valkey = null!;
    private GrainHost _host = null!;

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    private bool IsLoaded => _host.HotMemories.Any(memory => memory.Bytes > 0);

    public async ValueTask InitializeAsync()
    {
        _database = await TestPostgres.CreateAsync();
        _valkey = await ValkeyServer.StartAsync();
        _host = await StartAsync();
    }

    public async ValueTask DisposeAsync()
    {
        await _host.DisposeAsync();
        await _valkey.DisposeAsync();
        await _database.DisposeAsync();
    }

    [Fact]
    public async Task a_cold_session_answers_from_valkey_without_reading_its_index()
    {
        await Session("1").RememberAsync("The kettle is red");
        var computed = await AskAsync("1", "kettle");
        await _valkey.HoldsAsync("recall:1:*", 1);
        await RestartAsync();
        await using var operation = await _database.DataSource.OpenConnectionAsync(Stop);
        await using var hold = await operation.BeginTransactionAsync(Stop);
        await ExecuteAsync(operation, "lock table events in access exclusive mode");

        var repeated = await AskAsync("1", "kettle");

        Assert.True(repeated.Cached);
        Assert.False(computed.Cached);
        Assert.Empty(repeated.Degraded);
        Assert.Equivalent(computed.Hits, repeated.Hits, strict: true);
        Assert.False(IsLoaded);
    }

    [Fact]
    public async Task a_question_that_nobody_asked_has_the_index_read()
    {
        await FillAsync("kettle");

        Assert.False((await AskAsync("1", "pot")).Cached);
        Assert.True(IsLoaded);
    }

    [Fact]
    public async Task each_parameter_makes_another_question()
    {
        await FillAsync("kettle");

        Assert.False((await Session("1").RecallAsync(RecallRequest.For("kettle", k: 11), Stop)).Cached);
    }

    [Fact]
    public async Task an_answer_does_not_outlive_a_write_by_sql()
    {
        await FillAsync("kettle");
        await _database.PsqlAsync("insert into events (client_id, content) values ('1', 'The kettle is clean')");

        var answer = await AskAsync("1", "kettle");

        Assert.False(answer.Cached);
        Assert.Equal(2, answer.Hits.Length);
    }

    [Fact]
    public async Task an_answer_does_not_outlive_a_fact_of_the_house()
    {
        await FillAsync("kettle");
        await _database.PsqlAsync("insert into facts (subject_type, subject_id, fact_type, content) values ('thing', 'kettle', 'age', 'The kettle is old')");
        await _host.RefreshSharedFactsAsync();

        // The embedded host looks by itself, twice a second.
        await UntilAsync(async () => (await AskAsync("1", "kettle")).Hits.Length == 2);
    }

    [Fact]
    public async Task an_answer_does_not_outlive_an_erasure()
    {
        await FillAsync("kettle");
        await _database.PsqlAsync("update session_heads set erase_epoch = erase_epoch + 1 where client_id = '1'");

        Assert.False((await AskAsync("1", "kettle")).Cached);
    }

    [Fact]
    public async Task an_answer_does_not_outlive_the_restore_of_a_backup_that_comes_to_the_same_version()
    {
        await FillAsync("kettle");
        var version = await _database.PsqlAsync("select version from session_heads where client_id = '1'");
        await _database.PsqlAsync("set session_replication_role = replica; delete from events; delete from change_log; delete from session_heads");
        await _database.PsqlAsync("insert into events (client_id, content) values ('1', 'The kettle is clean')");
        Assert.Equal(version, await _database.PsqlAsync("select version from session_heads where client_id = '1'"));

        var answer = await AskAsync("1", "kettle");

        Assert.Equal(["The kettle is clean"], answer.Hits.Select(hit => hit.Memory.Content));
    }

    [Fact]
    public async Task an_answer_does_not_outlive_a_memory_in_it()
    {
        await Session("1").RememberAsync(new NewMemory("The kettle is hot", ExpiresAt: TimeProvider.System.GetUtcNow().AddHours(1)));
        await AskAsync("1", "kettle");
        await _valkey.HoldsAsync("recall:1:*", 1);
        var clock = new ManualTimeProvider(TimeProvider.System.GetUtcNow());
        await RestartAsync(clock);
        Assert.True((await AskAsync("1", "kettle")).Cached);

        clock.Advance(TimeSpan.FromHours(1));

        var answer = await AskAsync("1", "kettle");
        Assert.False(answer.Cached);
        Assert.Empty(answer.Hits);
    }

    [Fact]
    public async Task an_answer_about_the_past_is_repeated()
    {
        var memory = await Session("1").RememberAsync("The kettle is red");
        var question = RecallRequest.For("kettle") with { AsOf = memory.OccurredAt, KnownAt = memory.CreatedAt };
        await Session("1").RecallAsync(question, Stop);
        await _valkey.HoldsAsync("recall:1:*", 1);
        await RestartAsync();

        var answer = await Session("1").RecallAsync(question, Stop);

        Assert.True(answer.Cached);
        Assert.Equal(memory.Id, Assert.Single(answer.Hits).Memory.Id);
    }

    [Fact]
    public async Task an_answer_says_still_that_only_the_newest_memories_were_searched()
    {
        await RestartAsync(null, ("Sessions:MaxHotEvents", "1"));
        await Session("1").RememberAsync("The lid is blue");
        await FillAsync("kettle", ("Sessions:MaxHotEvents", "1"));

        var answer = await AskAsync("1", "kettle");

        Assert.True(answer.Cached);
        Assert.Equal(["hot_index"], answer.Degraded);
    }

    [Fact]
    public async Task a_host_that_ranks_otherwise_does_not_find_the_answer()
    {
        await FillAsync("kettle", ("Ranking:Numbers", "0.5"));

        Assert.False((await AskAsync("1", "kettle")).Cached);
    }

    [Theory]
    [InlineData("garbage")]
    [InlineData("{}")]
    [InlineData("null")]
    [InlineData("""{"Version":1,"EraseEpoch":0,"LastRecordedAt":null,"SharedVersion":0,"ValidUntil":null,"Hits":[{"Event":null,"Fact":null,"Similarity":1,"MatchedTerms":[],"Bm25":1,"Reasons":0}],"Degraded":[]}""")]
    [InlineData("""{"Version":1,"EraseEpoch":0,"LastRecordedAt":null,"SharedVersion":0,"ValidUntil":null,"Hits":[null],"Degraded":[]}""")]
    public async Task an_entry_that_cannot_be_read_counts_as_absent(string entry)
    {
        await FillAsync("kettle");
        var key = Assert.Single(await _valkey.CommandAsync("--raw", "keys", "recall:*"));
        await _valkey.CommandAsync("set", key, entry);

        var answer = await AskAsync("1", "kettle");

        Assert.False(answer.Cached);
        Assert.Single(answer.Hits);
    }

    [Fact]
    public async Task an_entry_under_a_wrong_key_shows_nothing_of_another_client()
    {
        await FillAsync("kettle");
        await Session("2").RememberAsync("The kettle is secret");
        await Session("2").RecallAsync("kettle");
        await _valkey.HoldsAsync("recall:2:*", 1);
        await RestartAsync();
        var own = Assert.Single(await _valkey.CommandAsync("--raw", "keys", "recall:1:*"));
        var foreign = Assert.Single(await _valkey.CommandAsync("--raw", "keys", "recall:2:*"));
        await _valkey.CommandAsync("copy", foreign, own, "replace");

        Assert.Equal(["The kettle is red"], await Session("1").RecallAsync("kettle"));
    }

    [Fact]
    public async Task a_session_that_is_asked_again_and_again_reads_its_index_in_the_end()
    {
        await FillAsync("kettle");

        await UntilAsync(async () =>
        {
            await AskAsync("1", "kettle");
            return IsLoaded;
        });
    }

    [Fact]
    public async Task an_event_is_found_without_reading_the_index()
    {
        var memory = await Session("1").RememberAsync(new NewMemory("The kettle is red", MetadataJson: """{"b": 1, "a": 1e2}"""));
        var hot = await Session("1").GetEventAsync(memory.Id, Stop);
        await _valkey.HoldsAsync("event:1:*", 1);
        await RestartAsync();

        Assert.Equal(hot, await Session("1").GetEventAsync(memory.Id, Stop));
        Assert.False(IsLoaded);
        Assert.Null(await Session("2").GetEventAsync(memory.Id, Stop));
    }

    [Fact]
    public async Task an_event_comes_from_valkey_while_nothing_of_it_changed()
    {
        var memory = await Session("1").RememberAsync("The kettle is red");
        await RestartAsync();
        await using var operation = await _database.DataSource.OpenConnectionAsync(Stop);
        await using var hold = await operation.BeginTransactionAsync(Stop);
        await ExecuteAsync(operation, "lock table events in access exclusive mode");

        Assert.Equal("The kettle is red", (await Session("1").GetEventAsync(memory.Id, Stop))!.Content);
    }

    [Theory]
    [InlineData("update events set content = 'The kettle is green' where id = '{0}'", "The kettle is green")]
    [InlineData("delete from events where id = '{0}'", null)]
    [InlineData("update events set client_id = '2' where id = '{0}'", null)]
    [InlineData("insert into events (client_id, content) values ('1', 'The lid is blue')", "The kettle is red")]
    [InlineData("insert into events (client_id, content) select '1', 'x' from generate_series(1, 1500)", "The kettle is red")]
    public async Task an_event_is_never_older_than_its_row(string change, string? content)
    {
        var memory = await Session("1").RememberAsync("The kettle is red");
        await RestartAsync();
        await _database.PsqlAsync("insert into clients (id) values ('2')");
        await _database.PsqlAsync(string.Format(null, change, memory.Id));

        Assert.Equal(content, (await Session("1").GetEventAsync(memory.Id, Stop))?.Content);
        Assert.False(IsLoaded);
    }

    [Fact]
    public async Task an_event_ends_with_its_run()
    {
        var run = Guid.Parse(await _database.PsqlAsync("insert into clients (id) values ('1'); insert into execution_runs (client_id, status) values ('1', 'running') returning id"));
        var memory = await Session("1").RememberAsync(new NewMemory("The kettle is red", Scope: MemoryScope.Run, RunId: run));
        await _valkey.HoldsAsync("event:1:*", 1);
        await RestartAsync();
        await _database.PsqlAsync($"update execution_runs set status = 'cancelled', ended_at = now() where id = '{run}'");

        Assert.NotNull((await Session("1").GetEventAsync(memory.Id, Stop))!.ExpiresAt);
    }

    [Fact]
    public async Task memories_are_acknowledged_by_valkey_one_by_one_but_repeats_are_not()
    {
        var answer = await Session("1").RememberAsync(
            new RememberRequest([new NewMemory("The kettle is red"), new NewMemory("The kettle is red"), new NewMemory("The lid is blue")]), Stop);

        Assert.Equal([false, true, false], answer.IsRepeat);
        Assert.Equal([true, false, true], answer.IsInValkey);
        Assert.Equal(2, await _valkey.CountAsync("event:1:*"));
    }

    [Fact]
    public async Task entries_have_the_prescribed_keys_and_times_to_live()
    {
        var memory = await Session("1").RememberAsync("The kettle is red");
        await AskAsync("1", "kettle");
        await _valkey.HoldsAsync("recall:1:*", 1);
        var answer = Assert.Single(await _valkey.CommandAsync("--raw", "keys", "recall:*"));

        Assert.Matches("^recall:1:[0-9a-f]{32}$", answer);
        Assert.InRange(await TimeToLiveAsync(answer), 3_500, 3_600);
        Assert.InRange(await TimeToLiveAsync($"event:1:{memory.Id}"), 86_300, 86_400);
    }

    [Fact]
    public async Task catching_up_reads_nothing_into_a_session_that_is_cold()
    {
        await FillAsync("kettle");

        await Session("1").CatchUpAsync(Stop);

        Assert.False(IsLoaded);
    }

    private async Task<int> TimeToLiveAsync(string key) =>
        int.Parse(Assert.Single(await _valkey.CommandAsync("--raw", "ttl", key)), System.Globalization.CultureInfo.InvariantCulture);

    // A memory of client 1 and the answer to one question, in Valkey; then a new host.
    private async Task FillAsync(string question, params (string Key, string Value)[] settings)
    {
        await Session("1").RememberAsync("The kettle is red");
        await AskAsync("1", question);
        await _valkey.HoldsAsync("recall:1:*", 1);
        await RestartAsync(null, settings);
    }

    // A busy machine must not make Valkey slow.
    private Task<GrainHost> StartAsync(TimeProvider? time = null, params (string Key, string Value)[] settings) => GrainHost.StartAsync(
        _database, time, [("ConnectionStrings:Valkey", _valkey.Address), ("Valkey:Budget", "00:00:10"), .. settings]);

    private async Task RestartAsync(TimeProvider? time = null, params (string Key, string Value)[] settings)
    {
        await _host.DisposeAsync();
        _host = await StartAsync(time, settings);
        Assert.False(IsLoaded);
    }

    private ISessionGrain Session(string client) => _host.Grains.GetGrain<ISessionGrain>(SessionKey.Of(client));

    private Task<RecallAnswer> AskAsync(string client, string question) => Session(client).RecallAsync(RecallRequest.For(question), Stop);

    private static async Task ExecuteAsync(NpgsqlConnection connection, string sql)
    {
        await using var command = new NpgsqlCommand(sql, connection);
        await command.ExecuteNonQueryAsync(Stop);
    }

    private static async Task UntilAsync(Func<Task<bool>> holds)
    {
        using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(10));
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        while (!await holds())
        {
            await timer.WaitForNextTickAsync(limit.Token);
        }
    }
}
