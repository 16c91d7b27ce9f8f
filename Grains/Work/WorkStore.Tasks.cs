using Actors.Idempotency;
using Actors.Storage;
using Npgsql;
using static Actors.Storage.SqlValues;

namespace Actors.Work;

/// <summary>Tasks.</summary>
/// <remarks>
/// What a task names is looked at after it was written: by then the transaction holds the client's row in <c>session_heads</c>, which
/// the log's trigger takes, so that nobody can delete it, or close a circle, at the same time.
/// </remarks>
internal sealed partial class WorkStore
{
    private const string LockTask = $"select {WorkRow.TaskColumns} from tasks where id = $1 and (client_id = $2 or ($2::text is null and client_id is null)) for update";

    private const string InsertTask =
        $"""
        insert into tasks (id, client_id, project_id, title, description, status, priority, owner, tags, depends_on, estimated_hours, actual_hours,
                           due_at, scheduled_start_at, scheduled_end_at, created_at, updated_at)
        values ($1, $15, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $16, $16)
        returning {WorkRow.TaskColumns}
        """;

    private const string UpdateTask =
        $"""
        update tasks set project_id = $2, title = $3, description = $4, status = $5, priority = $6, owner = $7, tags = $8, depends_on = $9,
               estimated_hours = $10, actual_hours = $11, due_at = $12, scheduled_start_at = $13, scheduled_end_at = $14
        where id = $1
        returning {WorkRow.TaskColumns}
        """;

    private const string DeleteTask = "delete from tasks where id = $1";

    private const string ForgetTask =
        "update tasks set depends_on = array_remove(depends_on, $1) where (client_id = $2 or ($2::text is null and client_id is null)) and $1 = any (depends_on)";

    private const string LockDependents = "select from tasks where (client_id = $2 or ($2::text is null and client_id is null)) and $1 = any (depends_on) order by id for update";

    private const string HasProject = "select exists (select from projects where id = $1 and (client_id = $2 or ($2::text is null and client_id is null)))";

    private const string KeepProject = "select id from projects where id = $1 and (client_id = $2 or ($2::text is null and client_id is null)) for key share";

    private const string HasTasks =
        """
        select not exists (select from unnest($1) as named (id)
                            where not exists (select from tasks t where t.id = named.id and (t.client_id = $2 or ($2::text is null and t.client_id is null))))
        """;

    private const string DependsOnItself =
        """
        with recursive before (id) as (
            select unnest(depends_on) from tasks where id = $1
            union
            select unnest(t.depends_on) from tasks t join before on t.id = before.id)
        select exists (select from before where id = $1)
        """;

    /// <summary>Stores a task, and with it the answer to its request if that may be repeated.</summary>
    /// <exception cref="AlreadyAnsweredException">A request with the same idempotency key was faster.</exception>
    public Task<TaskRecord> InsertTaskAsync(TaskRecord task, IdempotencyKey? key) => WriteAsync(async connection =>
    {
        var stored = (await connection.QueryAsync(InsertTask, WorkRow.ReadTask, [.. ValuesOf(task), Text(task.ClientId), Time(task.CreatedAt)])).Single();
        await EnsureProjectAsync(connection, stored.ProjectId, stored.ClientId);
        await EnsureTasksAsync(connection, stored);
        await connection.KeepAnswerAsync(key, stored.ClientId, stored, KeptAnswerJson.Default.TaskRecord, stored.CreatedAt);
        return stored;
    });

    /// <summary>Changes a task.</summary>
    /// <exception cref="WorkNotFoundException">The client has none of that id.</exception>
    /// <exception cref="VersionMismatchException">It has another version.</exception>
    public Task<TaskRecord> UpdateTaskAsync(Guid id, string? clientId, ExpectedVersions? expected, Func<TaskRecord, TaskRecord> change) =>
        WriteAsync(async connection =>
        {
            var before = await LockTaskAsync(connection, id, clientId, expected);
            var stored = (await connection.QueryAsync(UpdateTask, WorkRow.ReadTask, ValuesOf(change(before)))).Single();
            // What an operator wrote before, and this change does not touch, is no reason to refuse it.
            if (stored.ProjectId != before.ProjectId)
            {
                await EnsureProjectAsync(connection, stored.ProjectId, stored.ClientId);
            }

            if (!stored.DependsOn.SequenceEqual(before.DependsOn))
            {
                await EnsureTasksAsync(connection, stored);
            }

            return stored;
        });

    /// <summary>Removes a task, and its id from those that depended on it.</summary>
    /// <exception cref="WorkNotFoundException">The client has none of that id.</exception>
    /// <exception cref="VersionMismatchException">It has another version.</exception>
    public Task<int> DeleteTaskAsync(Guid id, string? clientId, ExpectedVersions? expected) => WriteAsync(async connection =>
    {
        await LockTaskAsync(connection, id, clientId, expected);
        // Before the log's trigger takes the client's row: an operator's statement takes its rows first, too.
        await connection.ExecuteAsync(LockDependents, Uuid(id), Text(clientId));
        await connection.ExecuteAsync(DeleteTask, Uuid(id));
        return await connection.ExecuteAsync(ForgetTask, Uuid(id), Text(clientId));
    });

    private static Task<TaskRecord> LockTaskAsync(NpgsqlConnection connection, Guid id, string? clientId, ExpectedVersions? expected) =>
        LockAsync(connection, "task", LockTask, WorkRow.ReadTask, task => task.UpdatedAt, expected, Uuid(id), Text(clientId));

    /// <summary>Keeps a project there until the commit, for tasks that are to be put into it.</summary>
    /// <exception cref="WorkRefusedException">The client has no such project.</exception>
    public static async Task LockProjectOfTasksAsync(NpgsqlConnection connection, Guid? projectId, string? clientId)
    {
        if (projectId is { } project && (await connection.QueryAsync(KeepProject, reader => reader.GetGuid(0), Uuid(project), Text(clientId))).Count == 0)
        {
            throw NoSuchProject();
        }
    }

    private static async Task EnsureProjectAsync(NpgsqlConnection connection, Guid? projectId, string? clientId)
    {
        if (projectId is { } project && !await connection.AskAsync(HasProject, Uuid(project), Text(clientId)))
        {
            throw NoSuchProject();
        }
    }

    private static async Task EnsureTasksAsync(NpgsqlConnection connection, TaskRecord task)
    {
        if (!await connection.AskAsync(HasTasks, Uuids(task.DependsOn), Text(task.ClientId)))
        {
            throw new WorkRefusedException("no_such_task", "depends_on names a task this client does not have.");
        }

        if (await connection.AskAsync(DependsOnItself, Uuid(task.Id)))
        {
            throw new WorkRefusedException("tasks_depend_on_each_other", "The task would depend on itself, through others perhaps.");
        }
    }

    private static NpgsqlParameter[] ValuesOf(TaskRecord task) =>
    [
        Uuid(task.Id), Uuid(task.ProjectId), Text(task.Title), Text(task.Description), Text(TaskStateNames.Of(task.State)), Integer(task.Priority),
        Text(task.Owner), Texts(task.Tags), Uuids(task.DependsOn), Numeric(task.EstimatedHours), Numeric(task.ActualHours), Time(task.DueAt),
        Time(task.ScheduledStartAt), Time(task.ScheduledEndAt),
    ];
}
