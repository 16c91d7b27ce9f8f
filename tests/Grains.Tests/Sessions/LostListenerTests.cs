using Actors.Facts;
using Actors.Grains.Tests.Facts;
using Actors.Runs;
using Actors.Sessions;
using Actors.Support;
using Npgsql;

namespace Actors.Grains.Tests.Sessions;

/// <summary>The listener's connection ends, and what others write meanwhile is notified to nobody.</summary>
public sealed class LostListenerTests : IAsyncLifetime
{
    private const string IsListener = "application_name like '%listener of%'";

    private TestDatabase _database = null!;
    private GrainHost _host = null!;
    private NpgsqlConnection _operator = null!;
    private NpgsqlDataSource _elsewhere = null!;

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        _database = await TestPostgres.CreateAsync();
        // A busy machine must not make sessions look by themselves.
        _host = await GrainHost.StartAsync(_database, time: null, ("Sessions:PauseLimit", "1.00:00:00"));
        _operator = await _database.DataSource.OpenConnectionAsync(Stop);
        _elsewhere = NpgsqlDataSource.Create(new NpgsqlConnectionStringBuilder(_database.ConnectionString) { Database = "postgres", Pooling = false });
    }

    public async ValueTask DisposeAsync()
    {
        await _operator.DisposeAsync();
        await _host.DisposeAsync();
        await _database.DisposeAsync();
        await _elsewhere.DisposeAsync();
    }

    [Fact]
    public async Task what_was_written_while_nobody_listened_is_seen_once_somebody_listens_again()
    {
        await Session("a").RememberAsync("The lid is blue");
        await ListeningAsync(true);
        await LoseListenersAsync();
        // One session was there before, the other comes up meanwhile.
        Assert.Empty(await Session("b").RecallAsync("kettle"));

        await ExecuteAsync("insert into events (client_id, content) values ('a', 'The kettle is red')");
        await ExecuteAsync("insert into events (client_id, content) values ('b', 'The kettle is green')");
        Assert.Empty(await Session("a").RecallAsync("kettle"));
        Assert.Empty(await Session("b").RecallAsync("kettle"));

        await AllowListenersAsync();
        await Session("a").RecallsAsync("kettle", "The kettle is red");
        await Session("b").RecallsAsync("kettle", "The kettle is green");
    }

    [Fact]
    public async Task what_is_written_while_a_session_is_read_is_seen()
    {
        await ListeningAsync(true);
        await ExecuteAsync("insert into events (client_id, content) values ('a', 'The lid is blue')");
        await using var transaction = await _operator.BeginTransactionAsync(Stop);
        await ExecuteAsync("lock table events in access exclusive mode");
        var recall = Session("a").RecallAsync("lid kettle");
        // It has its snapshot, and waits for the rows.
        await _database.LockAwaitedAsync();
        await ExecuteAsync("insert into events (client_id, content) values ('a', 'The kettle is red')");
        await transaction.CommitAsync(Stop);
        await recall;

        await Session("a").RecallsAsync("kettle", "The kettle is red");
    }

    [Fact]
    public async Task an_erased_client_leaves_memory_whoever_holds_it()
    {
        await HoldAsync("a");
        await Session("b").RememberAsync("The lid is blue");
        await ListeningAsync(true);

        await ExecuteAsync("select pg_notify('actors_erasures', 'a')");

        await GoneAsync("a");
        Assert.Contains("b", _host.HotClients.SelectMany(clients => clients.ClientIds));
    }

    [Fact]
    public async Task a_subject_that_is_read_while_its_client_is_erased_answers_who_waits_for_it()
    {
        await HoldAsync("b");
        await ListeningAsync(true);
        await using var transaction = await _operator.BeginTransactionAsync(Stop);
        await ExecuteAsync("lock table facts in access exclusive mode");
        var creating = _host.Grains.GetGrain<IFactSubjectGrain>(FactSubjectKey.Of(new FactSubject("a", "user", "1"))).CreateAsync(FactCalls.Fact("likes tea"));
        await _database.LockAwaitedAsync();

        await _database.PsqlAsync("select pg_notify('actors_erasures', 'a'), pg_notify('actors_erasures', 'b')");
        // They are told of in their order.
        await GoneAsync("b");
        await transaction.CommitAsync(Stop);

        Assert.Equal("likes tea", (await creating).Content);
    }

    [Fact]
    public async Task a_client_that_was_erased_while_nobody_listened_leaves_memory_too_and_nothing_of_it_is_recalled()
    {
        await HoldAsync("a");
        await ListeningAsync(true);
        await LoseListenersAsync();

        // As the service erases: nothing of it stays in the log.
        await ExecuteAsync("set actors.writer = 'grain'; delete from events; delete from change_log; update session_heads set erase_epoch = erase_epoch + 1, version = version + 1");
        await Session("a").CatchUpAsync(Stop);
        Assert.Empty(await Session("a").RecallAsync("kettle"));

        await AllowListenersAsync();
        await GoneAsync("a");
    }

    private async Task HoldAsync(string client)
    {
        await Session(client).RememberAsync("The kettle is red");
        await _host.Grains.GetGrain<IFactSubjectGrain>(FactSubjectKey.Of(new FactSubject(client, "user", "1"))).CreateAsync(FactCalls.Fact("likes tea"));
        await _host.Grains.GetGrain<IExecutionRunGrain>($"{Guid.CreateVersion7():D}").StartAsync(new NewRun(client), Stop);
    }

    // Leaving takes the turns it takes.
    private Task GoneAsync(string client) => AwaitAsync(() => Task.FromResult(!_host.HotClients.Any(clients => clients.ClientIds.Contains(client))));

    private async Task LoseListenersAsync()
    {
        await ElsewhereAsync($"alter database \"{_operator.Database}\" allow_connections false");
        await ElsewhereAsync($"select pg_terminate_backend(pid) from pg_stat_activity where datname = '{_operator.Database}' and {IsListener}");
        await ListeningAsync(false);
    }

    private async Task AllowListenersAsync() => await ElsewhereAsync($"alter database \"{_operator.Database}\" allow_connections true");

    // Every silo has one.
    private Task ListeningAsync(bool areThere) => AwaitAsync(async () =>
        (long)(await ElsewhereAsync($"select count(*) from pg_stat_activity where datname = '{_operator.Database}' and {IsListener}"))!
        == (areThere ? _host.HotClients.Count : 0));

    private static async Task AwaitAsync(Func<Task<bool>> condition)
    {
        using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(20));
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        while (!await condition())
        {
            await timer.WaitForNextTickAsync(limit.Token);
        }
    }

    private ISessionGrain Session(string client) => _host.Grains.GetGrain<ISessionGrain>(SessionKey.Of(client));

    private async Task ExecuteAsync(string sql)
    {
        await using var command = new NpgsqlCommand(sql, _operator);
        await command.ExecuteNonQueryAsync(Stop);
    }

    private async Task<object?> ElsewhereAsync(string sql)
    {
        await using var command = _elsewhere.CreateCommand(sql);
        return await command.ExecuteScalarAsync(Stop);
    }
}
