using Actors.Sessions;
using Actors.Support;
using Npgsql;

namespace Actors.Grains.Tests.Sessions;

/// <summary>Sessions that have missed more than they take over row by row.</summary>
public sealed class SessionReadAnewTests : IAsyncLifetime
{
    private const int MaxChangesToApply = 10;
    private static readonly TimeSpan LoadWait = TimeSpan.FromSeconds(7.5);

    private readonly WaitingClock _clock = new(LoadWait);
    private TestDatabase _database = null!;
    private GrainHost _host = null!;
    private ISessionGrain _session = null!;
    private NpgsqlConnection _operator = null!;

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        _database = await TestPostgres.CreateAsync();
        // Without an end to the waiting for locks, so that the test decides when it ends.
        var patient = new NpgsqlConnectionStringBuilder(_database.ConnectionString) { Options = "-c lock_timeout=0" };
        _host = await GrainHost.StartAsync(
            _database, _clock, ("ConnectionStrings:Postgres", patient.ConnectionString), ("Sessions:LoadWait", LoadWait.ToString()),
            ("Sessions:CatchUpWait", LoadWait.ToString()), ("Sessions:MaxChangesToApply", $"{MaxChangesToApply}"), ("Sessions:MaxCharactersToApply", "100000"));
        _session = _host.Grains.GetGrain<ISessionGrain>(SessionKey.Of("1"));
        await _session.RememberAsync("The lid is blue");
        _clock.Forget();
        _operator = await _database.DataSource.OpenConnectionAsync(Stop);
    }

    public async ValueTask DisposeAsync()
    {
        await _operator.DisposeAsync();
        await _host.DisposeAsync();
        await _database.DisposeAsync();
    }

    [Theory]
    [InlineData(MaxChangesToApply, 10)]
    [InlineData(MaxChangesToApply + 1, 10)]
    [InlineData(3, 60_000)]
    public async Task whether_taken_over_or_read_anew_a_session_has_what_was_written(int rows, int characters)
    {
        await ExecuteAsync(Insert(rows, characters));
        await _session.CatchUpAsync(Stop);

        Assert.Equal(rows, (await _session.RecallAsync("kettle")).Length);
        Assert.Equal(["The lid is blue"], await _session.RecallAsync("lid"));
        await _session.RememberAsync("The lid is clean");
        Assert.Equal(["The lid is blue", "The lid is clean"], (await _session.RecallAsync("lid")).Order());
    }

    [Fact]
    public async Task requests_wait_so_long_while_it_is_read_anew_and_the_next_ones_find_it_read()
    {
        await ExecuteAsync(Insert(MaxChangesToApply + 1));
        await using var transaction = await _operator.BeginTransactionAsync(Stop);
        // The log tells how much it is; what is read first of everything cannot be read.
        await ExecuteAsync("lock table facts in access exclusive mode");
        var caughtUp = _session.CatchUpAsync(Stop);
        await _clock.WaitedForAsync(1);
        await _database.LockAwaitedAsync();
        var recall = _session.RecallAsync("kettle");
        var write = _session.RememberAsync("The lid is clean");
        await _clock.WaitedForAsync(2);
        _clock.Advance(LoadWait);
        await Assert.ThrowsAsync<SessionLoadingException>(() => caughtUp);
        await Assert.ThrowsAsync<SessionLoadingException>(() => recall);
        await Assert.ThrowsAsync<SessionLoadingException>(() => write);

        var late = _session.RecallAsync("kettle");
        await _clock.WaitedForAsync(1);
        await transaction.RollbackAsync(Stop);

        Assert.Equal(MaxChangesToApply + 1, (await late).Length);
        Assert.Equal(["The lid is blue"], await _session.RecallAsync("lid"));
    }

    [Fact]
    public async Task a_commit_that_finds_so_much_lets_go_of_the_lock_and_is_done_once_all_is_read()
    {
        await using var transaction = await _operator.BeginTransactionAsync(Stop);
        await ExecuteAsync(Insert(MaxChangesToApply + 1));
        var write = _session.RememberAsync("The lid is clean");
        await _database.LockAwaitedAsync();
        await transaction.CommitAsync(Stop);

        await write;
        Assert.Equal(["The lid is blue", "The lid is clean"], (await _session.RecallAsync("lid")).Order());
        Assert.Equal(MaxChangesToApply + 1, (await _session.RecallAsync("kettle")).Length);
    }

    [Fact]
    public async Task requests_that_wait_share_one_look_at_what_changed()
    {
        await ExecuteAsync(Insert(1));
        await using var transaction = await _operator.BeginTransactionAsync(Stop);
        await ExecuteAsync("lock table change_log in access exclusive mode; lock table session_heads in access exclusive mode");
        var look = _session.CatchUpAsync(Stop);
        await _database.LockAwaitedAsync();
        var recalls = Enumerable.Range(0, 20).Select(_ => _session.RecallAsync("kettle")).ToArray();
        await _clock.WaitedForAsync(recalls.Length);

        Assert.Equal("1", await _database.PsqlAsync("select count(*) from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'"));
        await transaction.CommitAsync(Stop);
        await look;
        Assert.All(await Task.WhenAll(recalls), found => Assert.Single(found));
    }

    [Fact]
    public async Task a_recall_that_does_not_hear_in_time_what_changed_answers_without_it_and_says_so()
    {
        await using var transaction = await _operator.BeginTransactionAsync(Stop);
        await ExecuteAsync("lock table session_heads in access exclusive mode");
        var look = _session.CatchUpAsync(Stop);
        await _database.LockAwaitedAsync();
        var recall = _session.RecallAsync(RecallRequest.For("lid"), Stop);
        await _clock.WaitedForAsync(1);
        _clock.Advance(LoadWait);

        var answer = await recall;
        Assert.Equal(["The lid is blue"], answer.Hits.Select(hit => hit.Memory.Content));
        Assert.Equal(["postgres"], answer.Degraded);

        await transaction.RollbackAsync(Stop);
        await look;
        Assert.Empty((await _session.RecallAsync(RecallRequest.For("lid"), Stop)).Degraded);
    }

    [Fact]
    public async Task memory_counts_what_took_the_place_of_what_was_there_and_not_both()
    {
        await ExecuteAsync(Insert(500, 500));
        await _session.CatchUpAsync(Stop);
        var once = _host.HotMemories.Sum(memory => memory.Bytes);

        await ExecuteAsync("update events set content = replace(content, 'kettle', 'teapot')");
        await _session.CatchUpAsync(Stop);

        Assert.InRange(_host.HotMemories.Sum(memory => memory.Bytes), once * 0.9, once * 1.1);
        Assert.Equal(500, (await _session.RecallAsync("teapot", 1_000)).Length);
    }

    private static string Insert(int rows, int characters = 10) =>
        $"insert into events (client_id, content) select '1', 'kettle ' || n || repeat(' x', {characters} / 2) from generate_series(1, {rows}) n";

    private async Task ExecuteAsync(string sql)
    {
        await using var command = new NpgsqlCommand(sql, _operator);
        await command.ExecuteNonQueryAsync(Stop);
    }
}
