using Actors.Access;
using Actors.Storage;
using static Actors.Storage.SqlValues;

namespace Actors.Work;

/// <summary>The SQL of <see cref="WorkQueryGrain"/>.</summary>
/// <remarks>Every method throws <see cref="StorageUnavailableException"/> when Postgres cannot be reached.</remarks>
internal sealed class WorkQueryStore(Database database)
{
    // Rows of the house are for those who may see all.
    private const string IsVisible = "($1::text[] is null or client_id = any ($1))";

    // What an operator wrote before sprints were weeks, or far from any calendar, has no name here.
    private const string IsWeek = "extract(isodow from starts_on) = 1 and ends_on = starts_on + 6 and starts_on between '1900-01-01' and '9998-12-31'";

    private const string SelectTask = $"select {WorkRow.TaskColumns} from tasks where {IsVisible} and id = $2";

    private static readonly string[] SelectTasks =
    [
        TasksInOrder("created_at", "desc"), TasksInOrder("created_at", "asc"),
        TasksInOrder($"coalesce(scheduled_start_at, '{NotTimed}')", "asc"), TasksInOrder($"coalesce(due_at, '{NotTimed}')", "asc"),
    ];

    // After all times there are.
    private const string NotTimed = "9999-12-30 00:00:00+00";

    private const string SelectProject = $"select {WorkRow.ProjectColumns} from projects where {IsVisible} and id = $2";

    private const string SelectProjects =
        $"""
        select {WorkRow.ProjectColumns} from projects
        where {IsVisible} and ($2::text is null or client_id = $2) and ($3::text is null or status = $3) and ($4::boolean is null or billable = $4)
          and ($5::timestamptz is null or (created_at, id) < ($5, $6))
        order by created_at desc, id desc limit $7
        """;

    private const string SelectSprint =
        $"select {WorkRow.SprintColumns} from sprints where (client_id = $1 or ($1::text is null and client_id is null)) and starts_on = $2 and ends_on = $2 + 6";

    private const string SelectSprints =
        $"""
        select {WorkRow.SprintColumns} from sprints
        where {IsVisible} and {IsWeek} and ($2::text is null or client_id = $2) and ($3::text is null or status = $3)
          and ($4::date is null or starts_on >= $4) and ($5::date is null or starts_on <= $5)
          and ($6::date is null or (starts_on, id) < ($6, $7))
        order by starts_on desc, id desc limit $8
        """;

    // Hours of a task: its estimate, or else the length of its slot.
    private const string SelectHours =
        """
        select coalesce(sum(hours) filter (where p.billable), 0)::double precision, coalesce(sum(hours), 0)::double precision
          from (select project_id, readable(coalesce(estimated_hours, extract(epoch from scheduled_end_at - scheduled_start_at) / 3600, 0)) as hours
                  from tasks
                 where (client_id = $1 or ($1::text is null and client_id is null)) and scheduled_start_at >= $2 and scheduled_start_at < $3 and status <> 'cancelled') as week
          left join projects p on p.id = week.project_id and p.client_id is not distinct from $1
        """;

    /// <summary>A visible task; null when there is none.</summary>
    public async Task<TaskRecord?> FindTaskAsync(Guid taskId, ClientVisibility visibility, CancellationToken cancellationToken) =>
        (await database.SelectAsync(SelectTask, WorkRow.ReadTask, cancellationToken, Texts(visibility.ClientIds), Uuid(taskId))).FirstOrDefault();

    /// <summary>One page of tasks; <see cref="TaskListRequest.Sprint"/> counts no more.</summary>
    public async Task<TaskPage> ListTasksAsync(TaskListRequest request, CancellationToken cancellationToken)
    {
        var (rows, hasMore) = await database.SelectPageAsync(
            SelectTasks[(int)request.Order], WorkRow.ReadTask, task => task.Title.Length + (task.Description?.Length ?? 0), request.Limit, cancellationToken, Texts(request.Visibility.ClientIds), Text(request.ClientId), Uuid(request.ProjectId), Uuid(request.PlanId),
            Text(request.State is { } state ? TaskStateNames.Of(state) : null), Text(request.Owner), Text(request.Tag), Time(request.DueBefore),
            Time(request.ScheduledFrom), Time(request.ScheduledTo), Time(request.After?.CreatedAt), Uuid(request.After?.Id), Integer(request.Limit + 1));
        return new TaskPage(rows, hasMore);
    }

    /// <summary>A visible project; null when there is none.</summary>
    public async Task<ProjectRecord?> FindProjectAsync(Guid projectId, ClientVisibility visibility, CancellationToken cancellationToken) =>
        (await database.SelectAsync(SelectProject, WorkRow.ReadProject, cancellationToken, Texts(visibility.ClientIds), Uuid(projectId))).FirstOrDefault();

    /// <summary>One page of projects.</summary>
    public async Task<ProjectPage> ListProjectsAsync(ProjectListRequest request, CancellationToken cancellationToken)
    {
        var (rows, hasMore) = await database.SelectPageAsync(
            SelectProjects, WorkRow.ReadProject, project => project.Description?.Length ?? 0, request.Limit, cancellationToken, Texts(request.Visibility.ClientIds), Text(request.ClientId),
            Text(request.Status is { } status ? ProjectStatusNames.Of(status) : null), Boolean(request.IsBillable), Time(request.After?.CreatedAt),
            Uuid(request.After?.Id), Integer(request.Limit + 1));
        return new ProjectPage(rows, hasMore);
    }

    /// <summary>A client's sprint of a week; null when there is none.</summary>
    public async Task<SprintRecord?> FindSprintAsync(string? clientId, SprintWeek week, CancellationToken cancellationToken) =>
        (await database.SelectAsync(SelectSprint, WorkRow.ReadSprint, cancellationToken, Text(clientId), Day(week.FirstDay))).FirstOrDefault();

    /// <summary>One page of sprints.</summary>
    public async Task<SprintPage> ListSprintsAsync(SprintListRequest request, CancellationToken cancellationToken)
    {
        var (rows, hasMore) = await database.SelectPageAsync(
            SelectSprints, WorkRow.ReadSprint, sprint => sprint.Goal?.Length ?? 0, request.Limit, cancellationToken, Texts(request.Visibility.ClientIds), Text(request.ClientId),
            Text(request.Status is { } status ? SprintStatusNames.Of(status) : null), Day(request.From?.FirstDay), Day(request.To?.FirstDay),
            Day(request.After?.Week.FirstDay), Uuid(request.After?.Id), Integer(request.Limit + 1));
        return new SprintPage(rows, hasMore);
    }

    /// <summary>Hours of a client's tasks that begin within a time: those in billable projects, and all.</summary>
    public async Task<(double Billable, double Scheduled)> HoursAsync(string? clientId, DateTimeOffset from, DateTimeOffset to, CancellationToken cancellationToken) =>
        (await database.SelectAsync(
            SelectHours, reader => (reader.GetDouble(0), reader.GetDouble(1)), cancellationToken, Text(clientId), Time(from), Time(to)))[0];

    private static string TasksInOrder(string key, string direction) =>
        $"""
        select {WorkRow.TaskColumns} from tasks
        where {IsVisible} and ($2::text is null or client_id = $2) and ($3::uuid is null or project_id = $3) and ($4::uuid is null or plan_id = $4)
          and ($5::text is null or status = $5) and ($6::text is null or owner = $6) and ($7::text is null or $7 = any (tags))
          and ($8::timestamptz is null or due_at < $8)
          and ($9::timestamptz is null or scheduled_start_at >= $9) and ($10::timestamptz is null or scheduled_start_at < $10)
          and ($11::timestamptz is null or ({key}, id) {(direction == "desc" ? "<" : ">")} ($11, $12))
        order by {key} {direction}, id {direction} limit $13
        """;
}
