using Actors.Changes;
using Actors.Grains.Tests.Embeddings;
using Actors.Grains.Tests.Sessions;
using Actors.Retention;
using Actors.Runs;
using Actors.Sessions;
using Actors.Storage;
using Npgsql;

namespace Actors.Grains.Tests.Retention;

/// <summary>What has expired is marked, and told by the change log, once.</summary>
public class ExpirySweepTests(RetentionStage stage) : IClassFixture<RetentionStage>
{
    private readonly string _client = stage.NewClient();

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task an_expired_memory_is_marked_with_its_end_and_logged_without_moving_its_session()
    {
        var session = stage.Session(_client);
        var memory = await session.RememberAsync(new NewMemory("red apple", Scope: MemoryScope.Session));
        await session.RememberAsync("green pear");
        stage.Clock.Advance(TimeSpan.FromHours(23));
        await stage.SweepAsync();
        Assert.Equal("insert|2|2", await stage.LogAsync(_client));

        stage.Clock.Advance(TimeSpan.FromHours(1));
        await stage.SweepAsync();
        await stage.SweepAsync();

        Assert.Equal("expire|1|1\ninsert|2|2", await stage.LogAsync(_client));
        Assert.Equal("t|2|2|grain", await stage.Database.PsqlAsync(
            $"""
            select e.expired_at = e.expires_at, l.head_version, h.version, l.writer
            from events e join change_log l on l.row_id = e.id and l.operation = 'expire' join session_heads h on h.client_id = e.client_id
            where e.id = '{memory.Id}'
            """));
    }

    [Fact]
    public async Task the_change_feed_tells_of_the_end_after_what_was_before_it_of_runs_that_ended_by_sql_too()
    {
        var runId = Guid.CreateVersion7();
        await stage.Grains.GetGrain<IExecutionRunGrain>(IExecutionRunGrain.KeyOf(runId)).StartAsync(new NewRun(_client), Stop);
        var ofDay = await stage.Session(_client).RememberAsync(new NewMemory("red apple", Scope: MemoryScope.Session));
        var ofRun = await stage.Session(_client).RememberAsync(new NewMemory("green pear", Scope: MemoryScope.Run, RunId: runId));
        await stage.Session(_client).ForgetAsync((await stage.Session(_client).RememberAsync(new NewMemory("plum", Scope: MemoryScope.Session))).Id, Stop);
        await stage.Database.PsqlAsync($"update execution_runs set status = 'cancelled', ended_at = greatest(started_at, '{stage.Clock.GetUtcNow():O}') where id = '{runId}'");
        stage.Clock.Advance(TimeSpan.FromDays(1));
        await stage.SweepAsync();
        await stage.SweepAsync();

        var page = await stage.Grains.GetGrain<IChangeQueryGrain>(IChangeQueryGrain.Key).ReadAsync(
            new ChangeFeedRequest(null, new([_client]), null, 100, TimeSpan.Zero), Stop);
        var told = page.Changes.Where(change => change.Operation == ChangeOperation.Expired).ToList();
        Assert.Equal([ofDay.Id, ofRun.Id], told.Select(change => change.Id).OrderBy(id => id == ofRun.Id));
        Assert.All(told, change => Assert.Equal((_client, ChangedKind.Event, false, true), (change.ClientId, change.Kind, change.IsBySql, change.MemoryJson is not null)));
        Assert.Equal(told, page.Changes[^2..]);
    }

    [Fact]
    public async Task memories_of_a_run_are_marked_with_its_end_and_those_of_runs_that_go_on_are_not()
    {
        var (ended, going) = (Guid.CreateVersion7(), Guid.CreateVersion7());
        foreach (var runId in new[] { ended, going })
        {
            await stage.Grains.GetGrain<IExecutionRunGrain>(IExecutionRunGrain.KeyOf(runId)).StartAsync(new NewRun(_client), Stop);
            await stage.Session(_client).RememberAsync(new NewMemory("red apple", Scope: MemoryScope.Run, RunId: runId));
            await stage.Session(_client).RememberAsync(new NewMemory("green pear", RunId: runId));
        }

        await stage.Grains.GetGrain<IExecutionRunGrain>(IExecutionRunGrain.KeyOf(ended)).EndAsync(new RunEnd(RunStatus.Cancelled, new RunReport()), Stop);
        // Times of a run never repeat, even where the clock stands still.
        stage.Clock.Advance(TimeSpan.FromSeconds(1));
        await stage.SweepAsync();

        Assert.Equal("red apple|t|t", await stage.Database.PsqlAsync(
            $"""
            select e.content, e.expired_at = r.ended_at, r.id = '{ended}' from events e join execution_runs r on r.id = e.run_id
            where e.client_id = '{_client}' and e.expired_at is not null
            """));
        Assert.Equal("expire|1|1\ninsert|4|4", await stage.LogAsync(_client));
    }

    [Fact]
    public async Task a_restart_between_two_batches_loses_and_repeats_nothing()
    {
        await stage.AddExpiringAsync(_client, 2_500);
        var sweep = new ExpirySweep(stage.Expiry, new RetentionMetrics(new Meters(), stage.Clock), stage.Clock);
        Assert.True(await sweep.StepAsync(Stop));
        Assert.Equal(1_000, sweep.Marked);

        await stage.RestartAsync();
        await stage.SweepAsync();

        Assert.Equal("expire|2500|2500\ninsert|2500|2500", await stage.LogAsync(_client));
        Assert.Equal("2500", await stage.Database.PsqlAsync($"select count(*) from events where client_id = '{_client}' and expired_at = expires_at"));
    }

    [Fact]
    public async Task a_connection_that_breaks_in_the_midst_of_a_batch_loses_and_repeats_nothing()
    {
        await stage.AddExpiringAsync(_client, 1_500);
        var sweep = new ExpirySweep(stage.Expiry, new RetentionMetrics(new Meters(), stage.Clock), stage.Clock);
        await using var operators = await stage.Database.DataSource.OpenConnectionAsync(Stop);
        await using var transaction = await operators.BeginTransactionAsync(Stop);
        await ExecuteAsync(operators, "lock table change_log in share row exclusive mode");
        var step = sweep.StepAsync(Stop);
        await stage.Database.LockAwaitedAsync();

        await ExecuteAsync(operators, "select pg_terminate_backend(pid) from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'");
        await Assert.ThrowsAsync<OutcomeUnknownException>(() => step);
        await transaction.RollbackAsync(Stop);

        Assert.Equal("insert|1500|1500", await stage.LogAsync(_client));
        await stage.SweepAsync();
        Assert.Equal("expire|1500|1500\ninsert|1500|1500", await stage.LogAsync(_client));
    }

    [Fact]
    public async Task sweepers_beside_each_other_mark_each_memory_once()
    {
        await stage.AddExpiringAsync(_client, 4_000);
        var store = stage.Expiry;

        var marked = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => store.MarkDueAsync(stage.Clock.GetUtcNow(), 1_000)));
        await stage.SweepAsync();

        Assert.Contains(marked, count => count > 0);
        Assert.Equal("expire|4000|4000\ninsert|4000|4000", await stage.LogAsync(_client));
    }

    [Fact]
    public async Task what_an_operator_holds_is_passed_over_and_marked_later()
    {
        await stage.AddExpiringAsync(_client, 3);
        await using var operators = await stage.Database.DataSource.OpenConnectionAsync(Stop);
        await using var transaction = await operators.BeginTransactionAsync(Stop);
        await ExecuteAsync(operators, $"update events set content = 'note 0, edited' where client_id = '{_client}' and content = 'note 0'");

        await stage.SweepAsync();
        Assert.Equal("expire|2|2\ninsert|3|3", await stage.LogAsync(_client));

        await transaction.CommitAsync(Stop);
        await stage.SweepAsync();
        Assert.Equal("expire|3|3\ninsert|3|3\nupdate|1|1", await stage.LogAsync(_client));
    }

    [Fact]
    public async Task a_memory_whose_end_an_operator_puts_off_lives_again_and_expires_again()
    {
        var session = stage.Session(_client);
        await session.RememberAsync(new NewMemory("red apple", Scope: MemoryScope.Session));
        stage.Clock.Advance(TimeSpan.FromHours(24));
        await stage.SweepAsync();

        await stage.Database.PsqlAsync($"update events set expires_at = timestamptz '{stage.Clock.GetUtcNow():O}' + interval '1 hour' where client_id = '{_client}'");
        await session.CatchUpAsync(Stop);
        await stage.SweepAsync();

        Assert.Equal(["red apple"], await session.RecallAsync("apple"));
        Assert.Equal("0", await stage.Database.PsqlAsync($"select count(expired_at) from events where client_id = '{_client}'"));

        stage.Clock.Advance(TimeSpan.FromHours(1));
        await stage.SweepAsync();
        Assert.Empty(await session.RecallAsync("apple"));
        Assert.Equal("expire|2|1\ninsert|1|1\nupdate|1|1", await stage.LogAsync(_client));
    }

    [Fact]
    public async Task what_is_marked_and_how_long_it_waited_is_counted()
    {
        await stage.SweepAsync();
        using var meters = new Meters();
        using var counts = new MeasuredCounts(meters);
        var metrics = new RetentionMetrics(meters, stage.Clock);
        await stage.AddExpiringAsync(_client, 1_001);
        var sweep = new ExpirySweep(stage.Expiry, metrics, stage.Clock);
        stage.Clock.Advance(TimeSpan.FromSeconds(20));

        Assert.True(await sweep.StepAsync(Stop));
        Assert.Contains("events_marked=1000", counts.Read(), StringComparison.Ordinal);
        Assert.Contains("oldest_due=21", counts.Read(), StringComparison.Ordinal);

        Assert.False(await sweep.StepAsync(Stop));
        Assert.Contains("events_marked=1001", counts.Read(), StringComparison.Ordinal);
        Assert.Contains("oldest_due=0", counts.Read(), StringComparison.Ordinal);
    }

    private static async Task ExecuteAsync(NpgsqlConnection connection, string sql)
    {
        await using var command = new NpgsqlCommand(sql, connection);
        await command.ExecuteNonQueryAsync(Stop);
    }
}
