using Actors.Access;
using Microsoft.Extensions.Options;
using Orleans.Concurrency;

namespace Actors.Work;

/// <summary>See <see cref="IWorkQueryGrain"/>.</summary>
[GrainType("work-query"), StatelessWorker(8)]
internal sealed class WorkQueryGrain(WorkQueryStore store, PlannerZone zone, IOptions<PlannerOptions> options, TimeProvider time) : Grain, IWorkQueryGrain
{
    private SprintWeek CurrentWeek => zone.WeekOf(time.GetUtcNow());

    public Task<TaskRecord?> FindTaskAsync(Guid taskId, ClientVisibility visibility, CancellationToken cancellationToken) =>
        store.FindTaskAsync(taskId, visibility, cancellationToken);

    public Task<TaskPage> ListTasksAsync(TaskListRequest request, CancellationToken cancellationToken)
    {
        if (request.Sprint is { } sprint)
        {
            var (from, to) = zone.TimeOf(sprint.Value ?? CurrentWeek);
            request = request with
            {
                ScheduledFrom = request.ScheduledFrom > from ? request.ScheduledFrom : from,
                ScheduledTo = request.ScheduledTo < to ? request.ScheduledTo : to,
            };
        }

        return store.ListTasksAsync(request, cancellationToken);
    }

    public Task<ProjectRecord?> FindProjectAsync(Guid projectId, ClientVisibility visibility, CancellationToken cancellationToken) =>
        store.FindProjectAsync(projectId, visibility, cancellationToken);

    public Task<ProjectPage> ListProjectsAsync(ProjectListRequest request, CancellationToken cancellationToken) =>
        store.ListProjectsAsync(request, cancellationToken);

    public Task<SprintRecord?> FindSprintAsync(string? clientId, SprintWeek? week, CancellationToken cancellationToken) =>
        store.FindSprintAsync(clientId, week ?? CurrentWeek, cancellationToken);

    public Task<SprintPage> ListSprintsAsync(SprintListRequest request, CancellationToken cancellationToken) =>
        store.ListSprintsAsync(request, cancellationToken);

    public async Task<WeekCapacity> CapacityAsync(string? clientId, SprintWeek? week, CancellationToken cancellationToken)
    {
        var asked = week ?? CurrentWeek;
        var (from, to) = zone.TimeOf(asked);
        var sprint = await store.FindSprintAsync(clientId, asked, cancellationToken);
        var (billable, scheduled) = await store.HoursAsync(clientId, from, to, cancellationToken);
        return new WeekCapacity(sprint, billable, scheduled, options.Value.BillableFloorPct);
    }
}
