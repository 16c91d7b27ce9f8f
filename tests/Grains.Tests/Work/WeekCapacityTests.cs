using Actors.Access;
using Actors.Support;
using Actors.Work;

namespace Actors.Grains.Tests.Work;

/// <summary>The current week goes by the service's clock and the configured zone.</summary>
public sealed class WeekCapacityTests : IAsyncLifetime
{
    private const string Client = "1";

    // Sunday, 23:45 in Los Angeles; in UTC it is Monday.
    private readonly ManualTimeProvider _clock = new(new DateTimeOffset(2026, 11, 30, 7, 45, 0, TimeSpan.Zero));
    private TestDatabase _database = null!;
    private GrainHost _host = null!;

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    private IWorkGrain Work => _host.Grains.GetGrain<IWorkGrain>(IWorkGrain.KeyOf(Client));

    private IWorkQueryGrain Queries => _host.Grains.GetGrain<IWorkQueryGrain>(IWorkQueryGrain.Key);

    public async ValueTask InitializeAsync()
    {
        _database = await TestPostgres.CreateAsync();
        _host = await GrainHost.StartAsync(_database, _clock, ("Planner:BillableFloorPct", "50"));
    }

    public async ValueTask DisposeAsync()
    {
        await _host.DisposeAsync();
        await _database.DisposeAsync();
    }

    [Fact]
    public async Task a_week_has_the_hours_of_its_tasks_and_ends_at_midnight_of_its_zone()
    {
        var billed = await Work.CreateProjectAsync(new NewProject("billed"), Stop);
        var own = await Work.CreateProjectAsync(new NewProject("our own", IsBillable: false), Stop);
        await Work.CreateSprintAsync(new NewSprint(SprintWeek.Parse("2026-W48")!, CapacityHours: 20), Stop);
        var monday = new DateTimeOffset(2026, 11, 23, 0, 0, 0, TimeSpan.FromHours(-8));
        // An estimate counts before a slot, and a task with neither is a task without hours.
        await CreateAsync(billed, monday, hours: 4, slot: TimeSpan.FromHours(9));
        await CreateAsync(billed, monday.AddDays(6).AddHours(23.5), slot: TimeSpan.FromHours(1.5));
        await CreateAsync(own, monday.AddDays(2), hours: 3);
        await CreateAsync(null, monday.AddDays(2), hours: 2.5m);
        await CreateAsync(billed, monday.AddDays(2));
        await CreateAsync(billed, monday.AddTicks(-10), hours: 100);
        await CreateAsync(billed, monday.AddDays(7).AddHours(0.5), hours: 8);
        await Work.CreateTaskAsync(NewTask.Of("given up") with { ProjectId = billed.Id, ScheduledStartAt = monday, EstimatedHours = 100, State = TaskState.Cancelled }, Stop);
        await Work.CreateTaskAsync(NewTask.Of("not scheduled") with { ProjectId = billed.Id, EstimatedHours = 100 }, Stop);
        await _database.PsqlAsync("insert into tasks (client_id, title, scheduled_start_at, estimated_hours) values ('2', 'another client''s', '2026-11-24', 100)");

        var week = await Queries.CapacityAsync(Client, week: null, Stop);

        Assert.Equal("2026-W48", week.Sprint!.Week.ToString());
        Assert.Equal((20, 5.5, 11, 27.5, 50, true), (week.CapacityHours, week.PlannedBillableHours, week.ScheduledHours, week.BillablePct, week.BillableOfScheduledPct, week.IsBelowFloor));
        Assert.Equal(6, (await ListAsync(new Given<SprintWeek>(null))).Length);

        _clock.Advance(TimeSpan.FromMinutes(15));
        var next = await Queries.CapacityAsync(Client, week: null, Stop);
        Assert.Null(next.Sprint);
        Assert.Equal((0, 8, 8, 0, 100, false), (next.CapacityHours, next.PlannedBillableHours, next.ScheduledHours, next.BillablePct, next.BillableOfScheduledPct, next.IsBelowFloor));
        Assert.Single(await ListAsync(new Given<SprintWeek>(null)));
        Assert.Equal(6, (await ListAsync(new Given<SprintWeek>(SprintWeek.Parse("2026-W48")))).Length);
        var earlier = await Queries.CapacityAsync(Client, SprintWeek.Parse("2026-W48"), Stop);
        Assert.Equal(11, earlier.ScheduledHours);
    }

    [Fact]
    public async Task the_current_sprint_is_that_of_the_week_it_is_in_the_zone()
    {
        var week = SprintWeek.Parse("2026-W48")!;
        await Work.CreateSprintAsync(new NewSprint(week), Stop);

        Assert.Equal(30, (await Work.ChangeSprintAsync(null, new SprintChange(CapacityHours: 30), expected: null, Stop)).CapacityHours);
        Assert.NotNull(await Queries.FindSprintAsync(Client, week: null, Stop));
        await Work.DeleteSprintAsync(null, expected: null, Stop);
        Assert.Null(await Queries.FindSprintAsync(Client, week, Stop));
    }

    private async Task<TaskRecord[]> ListAsync(Given<SprintWeek> sprint) =>
        [.. (await Queries.ListTasksAsync(new TaskListRequest(new ClientVisibility(default), Client, null, null, null, null, null, null, null, null, sprint, TaskOrder.Newest, 100, null), Stop)).Tasks];

    private Task<TaskRecord> CreateAsync(ProjectRecord? project, DateTimeOffset start, decimal? hours = null, TimeSpan? slot = null) => Work.CreateTaskAsync(
        NewTask.Of("a task") with { ProjectId = project?.Id, EstimatedHours = hours, ScheduledStartAt = start, ScheduledEndAt = start + slot }, Stop);
}
