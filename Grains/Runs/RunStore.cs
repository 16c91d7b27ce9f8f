using System.Collections.Immutable;
using Actors.Idempotency;
using Actors.Storage;
using Npgsql;
using NpgsqlTypes;

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

    // Only a run that is as it was known to be: it may have been changed by SQL, or by another activation.
    private const string Update =
        """
        update execution_runs
           set status = $3, actual_hours = $4, telemetry = $5::jsonb, started_at = $6, ended_at = $7
         where id = $1 and updated_at = $2
        """;

    private const string UpdateSteps =
        """
        update run_steps s set actual_hours = report.hours
          from unnest($2, $3) as report (step_number, hours) where s.run_id = $1 and s.step_number = report.step_number
        """;

    /// <summary>A run; null when there is none of that id.</summary>
    /// <exception cref="StorageUnavailableException">Postgres cannot be reached.</exception>
    public Task<RunRecord?> FindAsync(Guid runId, CancellationToken cancellationToken) =>
        database.ReadAsync(connection => FindAsync(connection, runId, cancellationToken), cancellationToken);

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
        await using (var batch = new NpgsqlBatch(connection))
        {
            batch.BatchCommands.Add(Command(
                Insert, Uuid(runId), Text(run.ClientId), Text(run.RunIdentifier), Uuid(run.ProcessTemplateId), Uuid(run.WorkflowId),
                Text(RunStatusNames.Of(run.IsBegun ? RunStatus.Running : RunStatus.Pending)), Numeric(run.EstimatedHours), Time(now)));
            batch.BatchCommands.Add(Command(InsertSteps, Uuid(runId), Uuid(run.ProcessTemplateId), Uuid(run.WorkflowId)));
            await batch.ExecuteNonQueryAsync();
        }

        var stored = (await FindAsync(connection, runId, CancellationToken.None))!;
        await KeepAsync(connection, run.IdempotencyKey, stored, now);
        return stored;
    });

    /// <summary>Writes what a run has become.</summary>
    /// <returns>The run as it is stored; null when somebody else has changed it meanwhile, and nothing was written.</returns>
    /// <exception cref="RunRefusedException">The schema refuses it.</exception>
    /// <exception cref="AlreadyAnsweredException">A request with the same idempotency key was faster.</exception>
    public Task<RunRecord?> UpdateAsync(RunRecord before, RunRecord after, IdempotencyKey? idempotencyKey) => WriteAsync(async connection =>
    {
        await using var update = new NpgsqlCommand(Update, connection);
        update.Parameters.AddRange(new[]
        {
            Uuid(after.Id), Time(before.UpdatedAt), Text(RunStatusNames.Of(after.Status)), Numeric(after.ActualHours), Text(after.TelemetryJson),
            Time(after.StartedAt), Time(after.EndedAt),
        });
        if (await update.ExecuteNonQueryAsync() == 0)
        {
            return null;
        }

        var changed = after.Steps.Except(before.Steps).ToArray();
        if (changed.Length > 0)
        {
            await using var steps = new NpgsqlCommand(UpdateSteps, connection);
            steps.Parameters.AddRange(new[]
            {
                Uuid(after.Id),
                new NpgsqlParameter { NpgsqlDbType = NpgsqlDbType.Array | NpgsqlDbType.Integer, Value = Array.ConvertAll(changed, step => step.StepNumber) },
                new NpgsqlParameter { NpgsqlDbType = NpgsqlDbType.Array | NpgsqlDbType.Numeric, Value = Array.ConvertAll(changed, step => step.ActualHours) },
            });
            await steps.ExecuteNonQueryAsync();
        }

        var stored = await FindAsync(connection, after.Id, CancellationToken.None);
        await KeepAsync(connection, idempotencyKey, stored!, after.UpdatedAt);
        return stored;
    });

    private async Task<T> WriteAsync<T>(Func<NpgsqlConnection, Task<T>> write)
    {
        try
        {
            return await database.WriteAsync(async connection =>
            {
                await using var transaction = await connection.BeginTransactionAsync();
                var result = await write(connection);
                await transaction.CommitAsync();
                return result;
            });
        }
        catch (PostgresException failure) when (failure.SqlState == KeptAnswers.Taken)
        {
            throw new AlreadyAnsweredException();
        }
        catch (PostgresException failure) when (failure.ConstraintName == "execution_runs_run_identifier_is_unique_per_client")
        {
            throw new RunIdentifierTakenException();
        }
        catch (PostgresException failure) when (RefusalOf(failure) is { } refusal)
        {
            throw refusal;
        }
    }

    private static RunRefusedException? RefusalOf(PostgresException failure) => (failure.SqlState, failure.ConstraintName) switch
    {
        (PostgresErrorCodes.ForeignKeyViolation, "execution_runs_template_names_a_template") => new("no_such_template", "There is no such process template."),
        (PostgresErrorCodes.ForeignKeyViolation, "execution_runs_workflow_names_a_workflow") => new("no_such_workflow", "There is no such workflow."),
        (PostgresErrorCodes.CheckViolation, var rule) => new(rule ?? "check_violation", $"The run breaks the rule '{rule}'."),
        _ => null,
    };

    private static async Task KeepAsync(NpgsqlConnection connection, IdempotencyKey? key, RunRecord run, DateTimeOffset now)
    {
        if (key is null)
        {
            return;
        }

        var answer = KeptAnswerJson.Write(run, KeptAnswerJson.Default.RunRecord);
        await using var batch = new NpgsqlBatch(connection);
        batch.BatchCommands.Add(KeptAnswers.Keep([new KeptWrite(run.ClientId, key, answer, now)]));
        await batch.ExecuteNonQueryAsync();
    }

    private static async Task<RunRecord?> FindAsync(NpgsqlConnection connection, Guid runId, CancellationToken cancellationToken)
    {
        await using var select = new NpgsqlCommand(Select, connection);
        select.Parameters.Add(Uuid(runId));
        await using var reader = await select.ExecuteReaderAsync(cancellationToken);
        return await reader.ReadAsync(cancellationToken) ? RunRow.Read(reader) : null;
    }

    private static NpgsqlBatchCommand Command(string sql, params NpgsqlParameter[] values)
    {
        var command = new NpgsqlBatchCommand(sql);
        command.Parameters.AddRange(values);
        return command;
    }

    private static NpgsqlParameter Uuid(Guid? value) => Value(NpgsqlDbType.Uuid, value);

    private static NpgsqlParameter Text(string? value) => Value(NpgsqlDbType.Text, value);

    private static NpgsqlParameter Numeric(decimal? value) => Value(NpgsqlDbType.Numeric, value);

    private static NpgsqlParameter Time(DateTimeOffset? value) => Value(NpgsqlDbType.TimestampTz, value?.ToUniversalTime());

    private static NpgsqlParameter Value(NpgsqlDbType type, object? value) => new() { NpgsqlDbType = type, Value = value ?? DBNull.Value };
}
