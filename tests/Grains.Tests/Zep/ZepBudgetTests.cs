using Actors.Support;
using Actors.Zep;
using Microsoft.Extensions.Options;

namespace Actors.Grains.Tests.Zep;

/// <summary>How long Zep is left alone, by one process and by all.</summary>
public sealed class ZepBudgetTests(ZepDatabase database) : IClassFixture<ZepDatabase>, IAsyncLifetime
{
    public async ValueTask InitializeAsync() => await database.ResetBudgetAsync();

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    [Fact]
    public async Task a_limit_that_was_over_before_it_was_told_pauses_as_a_failure_does()
    {
        using var scene = new GateScene(database);
        scene.Zep.Otherwise = GateScene.Failing(ZepFailure.Throttled, rate: new ZepRate(6_000, 0, scene.Time.GetUtcNow().AddMinutes(-2)));

        Assert.Equal(ZepFailure.Throttled, (await scene.PingAsync()).Failure);
        Assert.Equal(ZepFailure.Paused, (await scene.PingAsync()).Failure);
        Assert.Equal(ZepFailure.Paused, (await scene.PingAsync(ZepUse.Search)).Failure);

        Assert.Single(scene.Zep.Calls);
    }

    [Fact]
    public async Task a_clock_that_was_ahead_keeps_zep_away_no_longer_than_it_was()
    {
        await database.ResetBudgetAsync();
        var time = new ManualTimeProvider();
        var clock = new ClockAhead(time) { By = TimeSpan.FromHours(9) };
        var budget = new ZepBudget(new ZepBudgetStore(database.Storage), Options.Create(new ZepQueueOptions()), clock);
        await budget.NoteAsync(GateScene.Failing(ZepFailure.Throttled, TimeSpan.FromSeconds(30)));
        Assert.NotNull(budget.Denied(ZepUse.Write));

        clock.By = TimeSpan.Zero;
        time.Advance(TimeSpan.FromMinutes(1));

        Assert.True((await budget.TakeAsync(ZepUse.Write)).IsGranted);
    }

    [Fact]
    public async Task zep_is_left_alone_for_as_long_as_it_asks_by_all_processes()
    {
        using var scene = new GateScene(database);
        using var other = new GateScene(database, time: scene.Time);
        scene.Zep.Next.Enqueue(GateScene.Failing(ZepFailure.Throttled, TimeSpan.FromSeconds(90), new ZepRate(5, 0, null)));

        Assert.Equal(ZepFailure.Throttled, (await scene.PingAsync()).Failure);
        Assert.True(scene.Gate.IsFailing);
        Assert.Equal(ZepFailure.Paused, (await scene.PingAsync()).Failure);
        Assert.Equal(ZepFailure.Paused, (await other.PingAsync(ZepUse.Search)).Failure);
        scene.Time.Advance(TimeSpan.FromSeconds(89));
        Assert.Equal(ZepFailure.Paused, (await other.PingAsync()).Failure);
        // As chance has it, up to a twentieth later.
        scene.Time.Advance(TimeSpan.FromSeconds(6));
        Assert.Null((await other.PingAsync()).Failure);
        Assert.Null((await scene.PingAsync()).Failure);
        Assert.Equal(2, scene.Zep.Calls.Count);
        Assert.Equal("2", await database.PsqlAsync("select month_calls from zep_budget"));
    }

    [Fact]
    public async Task a_pause_survives_a_restart()
    {
        using (var scene = new GateScene(database))
        {
            scene.Zep.Next.Enqueue(GateScene.Failing(ZepFailure.Throttled, TimeSpan.FromSeconds(60)));
            await scene.PingAsync();
        }

        using var anew = new GateScene(database);
        Assert.Equal(ZepFailure.Paused, (await anew.PingAsync()).Failure);
        Assert.Empty(anew.Zep.Calls);
    }

    [Fact]
    public async Task who_is_over_the_minute_asks_neither_zep_nor_postgres_until_it_ends()
    {
        using var scene = new GateScene(database);
        for (var call = 0; call < 5; call++)
        {
            Assert.Null((await scene.PingAsync()).Failure);
        }

        var denied = await scene.PingAsync();
        Assert.Equal((ZepFailure.OverBudget, "minute"), (denied.Failure, denied.Detail));
        // As if others had given some back.
        await database.PsqlAsync("update zep_budget set minute_left = 5");
        Assert.Equal(ZepFailure.OverBudget, (await scene.PingAsync()).Failure);
        scene.Time.Advance(TimeSpan.FromMinutes(1));
        Assert.Null((await scene.PingAsync()).Failure);
        Assert.Equal(6, scene.Zep.Calls.Count);
    }

    [Fact]
    public async Task without_postgres_there_is_no_call_and_soon_after_there_is()
    {
        using var scene = new GateScene(database);
        database.Writes.Close("for the test");
        try
        {
            Assert.Equal(ZepFailure.Paused, (await scene.PingAsync()).Failure);
        }
        finally
        {
            database.Writes.Open();
        }

        Assert.Empty(scene.Zep.Calls);
        scene.Time.Advance(TimeSpan.FromSeconds(1));
        Assert.Null((await scene.PingAsync()).Failure);
    }

    private sealed class ClockAhead(ManualTimeProvider time) : TimeProvider
    {
        public TimeSpan By { get; set; }

        public override long TimestampFrequency => time.TimestampFrequency;

        public override DateTimeOffset GetUtcNow() => time.GetUtcNow() + By;

        public override long GetTimestamp() => time.GetTimestamp();
    }
}
