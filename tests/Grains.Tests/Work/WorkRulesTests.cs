using Actors.Work;

namespace Actors.Grains.Tests.Work;

public class WorkRulesTests
{
    private static readonly DateTimeOffset Now = new(2026, 11, 23, 9, 0, 0, TimeSpan.Zero);

    private static readonly TaskRecord Task = new(
        Guid.NewGuid(), "1", Guid.NewGuid(), Guid.NewGuid(), 3, "title", "description", TaskState.Blocked, 7, "Ada", ["a"], [Guid.NewGuid()], 1, 2, Now, Now, Now.AddHours(1), Now, Now);

    private static readonly SprintRecord Sprint = new(Guid.NewGuid(), "1", SprintWeek.Parse("2026-W48")!, "name", "goal", SprintStatus.Active, 30, Now, Now);

    [Fact]
    public void what_is_not_given_stays()
    {
        Assert.Equal(Task, WorkRules.Change(Task, new TaskChange()));
        Assert.Equal(Sprint, WorkRules.Change(Sprint, new SprintChange()));
    }

    [Fact]
    public void nothing_takes_away_what_may_be_missing()
    {
        var emptied = WorkRules.Change(Task, new TaskChange(
            Description: new(null), ProjectId: new(null), Owner: new(null), Tags: [], DependsOn: [], EstimatedHours: new(null), ActualHours: new(null), DueAt: new(null),
            ScheduledStartAt: new(null), ScheduledEndAt: new(null)));

        Assert.Equal(
            Task with
            {
                Description = null, ProjectId = null, Owner = null, Tags = emptied.Tags, DependsOn = emptied.DependsOn, EstimatedHours = null, ActualHours = null, DueAt = null,
                ScheduledStartAt = null, ScheduledEndAt = null,
            },
            emptied);
        Assert.Equal((0, 0), (emptied.Tags.Length, emptied.DependsOn.Length));
    }

    [Fact]
    public void what_is_given_takes_its_place()
    {
        var changed = WorkRules.Change(Task, new TaskChange(Title: "new", State: TaskState.Done, Priority: -1, DueAt: new(Now.AddDays(1))));
        Assert.Equal(Task with { Title = "new", State = TaskState.Done, Priority = -1, DueAt = Now.AddDays(1) }, changed);
        var project = new ProjectRecord(Guid.NewGuid(), "1", "name", "description", true, ProjectStatus.Active, Now, Now);
        Assert.Equal(project with { Name = "new", IsBillable = false }, WorkRules.Change(project, new ProjectChange("new", IsBillable: false)));
        Assert.Equal(Sprint with { Goal = null, CapacityHours = 32 }, WorkRules.Change(Sprint, new SprintChange(Goal: new(null), CapacityHours: 32)));
    }

    [Theory]
    [InlineData(30, 15, 20, 50, 75, true)]
    [InlineData(30, 18, 18, 60, 100, false)]
    [InlineData(0, 15, 20, 0, 75, true)]
    [InlineData(30, 0, 0, 0, 0, true)]
    public void a_week_is_below_the_floor_when_too_little_of_its_capacity_is_billed(
        int capacity, double billable, double scheduled, double billablePct, double ofScheduledPct, bool isBelow)
    {
        var week = new WeekCapacity(Sprint with { CapacityHours = capacity }, billable, scheduled, FloorPct: 60);
        Assert.Equal((billablePct, ofScheduledPct, isBelow), (week.BillablePct, week.BillableOfScheduledPct, week.IsBelowFloor));
    }

    [Fact]
    public void a_week_without_a_sprint_is_not_below_the_floor()
    {
        var week = new WeekCapacity(null, 1, 2, FloorPct: 60);
        Assert.Equal((0, 0, 50, false), (week.CapacityHours, week.BillablePct, week.BillableOfScheduledPct, week.IsBelowFloor));
    }
}
