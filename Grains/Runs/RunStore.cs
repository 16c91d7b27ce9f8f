using Actors.Idempotency;
using Actors.Storage;
using Npgsql;
using NpgsqlTypes;
using static Actors.Storage.SqlValues;

namespace Actors.Runs;

/// <summary>The SQL of <see cref="ExecutionRunGrain"/>. Each write is one transaction, so all or nothing.</summary>
internal sealed class RunStore(Database database)
{
    private const string Select = $"select {RunRow.Columns} from execution_runs r where r.id = $1";

    // Of a template, its workflow, steps and estimates are the run's.
    private const string Insert =
        """
        insert into execution_runs (id, client_id, run_identifier, process_template_id, workflow_id, status, estimated_hours, started_at, created_at, updated_at)
        values ($1, $2, coalesce($3, $1::text), $4, coalesce($5, (select workflow_id from process_templates where id = $4)), $6,
                coalesce($7, (select sum(estimated_hours) from steps_to_run($4, $5))), case when $6 = 'running' then $8::timestamptz end, $8, $8)
        """;

    private const string InsertSteps =
        "insert into run_steps (run_id, step_number, title, estimated_hours) select $1, step_number, title, estimated_hours from steps_to_run($2, $3)";

    private const string SelectForChange = $"{Select} for update of r";

    private const string Update =
        "update execution_runs set status = $2, actual_hours = $3, telemetry = $4::jsonb, started_at = $5, ended_at = $6 where id = $1";

    private const string UpdateSteps =
        """
        update run_steps s set actual_hours = report.hours
          from unnest($2, $3) as report (step_number, hours) where s.run_id = $1 and s.step_number = report.step_number
        """;

    /// <summary>A run; null when there is none of that id.</summary>
    /// <exception cref="StorageUnavailableException">Postgres cannot be reached.</exception>
    public async Task<RunRecord?> FindAsync(Guid runId, CancellationToken cancellationToken) =>
        (await database.SelectAsync(Select, RunRow.Read, cancellationToken, Uuid(runId))).SingleOrDefault();

    /// <summary>Whether there are memories of its scope.</summary>
    /// <exception cref="StorageUnavailableException">Postgres cannot be reached.</exception>
    public async Task<bool> HasMemoriesAsync(Guid runId, CancellationToken cancellationToken) =>
        (await database.SelectAsync(
            "select exists (select from events where run_id = $1 and memory_scope = 'run')", reader => reader.GetBoolean(0), cancellationToken, Uuid(runId)))[0];

    /// <summary>Stores a run with the steps of its template or workflow, and the answer to its request if that may be repeated.</summary>
    /// <exception cref="RunIdentifierTakenException">Another run of the client has its identifier.</exception>
    /// <exception cref="RunRefusedException">The schema refuses it.</exception>
    /// <exception cref="AlreadyAnsweredException">A request with the same idempotency key was faster.</exception>
    public Task<RunRecord> InsertAsync(Guid runId, NewRun run, DateTimeOffset now) => WriteAsync(async connection =>
    {
        await connection.ExecuteAsync(
            Insert, Uuid(runId), Text(run.ClientId), Text(run.RunIdentifier), Uuid(run.ProcessTemplateId), Uuid(run.WorkflowId),
            Text(RunStatusNames.Of(run.IsBegun ? RunStatus.Running : RunStatus.Pending)), Numeric(run.EstimatedHours), Time(now));
        await connection.ExecuteAsync(InsertSteps, Uuid(runId), Uuid(run.ProcessTemplateId), Uuid(run.WorkflowId));
        var stored = (await FindAsync(connection, runId))!;
        await connection.KeepAnswerAsync(run.IdempotencyKey, stored.ClientId, stored, KeptAnswerJson.Default.RunRecord, now);
        return stored;
    });

    /// <summary>Writes what a run has become.</summary>
    /// <returns>The run as it is stored; null when somebody else has changed it meanwhile, and nothing was written.</returns>
    /// <exception cref="RunRefusedException">The schema refuses it.</exception>
    /// <exception cref="AlreadyAnsweredException">A request with the same idempotency key was faster.</exception>
    public Task<RunRecord?> UpdateAsync(RunRecord before, RunRecord after, IdempotencyKey? idempotencyKey) => WriteAsync<RunRecord?>(async connection =>
    {
        // Only a run that is as it was known to be: it, or its steps alone, may have been changed by SQL, or by another activation.
        var current = (await connection.QueryAsync(SelectForChange, RunRow.Read, Uuid(after.Id))).SingleOrDefault();
        if (current?.UpdatedAt != before.UpdatedAt || !current.Steps.SequenceEqual(before.Steps))
        {
            return null;
        }

        await connection.ExecuteAsync(
            Update, Uuid(after.Id), Text(RunStatusNames.Of(after.Status)), Numeric(after.ActualHours), Text(after.TelemetryJson), Time(after.StartedAt), Time(after.EndedAt));
        var changed = after.Steps.Except(before.Steps).ToArray();
        if (changed.Length > 0)
        {
            await connection.ExecuteAsync(
                UpdateSteps, Uuid(after.Id),
                Value(NpgsqlDbType.Array | NpgsqlDbType.Integer, Array.ConvertAll(changed, step => step.StepNumber)),
                Value(NpgsqlDbType.Array | NpgsqlDbType.Numeric, Array.ConvertAll(changed, step => step.ActualHours)));
        }

        var stored = (await FindAsync(connection, after.Id))!;
        await connection.KeepAnswerAsync(idempotencyKey, stored.ClientId, stored, KeptAnswerJson.Default.RunRecord, after.UpdatedAt);
        return stored;
    });

    private Task<T> WriteAsync<T>(Func<NpgsqlConnection, Task<T>> write) => database.WriteTransactionAsync(write, RefusalOf);

    private static Exception? RefusalOf(PostgresException failure) => (failure.SqlState, failure.ConstraintName) switch
    {
        (PostgresErrorCodes.UniqueViolation, "execution_runs_run_identifier_is_unique_per_client") => new RunIdentifierTakenException(),
        (PostgresErrorCodes.ForeignKeyViolation, "execution_runs_template_names_a_template") =>
            new RunRefusedException("no_such_template", "There is no such process template."),
        (PostgresErrorCodes.ForeignKeyViolation, "execution_runs_workflow_names_a_workflow") =>
            new RunRefusedException("no_such_workflow", "There is no such workflow."),
        (PostgresErrorCodes.CheckViolation, var rule) => new RunRefusedException(rule ?? "check_violation", $"The run breaks the rule '{rule}'."),
        _ => null,
    };

    private static async Task<RunRecord?> FindAsync(NpgsqlConnection connection, Guid runId) =>
        (await connection.QueryAsync(Select, RunRow.Read, Uuid(runId))).SingleOrDefault();
}
