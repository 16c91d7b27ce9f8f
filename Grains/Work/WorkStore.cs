using Actors.Idempotency;
using Actors.Storage;
using Npgsql;
using static Actors.Storage.SqlValues;

namespace Actors.Work;

/// <summary>The SQL of <see cref="WorkGrain"/>; here projects. Each method is one transaction, so all or nothing.</summary>
/// <remarks>
/// Every method throws <see cref="StorageUnavailableException"/>, <see cref="Hosting.WritesSuspendedException"/>,
/// <see cref="OutcomeUnknownException"/>, or <see cref="WorkRefusedException"/> for what the schema refuses. A row that is changed or
/// deleted is locked, and its version compared, first.
/// </remarks>
internal sealed partial class WorkStore(Database database)
{
    private const string LockProject =
        $"select {WorkRow.ProjectColumns} from projects where id = $1 and (client_id = $2 or ($2::text is null and client_id is null)) for update";

    private const string InsertProject =
        $"""
        insert into projects (id, client_id, name, description, billable, status, created_at, updated_at) values ($1, $2, $3, $4, $5, $6, $7, $7)
        returning {WorkRow.ProjectColumns}
        """;

    private const string UpdateProject =
        $"update projects set name = $2, description = $3, billable = $4, status = $5 where id = $1 returning {WorkRow.ProjectColumns}";

    private const string DeleteProject = "delete from projects where id = $1";

    /// <summary>Stores a project, and with it the answer to its request if that may be repeated.</summary>
    /// <exception cref="AlreadyAnsweredException">A request with the same idempotency key was faster.</exception>
    public Task<ProjectRecord> InsertProjectAsync(ProjectRecord project, IdempotencyKey? key) => WriteAsync(async connection =>
    {
        var stored = (await connection.QueryAsync(
            InsertProject, WorkRow.ReadProject, Uuid(project.Id), Text(project.ClientId), Text(project.Name), Text(project.Description),
            Boolean(project.IsBillable), Text(ProjectStatusNames.Of(project.Status)), Time(project.CreatedAt))).Single();
        await connection.KeepAnswerAsync(key, stored.ClientId, stored, KeptAnswerJson.Default.ProjectRecord, stored.CreatedAt);
        return stored;
    });

    /// <summary>Changes a project.</summary>
    /// <exception cref="WorkNotFoundException">The client has none of that id.</exception>
    /// <exception cref="VersionMismatchException">It has another version.</exception>
    public Task<ProjectRecord> UpdateProjectAsync(Guid id, string? clientId, ExpectedVersions? expected, Func<ProjectRecord, ProjectRecord> change) =>
        WriteAsync(async connection =>
        {
            var after = change(await LockProjectAsync(connection, id, clientId, expected));
            return (await connection.QueryAsync(
                UpdateProject, WorkRow.ReadProject, Uuid(id), Text(after.Name), Text(after.Description), Boolean(after.IsBillable),
                Text(ProjectStatusNames.Of(after.Status)))).Single();
        });

    /// <summary>Removes a project; its tasks stay, without one.</summary>
    /// <exception cref="WorkNotFoundException">The client has none of that id.</exception>
    /// <exception cref="VersionMismatchException">It has another version.</exception>
    public Task<int> DeleteProjectAsync(Guid id, string? clientId, ExpectedVersions? expected) => WriteAsync(async connection =>
    {
        await LockProjectAsync(connection, id, clientId, expected);
        return await connection.ExecuteAsync(DeleteProject, Uuid(id));
    });

    private static Task<ProjectRecord> LockProjectAsync(NpgsqlConnection connection, Guid id, string? clientId, ExpectedVersions? expected) =>
        LockAsync(connection, "project", LockProject, WorkRow.ReadProject, project => project.UpdatedAt, expected, Uuid(id), Text(clientId));

    private static async Task<T> LockAsync<T>(
        NpgsqlConnection connection, string noun, string select, Func<NpgsqlDataReader, T> read, Func<T, DateTimeOffset> versionOf,
        ExpectedVersions? expected, params NpgsqlParameter[] key)
        where T : class
    {
        var row = (await connection.QueryAsync(select, read, key)).SingleOrDefault() ?? throw new WorkNotFoundException(noun);
        expected?.Ensure(versionOf(row));
        return row;
    }

    private Task<T> WriteAsync<T>(Func<NpgsqlConnection, Task<T>> write) => database.WriteTransactionAsync(write, RefusalOf);

    /// <summary>What an error of the schema means; null: nothing that is known here.</summary>
    public static Exception? RefusalOf(PostgresException failure) => (failure.SqlState, failure.ConstraintName) switch
    {
        (PostgresErrorCodes.ForeignKeyViolation, "tasks_project_id_names_a_project") => NoSuchProject(),
        (PostgresErrorCodes.CheckViolation, "tasks_scheduled_start_before_end") =>
            new WorkRefusedException("scheduled_start_not_before_end", "scheduled_start_at must be before scheduled_end_at."),
        (PostgresErrorCodes.UniqueViolation, "sprints_are_one_per_client_and_week") => new SprintExistsException(),
        (PostgresErrorCodes.CheckViolation, var rule) => new WorkRefusedException(rule ?? "check_violation", $"It breaks the rule '{rule}'."),
        _ => null,
    };

    private static WorkRefusedException NoSuchProject() => new("no_such_project", "This client has no project of the id project_id.");
}
