using System.ComponentModel;
using Actors.OpenApi;

namespace Actors.Work;

[Description("A task.")]
internal sealed record TaskView(
    [Description("Its id.")] Guid TaskId,
    [Description("Whose; null: the house's.")] string? ClientId,
    [Description("In which project; null: none.")] Guid? ProjectId,
    [Description("Of which plan; null: none.")] Guid? PlanId,
    [Description("Which step of the plan, from 1; null: none.")] int? StepNumber,
    [Description("What is to be done.")] string Title,
    [Description("How; null: not said.")] string? Description,
    [Description("How far it has come."), ValuesOf(typeof(TaskStateNames), nameof(TaskStateNames.All))] string Status,
    [Description("More is more urgent.")] int Priority,
    [Description("Who does it; null: not said.")] string? Owner,
    [Description("Its tags.")] string[] Tags,
    [Description("Ids of the tasks that come first.")] Guid[] DependsOn,
    [Description("How long it is thought to take; null: not said.")] decimal? EstimatedHours,
    [Description("How long it took; null: not known.")] decimal? ActualHours,
    [Description("By when it must be done; null: not said.")] DateTimeOffset? DueAt,
    [Description("When it is to begin; null: not scheduled.")] DateTimeOffset? ScheduledStartAt,
    [Description("When it is to end; null: not said.")] DateTimeOffset? ScheduledEndAt,
    [Description("When it was made.")] DateTimeOffset CreatedAt,
    [Description("When it was changed last.")] DateTimeOffset UpdatedAt)
{
    public static TaskView Of(TaskRecord task) => new(
        task.Id,
        task.ClientId,
        task.ProjectId,
        task.PlanId,
        task.StepNumber,
        task.Title,
        task.Description,
        TaskStateNames.Of(task.State),
        task.Priority,
        task.Owner,
        [.. task.Tags],
        [.. task.DependsOn],
        task.EstimatedHours,
        task.ActualHours,
        task.DueAt,
        task.ScheduledStartAt,
        task.ScheduledEndAt,
        task.CreatedAt,
        task.UpdatedAt);
}

[Description("One page of tasks.")]
internal sealed record TaskList(
    [Description("Newest first.")] TaskView[] Items,
    [Description("The `cursor` of the next page; null: this is the last.")] string? NextCursor);

[Description("A project.")]
internal sealed record ProjectView(
    [Description("Its id.")] Guid ProjectId,
    [Description("Whose; null: the house's.")] string? ClientId,
    [Description("What it is called.")] string Name,
    [Description("What it is; null: not said.")] string? Description,
    [Description("Whether hours of its tasks are billed.")] bool Billable,
    [Description("How far it has come."), ValuesOf(typeof(ProjectStatusNames), nameof(ProjectStatusNames.All))] string Status,
    [Description("When it was made.")] DateTimeOffset CreatedAt,
    [Description("When it was changed last.")] DateTimeOffset UpdatedAt)
{
    public static ProjectView Of(ProjectRecord project) => new(
        project.Id,
        project.ClientId,
        project.Name,
        project.Description,
        project.IsBillable,
        ProjectStatusNames.Of(project.Status),
        project.CreatedAt,
        project.UpdatedAt);
}

[Description("One page of projects.")]
internal sealed record ProjectList(
    [Description("Newest first.")] ProjectView[] Items,
    [Description("The `cursor` of the next page; null: this is the last.")] string? NextCursor);

[Description("A sprint: a week of a client, Monday to Sunday.")]
internal sealed record SprintView(
    [Description("Its ISO week, for example 2026-W48.")] string SprintId,
    [Description("Whose; null: the house's.")] string? ClientId,
    [Description("What it is called.")] string Name,
    [Description("What it is for; null: not said.")] string? Goal,
    [Description("How far it has come."), ValuesOf(typeof(SprintStatusNames), nameof(SprintStatusNames.All))] string Status,
    [Description("Its Monday.")] DateOnly StartsOn,
    [Description("Its Sunday.")] DateOnly EndsOn,
    [Description("How many hours there are in the week.")] decimal CapacityHours,
    [Description("When it was made.")] DateTimeOffset CreatedAt,
    [Description("When it was changed last.")] DateTimeOffset UpdatedAt)
{
    public static SprintView Of(SprintRecord sprint) => new(
        sprint.Week.ToString(),
        sprint.ClientId,
        sprint.Name,
        sprint.Goal,
        SprintStatusNames.Of(sprint.Status),
        sprint.Week.FirstDay,
        sprint.Week.LastDay,
        sprint.CapacityHours,
        sprint.CreatedAt,
        sprint.UpdatedAt);
}

[Description("One page of sprints.")]
internal sealed record SprintList(
    [Description("Newest week first.")] SprintView[] Items,
    [Description("The `cursor` of the next page; null: this is the last.")] string? NextCursor);

[Description("How much of a client's week is planned, and how much of that is billed.")]
internal sealed record CapacityView(
    [Description("The sprint of the week; null: there is none.")] SprintView? Sprint,
    [Description("How many hours there are in the week; 0 without a sprint.")] double CapacityHours,
    [Description("Hours of the week's tasks in billable projects.")] double PlannedBillableHours,
    [Description("Hours of all the week's tasks.")] double ScheduledHours,
    [Description("Planned billable hours in per cent of the capacity; 0 without any.")] double BillablePct,
    [Description("Planned billable hours in per cent of the scheduled ones; 0 without any.")] double BillableOfScheduledPct,
    [Description("The least `billable_pct` there should be.")] double FloorPct,
    [Description("Whether there is less; never without a sprint.")] bool BelowFloor)
{
    public static CapacityView Of(WeekCapacity week) => new(
        week.Sprint is { } sprint ? SprintView.Of(sprint) : null,
        week.CapacityHours,
        week.PlannedBillableHours,
        week.ScheduledHours,
        week.BillablePct,
        week.BillableOfScheduledPct,
        week.FloorPct,
        week.IsBelowFloor);
}
