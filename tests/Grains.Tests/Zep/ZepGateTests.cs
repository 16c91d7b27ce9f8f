using Actors.Zep;

namespace Actors.Grains.Tests.Zep;

/// <summary>Who may ask Zep, and when.</summary>
public sealed class ZepGateTests(ZepDatabase database) : IClassFixture<ZepDatabase>, IAsyncLifetime
{
    public async ValueTask InitializeAsync() => await database.ResetBudgetAsync();

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    [Theory]
    [InlineData(nameof(ZepFailure.Unreachable), 1)]
    [InlineData(nameof(ZepFailure.TimedOut), 1)]
    [InlineData(nameof(ZepFailure.Failed), 1)]
    [InlineData(nameof(ZepFailure.Unreadable), 1)]
    [InlineData(nameof(ZepFailure.Unauthorized), 300)]
    [InlineData(nameof(ZepFailure.Removed), 300)]
    public async Task after_a_failure_nobody_passes_for_a_while_and_then_one_tries(string name, int seconds)
    {
        var failure = Enum.Parse<ZepFailure>(name);
        using var scene = new GateScene(database);
        scene.Zep.Next.Enqueue(GateScene.Failing(failure));
        Assert.Equal(failure, (await scene.PingAsync()).Failure);
        Assert.True(scene.Gate.IsFailing);

        scene.Time.Advance(TimeSpan.FromSeconds(seconds - 0.1));
        Assert.Equal(ZepFailure.Paused, (await scene.PingAsync()).Failure);
        Assert.True(scene.Gate.IsClosedFor(ZepUse.Search));
        // As chance has it, up to a twentieth later.
        scene.Time.Advance(TimeSpan.FromSeconds(0.1 + (0.05 * seconds)));
        Assert.Null((await scene.PingAsync()).Failure);
        Assert.False(scene.Gate.IsFailing);
        Assert.Equal(["ping", "ping"], scene.Zep.Calls);
    }

    [Theory]
    [InlineData(nameof(ZepFailure.NotFound))]
    [InlineData(nameof(ZepFailure.Refused))]
    public async Task who_is_refused_for_what_it_sends_keeps_nobody_else_away(string name)
    {
        var failure = Enum.Parse<ZepFailure>(name);
        using var scene = new GateScene(database);
        scene.Zep.Otherwise = GateScene.Failing(failure);
        Assert.Equal(failure, (await scene.PingAsync()).Failure);
        Assert.Equal(failure, (await scene.PingAsync()).Failure);
        Assert.False(scene.Gate.IsFailing);
    }

    [Fact]
    public async Task searches_that_are_given_up_pause_searches_and_writes_go_on()
    {
        using var scene = new GateScene(database);
        for (var search = 0; search < 3; search++)
        {
            await GiveUpAsync(scene, nobodyWaits: false);
        }

        scene.Zep.Before = (_, _) => Task.CompletedTask;
        Assert.Equal(ZepFailure.Paused, (await scene.PingAsync(ZepUse.Search)).Failure);
        Assert.Null((await scene.PingAsync()).Failure);
        scene.Time.Advance(TimeSpan.FromSeconds(5.25));
        Assert.Null((await scene.PingAsync(ZepUse.Search)).Failure);
    }

    [Fact]
    public async Task searches_whose_callers_have_gone_are_no_sign_of_slowness()
    {
        using var scene = new GateScene(database);
        for (var search = 0; search < 3; search++)
        {
            await GiveUpAsync(scene, nobodyWaits: true);
        }

        scene.Zep.Before = (_, _) => Task.CompletedTask;
        Assert.Null((await scene.PingAsync(ZepUse.Search)).Failure);
    }

    [Fact]
    public async Task a_call_that_nobody_waits_for_any_more_is_not_made_and_given_back()
    {
        using var scene = new GateScene(database);
        using var gone = new CancellationTokenSource();
        await gone.CancelAsync();
        for (var search = 0; search < 3; search++)
        {
            await Assert.ThrowsAnyAsync<OperationCanceledException>(() => scene.PingAsync(ZepUse.Search, gone.Token));
        }

        Assert.Empty(scene.Zep.Calls);
        Assert.Equal("0|0", await database.PsqlAsync("select day_calls, month_calls from zep_budget"));
        Assert.Null((await scene.PingAsync(ZepUse.Search)).Failure);
    }

    [Theory]
    [InlineData(nameof(ZepFailure.Unauthorized), 300)]
    [InlineData(nameof(ZepFailure.Removed), 300)]
    public async Task searches_that_zep_does_not_allow_keep_no_write_away(string name, int seconds)
    {
        using var scene = new GateScene(database);
        scene.Zep.Next.Enqueue(GateScene.Failing(Enum.Parse<ZepFailure>(name)));
        await scene.PingAsync(ZepUse.Search);

        Assert.False(scene.Gate.IsClosedFor(ZepUse.Write));
        Assert.Null((await scene.PingAsync()).Failure);
        scene.Time.Advance(TimeSpan.FromSeconds(seconds - 0.1));
        Assert.Equal(ZepFailure.Paused, (await scene.PingAsync(ZepUse.Search)).Failure);
        scene.Time.Advance(TimeSpan.FromSeconds(0.1 + (0.05 * seconds)));
        Assert.Null((await scene.PingAsync(ZepUse.Search)).Failure);
    }

    [Fact]
    public async Task searches_that_fail_pause_searches_after_three()
    {
        using var scene = new GateScene(database);
        for (var search = 0; search < 3; search++)
        {
            scene.Zep.Next.Enqueue(GateScene.Failing(ZepFailure.Failed));
            Assert.Equal(ZepFailure.Failed, (await scene.PingAsync(ZepUse.Search)).Failure);
        }

        Assert.Equal(ZepFailure.Paused, (await scene.PingAsync(ZepUse.Search)).Failure);
        Assert.Null((await scene.PingAsync()).Failure);
    }

    [Fact]
    public async Task rows_that_cannot_be_sent_yet_keep_no_search_away()
    {
        using var scene = new GateScene(database);
        await database.PsqlAsync(
            """
            insert into outbox (client_id, table_name, row_id, next_attempt_at) values ('stuck', 'events', uuid_v7(), '2100-01-01');
            insert into outbox (client_id, table_name, row_id) select 'stuck', 'events', uuid_v7() from generate_series(1, 9);
            """);
        try
        {
            Assert.Null((await scene.PingAsync(ZepUse.Search)).Failure);
            await database.PsqlAsync("update outbox set next_attempt_at = null where client_id = 'stuck'");
            Assert.Equal("writes_first", (await scene.PingAsync(ZepUse.Search)).Detail);
        }
        finally
        {
            await database.PsqlAsync("delete from outbox where client_id = 'stuck'");
        }
    }

    [Fact]
    public async Task whether_it_is_well_is_asked_right_after_a_failure_and_lets_others_pass_again()
    {
        using var scene = new GateScene(database);
        scene.Zep.Next.Enqueue(GateScene.Failing(ZepFailure.Failed));
        await scene.PingAsync();
        Assert.Equal(ZepFailure.Paused, (await scene.PingAsync()).Failure);

        Assert.True(await scene.Gate.IsWellAsync(TestContext.Current.CancellationToken));

        Assert.Null((await scene.PingAsync()).Failure);
    }

    [Fact]
    public async Task an_outage_is_told_when_it_begins_and_when_it_ends()
    {
        using var scene = new GateScene(database);
        scene.Zep.Otherwise = GateScene.Failing(ZepFailure.Failed);
        for (var minute = 0; minute < 5; minute++)
        {
            Assert.Equal(ZepFailure.Failed, (await scene.PingAsync()).Failure);
            Assert.False(await scene.Gate.IsWellAsync(TestContext.Current.CancellationToken));
            scene.Time.Advance(TimeSpan.FromMinutes(2));
        }

        Assert.StartsWith("Zep fails: Failed", Assert.Single(scene.Log), StringComparison.Ordinal);
        scene.Zep.Otherwise = new ZepAnswer();
        await scene.PingAsync();
        await scene.PingAsync();
        Assert.Equal(["Zep answers again"], scene.Log.Skip(1));
    }

    [Fact]
    public async Task what_fails_while_zep_is_well_is_no_outage_to_tell_of()
    {
        using var scene = new GateScene(database);
        for (var attempt = 0; attempt < 3; attempt++)
        {
            scene.Zep.Next.Enqueue(GateScene.Failing(ZepFailure.Failed));
            Assert.Equal(ZepFailure.Failed, (await scene.PingAsync()).Failure);
            Assert.True(await scene.Gate.IsWellAsync(TestContext.Current.CancellationToken));
            // For the budget, which has five calls a minute.
            scene.Time.Advance(TimeSpan.FromMinutes(1));
        }

        Assert.Empty(scene.Log);
    }

    [Fact]
    public async Task calls_are_counted_by_use_and_outcome_and_the_state_tells_since_when()
    {
        using var scene = new GateScene(database);
        using var counts = scene.Measure();
        await scene.PingAsync();
        scene.Time.Advance(TimeSpan.FromSeconds(1));
        scene.Zep.Next.Enqueue(GateScene.Failing(ZepFailure.Unauthorized));
        await scene.PingAsync(ZepUse.Search);
        await scene.PingAsync(ZepUse.Search);

        Assert.Equal("actors.zep.calls{search}=2 actors.zep.calls{write}=1", counts.Read());
        Assert.Equal((false, scene.Time.GetUtcNow(), "unauthorized: told"), (scene.Gate.State.IsWell, scene.Gate.State.Since, scene.Gate.State.Why));
    }

    private static async Task GiveUpAsync(GateScene scene, bool nobodyWaits)
    {
        using var limit = new CancellationTokenSource();
        var isAsked = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        scene.Zep.Before = (_, stop) =>
        {
            isAsked.SetResult();
            return Task.Delay(Timeout.InfiniteTimeSpan, stop);
        };
        var asking = scene.Gate.CallAsync(ZepUse.Search, (zep, stop) => zep.PingAsync(stop), limit.Token, nobodyWaits ? limit.Token : CancellationToken.None);
        await isAsked.Task;
        await limit.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => asking);
    }
}
