namespace Actors.Work;

/// <summary>What tasks, projects and sprints become when they are changed. Pure.</summary>
internal static class WorkRules
{
    public static TaskRecord Change(TaskRecord task, TaskChange change) => task with
    {
        Title = change.Title ?? task.Title,
        Description = change.Description.Or(task.Description),
        ProjectId = change.ProjectId.Or(task.ProjectId),
        State = change.State ?? task.State,
        Priority = change.Priority ?? task.Priority,
        Owner = change.Owner.Or(task.Owner),
        Tags = change.Tags.IsDefault ? task.Tags : change.Tags,
        DependsOn = change.DependsOn.IsDefault ? task.DependsOn : change.DependsOn,
        EstimatedHours = change.EstimatedHours.Or(task.EstimatedHours),
        ActualHours = change.ActualHours.Or(task.ActualHours),
        DueAt = change.DueAt.Or(task.DueAt),
        ScheduledStartAt = change.ScheduledStartAt.Or(task.ScheduledStartAt),
        ScheduledEndAt = change.ScheduledEndAt.Or(task.ScheduledEndAt),
    };

    public static ProjectRecord Change(ProjectRecord project, ProjectChange change) => project with
    {
        Name = change.Name ?? project.Name,
        Description = change.Description.Or(project.Description),
        IsBillable = change.IsBillable ?? project.IsBillable,
        Status = change.Status ?? project.Status,
    };

    public static SprintRecord Change(SprintRecord sprint, SprintChange change) => sprint with
    {
        Name = change.Name ?? sprint.Name,
        Goal = change.Goal.Or(sprint.Goal),
        Status = change.Status ?? sprint.Status,
        CapacityHours = change.CapacityHours ?? sprint.CapacityHours,
    };

    private static T? Or<T>(this Given<T>? given, T? present) => given is null ? present : given.Value;
}
