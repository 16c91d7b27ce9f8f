using System.Diagnostics.Metrics;
using Actors.Hosting;
using Actors.Sessions;
using Actors.Sessions.Recall;
using Actors.Storage;
using Actors.Support;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Npgsql;

namespace Actors.Grains.Tests.Sessions;

/// <summary>Sessions that take long to be read into memory: a lock on the events keeps them from it.</summary>
public sealed class SessionLoadTests : IAsyncLifetime
{
    private static readonly TimeSpan LoadWait = TimeSpan.FromSeconds(7.5);

    private readonly WaitingClock _clock = new(LoadWait);
    private TestDatabase _database = null!;
    private NpgsqlConnectionStringBuilder _patient = null!;
    private GrainHost _host = null!;
    private ISessionGrain _session = null!;
    private NpgsqlConnection _operator = null!;
    private NpgsqlTransaction _lock = null!;

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        _database = await TestPostgres.CreateAsync();
        await _database.PsqlAsync("insert into events (client_id, content) values ('1', 'The kettle is red')");
        // Without an end to the waiting for locks, so that the test decides when it ends.
        _patient = new NpgsqlConnectionStringBuilder(_database.ConnectionString) { Options = "-c lock_timeout=0" };
        _host = await GrainHost.StartAsync(
            _database, _clock, ("ConnectionStrings:Postgres", _patient.ConnectionString), ("Sessions:LoadWait", LoadWait.ToString()));
        _session = _host.Grains.GetGrain<ISessionGrain>(SessionKey.Of("1"));
        _operator = await _database.DataSource.OpenConnectionAsync(Stop);
        _lock = await _operator.BeginTransactionAsync(Stop);
        await using var hold = new NpgsqlCommand("lock table events in access exclusive mode", _operator);
        await hold.ExecuteNonQueryAsync(Stop);
    }

    public async ValueTask DisposeAsync()
    {
        await _lock.DisposeAsync();
        await _operator.DisposeAsync();
        await _host.DisposeAsync();
        await _database.DisposeAsync();
    }

    [Fact]
    public async Task requests_wait_so_long_and_no_longer_and_the_next_ones_find_the_session_read()
    {
        var recall = _session.RecallAsync("kettle");
        var write = _session.RememberAsync("The lid is blue");
        await _clock.WaitedForAsync(2);
        await _database.LockAwaitedAsync();
        _clock.Advance(LoadWait);
        await Assert.ThrowsAsync<SessionLoadingException>(() => recall);
        await Assert.ThrowsAsync<SessionLoadingException>(() => write);

        var late = _session.RecallAsync("kettle lid");
        await _clock.WaitedForAsync(1);
        await _lock.RollbackAsync(Stop);

        Assert.Equal(["The kettle is red"], await late);
        Assert.Equal("1", await _database.PsqlAsync("select count(*) from events"));
    }

    [Fact]
    public async Task writes_and_reads_that_wait_are_done_once_it_is_read()
    {
        var (first, second) = (_session.RememberAsync("The lid is blue"), _session.RememberAsync("The lid is clean"));
        // Calls may start in any order on silos, and a session that reads nothing yet has nothing to catch up with.
        await _clock.WaitedForAsync(2);
        var forgotten = _session.ForgetAsync(Guid.NewGuid(), Stop);
        var found = _session.GetEventAsync(Guid.NewGuid(), Stop);
        var caughtUp = _session.CatchUpAsync(Stop);
        // The one event is looked up by itself, and waits for the lock only.
        await _clock.WaitedForAsync(2);
        await _lock.RollbackAsync(Stop);

        await Task.WhenAll(first, second, caughtUp);
        Assert.False(await forgotten);
        Assert.Null(await found);
        Assert.Equal(3, (await _session.RecallAsync("lid kettle")).Length);
    }

    [Fact]
    public async Task what_it_was_told_in_vain_while_it_was_read_is_looked_for_afterwards()
    {
        var recall = _session.RecallAsync("kettle");
        await _clock.WaitedForAsync(1);
        // What was read of the head, and what is read of the events below, is of before.
        await _database.LockAwaitedAsync();
        await _database.PsqlAsync("set actors.writer = 'grain'; insert into facts (client_id, subject_type, subject_id, fact_type, content) values ('1', 'thing', 'kettle', 'age', 'The kettle is old')");
        var told = _session.CatchUpAsync(Stop);
        await _clock.WaitedForAsync(1);
        _clock.Advance(LoadWait);
        await Assert.ThrowsAsync<SessionLoadingException>(() => told);
        await Assert.ThrowsAsync<SessionLoadingException>(() => recall);

        await _lock.RollbackAsync(Stop);

        Assert.Equal(2, (await _session.RecallAsync(RecallRequest.For("kettle"), Stop)).Hits.Length);
    }

    [Fact]
    public async Task who_waits_when_it_fails_is_told_and_the_next_call_reads_anew()
    {
        var (recall, write) = (_session.RecallAsync("kettle"), _session.RememberAsync("The lid is blue"));
        await _clock.WaitedForAsync(2);
        await FailAsync();
        await Assert.ThrowsAsync<StorageUnavailableException>(() => recall);
        await Assert.ThrowsAsync<StorageUnavailableException>(() => write);

        await _lock.RollbackAsync(Stop);
        Assert.Equal(["The kettle is red"], await _session.RecallAsync("kettle"));
    }

    [Fact]
    public async Task when_it_fails_and_nobody_waits_that_is_logged_and_the_next_call_reads_anew()
    {
        await using var source = PostgresConnections.Create(_patient.ConnectionString);
        await using var services = new ServiceCollection().AddMetrics().BuildServiceProvider();
        var hot = new HotMemory(Options.Create(new SessionOptions()), _clock, services.GetRequiredService<IMeterFactory>());
        using var share = hot.Join(() => { });
        using var longWork = new LongWork();
        var store = new SessionStore(new Database(source, new WriteGate()), longWork);
        var failures = new Failures();
        await using var load = new SessionLoad("1", store, longWork, share, new SessionOptions(), new RankingOptions(), _clock, failures);
        load.Start();
        await FailAsync();
        Assert.IsType<StorageUnavailableException>(await failures.First);
        await _lock.RollbackAsync(Stop);

        var session = await load.WaitAsync(Stop);
        Assert.Equal(1, session.Count);
    }

    [Fact]
    public async Task a_caller_who_gives_up_does_not_end_the_reading()
    {
        using var giveUp = new CancellationTokenSource();
        var recall = _session.RecallAsync(RecallRequest.For("kettle"), giveUp.Token);
        var other = _session.RecallAsync("kettle");
        await _clock.WaitedForAsync(2);
        await giveUp.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => recall);

        await _lock.RollbackAsync(Stop);
        Assert.Equal(["The kettle is red"], await other);
    }

    [Fact]
    public async Task a_host_that_stops_does_not_wait_for_the_reading()
    {
        var recall = _session.RecallAsync("kettle");
        await _clock.WaitedForAsync(1);
        await _database.LockAwaitedAsync();
        _clock.Advance(LoadWait);
        await Assert.ThrowsAsync<SessionLoadingException>(() => recall);

        await _host.DisposeAsync();
        Assert.Equal("0", await _database.PsqlAsync(
            "select count(*) from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'"));
        _host = await GrainHost.StartAsync(_database);
    }

    // An operator ends the statement that waits for the lock.
    private async Task FailAsync()
    {
        await _database.LockAwaitedAsync();
        await _database.PsqlAsync(
            "select pg_cancel_backend(pid) from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'");
    }

    private sealed class Failures : ILogger
    {
        private readonly TaskCompletionSource<Exception?> _first = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public Task<Exception?> First => _first.Task.WaitAsync(Stop);

        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) =>
            _first.TrySetResult(exception);
    }
}
