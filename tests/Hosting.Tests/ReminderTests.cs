using Actors.Hosting.Tests.Grains;
using Actors.Support;

namespace Actors.Hosting.Tests;

public sealed class ReminderTests : IAsyncLifetime
{
    private static readonly TimeSpan Minute = TimeSpan.FromMinutes(1);

    private readonly string _key = Stage.NewKey();
    private readonly ManualTimeProvider _clock = new();
    private TestDatabase _database = null!;
    private ActorHostFixture _host = null!;

    private Stage Stage => Stage.Of(_key);

    private IReminderGrain Grain => _host.Grains.GetGrain<IReminderGrain>(_key);

    public async ValueTask InitializeAsync()
    {
        _database = await TestPostgres.CreateAsync();
        await StartHostAsync();
    }

    public async ValueTask DisposeAsync()
    {
        await _host.DisposeAsync();
        await _database.DisposeAsync();
    }

    [Fact]
    public async Task a_reminder_ticks_when_due_and_then_every_period()
    {
        await Grain.RegisterAsync("look", Minute * 2, Minute * 5);

        await _host.PassAsync(Minute * 2, Stage.WhenAsync("look"));
        await _host.PassAsync(Minute * 5, Stage.WhenAsync("look", 2));

        Assert.Equal(2, Stage.Count("look first 08:02:00 period 00:05:00"));
    }

    [Fact]
    public async Task reminders_survive_a_restart_of_the_host()
    {
        Assert.SkipUnless(ActorHostFixture.RemindersLast, "needs reminders in Postgres: Orleans' scripts in the folder that ORLEANS_SQL names; they are not in this repository");
        await Grain.RegisterAsync("look", Minute * 5, Minute * 5);
        await _host.DisposeAsync();

        await StartHostAgainAsync();
        await _host.PassAsync(Minute * 5, Stage.WhenAsync("look"));

        Assert.Equal("look", await Grain.NamesAsync());
    }

    [Fact]
    public async Task ticks_missed_while_no_host_ran_are_not_made_up_for()
    {
        Assert.SkipUnless(ActorHostFixture.RemindersLast, "needs reminders in Postgres: Orleans' scripts in the folder that ORLEANS_SQL names; they are not in this repository");
        await Grain.RegisterAsync("look", Minute * 10, Minute * 10);
        await _host.DisposeAsync();
        _clock.Advance(Minute * 55);

        await StartHostAgainAsync();
        await _host.PassAsync(Minute * 5, Stage.WhenAsync("look at 09:00"));
        await _host.PassAsync(Minute * 10, Stage.WhenAsync("look at 09:10"));

        // Five were missed; the two since keep the rhythm of the first.
        Assert.Equal(2, Stage.Count("look"));
    }

    [Fact]
    public async Task a_reminder_registered_again_is_changed()
    {
        await Grain.RegisterAsync("look", Minute, Minute);
        await Grain.RegisterAsync("look", Minute * 30, Minute * 7);

        await _host.PassAsync(Minute * 29);
        Assert.Equal("look", await Grain.NamesAsync());
        Assert.Equal(0, Stage.Count("look"));

        await _host.PassAsync(Minute, Stage.WhenAsync("look first 08:30:00 period 00:07:00"));
    }

    [Fact]
    public async Task a_removed_reminder_does_not_tick()
    {
        await Grain.RegisterAsync("gone", Minute, Minute);
        await Grain.RegisterAsync("stays", Minute * 2, Minute * 2);
        await Grain.UnregisterAsync("gone");
        Assert.Equal("stays", await Grain.NamesAsync());

        await _host.PassAsync(Minute * 2, Stage.WhenAsync("stays"));

        Assert.Equal(0, Stage.Count("gone"));
        await Assert.ThrowsAsync<RefusedException>(() => Grain.UnregisterAsync("gone"));
    }

    [Fact]
    public async Task a_reminder_wakes_a_grain_that_was_deactivated()
    {
        await Grain.RegisterAsync("look", Minute * 50, Minute * 50);

        await _host.PassAsync(Minute * 50, Stage.WhenAsync("look"));
    }

    [Fact]
    public async Task a_period_below_the_minimum_and_times_that_are_none_are_refused()
    {
        await Assert.ThrowsAsync<ArgumentException>(() => Grain.RegisterAsync("look", Minute, Minute / 2));
        await Assert.ThrowsAsync<ArgumentOutOfRangeException>(() => Grain.RegisterAsync("look", -Minute, Minute));
        await Assert.ThrowsAsync<ArgumentOutOfRangeException>(() => Grain.RegisterAsync("look", Minute, Timeout.InfiniteTimeSpan));

        Assert.Equal("", await Grain.NamesAsync());
    }

    private async Task StartHostAsync() =>
        _host = await ActorHostFixture.StartAsync(new ActorHostSettings { Database = _database, Clock = _clock });

    /// <summary>Orleans reads what reminders there are once its silos have started. A registration waits until it has.</summary>
    private async Task StartHostAgainAsync()
    {
        await StartHostAsync();
        await Grain.RegisterAsync("start", Minute, Minute);
        await Grain.UnregisterAsync("start");
    }
}
