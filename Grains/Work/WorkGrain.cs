using Actors.Facts;
using Actors.Sessions;
using Actors.Storage;

namespace Actors.Work;

/// <summary>See <see cref="IWorkGrain"/>. What is there is looked at in the transaction that changes it.</summary>
[GrainType("work")]
internal sealed class WorkGrain(WorkStore store, PlannerZone zone, TimeProvider time) : Grain, IWorkGrain
{
    private string? ClientId => SessionKey.ClientId(this.GetPrimaryKeyString()) is var id and not FactSubjectKey.House ? id : null;

    private DateTimeOffset Now => SessionRules.WholeMicroseconds(time.GetUtcNow());

    private SprintWeek CurrentWeek => zone.WeekOf(time.GetUtcNow());

    public Task<TaskRecord> CreateTaskAsync(NewTask task, CancellationToken cancellationToken)
    {
        var now = Now;
        return store.InsertTaskAsync(
            new TaskRecord(
                Guid.CreateVersion7(now), ClientId, task.ProjectId, PlanId: null, StepNumber: null, task.Title, task.Description, task.State, task.Priority, task.Owner,
                task.Tags, task.DependsOn, task.EstimatedHours, task.ActualHours, task.DueAt, task.ScheduledStartAt, task.ScheduledEndAt, now, now),
            task.IdempotencyKey);
    }

    public Task<TaskRecord> ChangeTaskAsync(Guid taskId, TaskChange change, ExpectedVersions? expected, CancellationToken cancellationToken) =>
        store.UpdateTaskAsync(taskId, ClientId, expected, task => WorkRules.Change(task, change));

    public Task DeleteTaskAsync(Guid taskId, ExpectedVersions? expected, CancellationToken cancellationToken) =>
        store.DeleteTaskAsync(taskId, ClientId, expected);

    public Task<ProjectRecord> CreateProjectAsync(NewProject project, CancellationToken cancellationToken)
    {
        var now = Now;
        return store.InsertProjectAsync(
            new ProjectRecord(Guid.CreateVersion7(now), ClientId, project.Name, project.Description, project.IsBillable, project.Status, now, now), project.IdempotencyKey);
    }

    public Task<ProjectRecord> ChangeProjectAsync(Guid projectId, ProjectChange change, ExpectedVersions? expected, CancellationToken cancellationToken) =>
        store.UpdateProjectAsync(projectId, ClientId, expected, project => WorkRules.Change(project, change));

    public Task DeleteProjectAsync(Guid projectId, ExpectedVersions? expected, CancellationToken cancellationToken) =>
        store.DeleteProjectAsync(projectId, ClientId, expected);

    public Task<SprintRecord> CreateSprintAsync(NewSprint sprint, CancellationToken cancellationToken)
    {
        var now = Now;
        return store.InsertSprintAsync(
            new SprintRecord(
                Guid.CreateVersion7(now), ClientId, sprint.Week, sprint.Name ?? sprint.Week.ToString(), sprint.Goal, sprint.Status, sprint.CapacityHours, now, now),
            sprint.IdempotencyKey);
    }

    public Task<SprintRecord> ChangeSprintAsync(SprintWeek? week, SprintChange change, ExpectedVersions? expected, CancellationToken cancellationToken) =>
        store.UpdateSprintAsync(ClientId, week ?? CurrentWeek, expected, sprint => WorkRules.Change(sprint, change));

    public Task DeleteSprintAsync(SprintWeek? week, ExpectedVersions? expected, CancellationToken cancellationToken) =>
        store.DeleteSprintAsync(ClientId, week ?? CurrentWeek, expected);
}
