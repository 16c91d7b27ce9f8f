using Actors.Idempotency;
using Actors.Storage;
using Npgsql;
using static Actors.Storage.SqlValues;

namespace Actors.Work;

/// <summary>Sprints.</summary>
internal sealed partial class WorkStore
{
    private const string LockSprint =
        $"select {WorkRow.SprintColumns} from sprints where (client_id = $1 or ($1::text is null and client_id is null)) and starts_on = $2 and ends_on = $2 + 6 for update";

    private const string InsertSprint =
        $"""
        insert into sprints (id, client_id, name, goal, status, starts_on, ends_on, capacity_hours, created_at, updated_at)
        values ($1, $2, $3, $4, $5, $6, $6 + 6, $7, $8, $8)
        returning {WorkRow.SprintColumns}
        """;

    private const string UpdateSprint =
        $"update sprints set name = $2, goal = $3, status = $4, capacity_hours = $5 where id = $1 returning {WorkRow.SprintColumns}";

    private const string DeleteSprint = "delete from sprints where id = $1";

    /// <summary>Stores a sprint, and with it the answer to its request if that may be repeated.</summary>
    /// <exception cref="SprintExistsException">The client has one in that week.</exception>
    /// <exception cref="AlreadyAnsweredException">A request with the same idempotency key was faster.</exception>
    public Task<SprintRecord> InsertSprintAsync(SprintRecord sprint, IdempotencyKey? key) => WriteAsync(async connection =>
    {
        var stored = (await connection.QueryAsync(
            InsertSprint, WorkRow.ReadSprint, Uuid(sprint.Id), Text(sprint.ClientId), Text(sprint.Name), Text(sprint.Goal),
            Text(SprintStatusNames.Of(sprint.Status)), Day(sprint.Week.FirstDay), Numeric(sprint.CapacityHours), Time(sprint.CreatedAt))).Single();
        await connection.KeepAnswerAsync(key, stored.ClientId, stored, KeptAnswerJson.Default.SprintRecord, stored.CreatedAt);
        return stored;
    });

    /// <summary>Changes the sprint of a week.</summary>
    /// <exception cref="WorkNotFoundException">The client has none in that week.</exception>
    /// <exception cref="VersionMismatchException">It has another version.</exception>
    public Task<SprintRecord> UpdateSprintAsync(string? clientId, SprintWeek week, ExpectedVersions? expected, Func<SprintRecord, SprintRecord> change) =>
        WriteAsync(async connection =>
        {
            var after = change(await LockSprintAsync(connection, clientId, week, expected));
            return (await connection.QueryAsync(
                UpdateSprint, WorkRow.ReadSprint, Uuid(after.Id), Text(after.Name), Text(after.Goal), Text(SprintStatusNames.Of(after.Status)),
                Numeric(after.CapacityHours))).Single();
        });

    /// <summary>Removes the sprint of a week.</summary>
    /// <exception cref="WorkNotFoundException">The client has none in that week.</exception>
    /// <exception cref="VersionMismatchException">It has another version.</exception>
    public Task<int> DeleteSprintAsync(string? clientId, SprintWeek week, ExpectedVersions? expected) => WriteAsync(async connection =>
        await connection.ExecuteAsync(DeleteSprint, Uuid((await LockSprintAsync(connection, clientId, week, expected)).Id)));

    private static Task<SprintRecord> LockSprintAsync(NpgsqlConnection connection, string? clientId, SprintWeek week, ExpectedVersions? expected) =>
        LockAsync(connection, "sprint", LockSprint, WorkRow.ReadSprint, sprint => sprint.UpdatedAt, expected, Text(clientId), Day(week.FirstDay));
}
