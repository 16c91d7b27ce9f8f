using System.Text.Json.Serialization.Metadata;
using Actors.Idempotency;
using Actors.Storage;
using Npgsql;
using NpgsqlTypes;

namespace Actors.Patterns;

/// <summary>The SQL of <see cref="PatternGrain"/>. Each method is one transaction, so all or nothing.</summary>
/// <remarks>
/// Every method throws <see cref="StorageUnavailableException"/>, <see cref="Hosting.WritesSuspendedException"/>,
/// <see cref="OutcomeUnknownException"/>, or <see cref="PatternRefusedException"/> for what the schema refuses.
/// </remarks>
internal sealed partial class PatternStore(Database database)
{
    private const string SelectForChange = $"select {PatternRow.WorkflowColumns} from workflows where id = $1 for update";

    private const string InsertWorkflow =
        $"""
        insert into workflows (id, origin_id, version, name, description, capability, parent_workflow_id, status, steps, created_at, updated_at)
        values ($1, nullif($2, $1), $3, $4, $5, $6, $7, $8, $9::jsonb, $10, $10)
        returning {PatternRow.WorkflowColumns}
        """;

    private const string UpdateWorkflow =
        $"""
        update workflows set name = $2, description = $3, capability = $4, parent_workflow_id = $5, status = $6, steps = $7::jsonb where id = $1
        returning {PatternRow.WorkflowColumns}
        """;

    // Parts of the old version are parts of the new one.
    private const string MoveParts = "update workflows set parent_workflow_id = $2 where parent_workflow_id = $1 and status <> 'retired'";

    private const string Retire = "update workflows set status = 'retired' where id = $1";

    private const string Delete = "delete from workflows where id = $1";

    private const string InsertTemplate =
        $"""
        insert into process_templates (id, name, workflow_id, engagement_id, project_id, checklist, created_at, updated_at)
        select $1, coalesce($5, name), id, $3, $4, steps, $6, $6 from workflows where id = $2
        returning {PatternRow.TemplateColumns}
        """;

    /// <summary>Stores a workflow, and with it the answer to its request if that may be repeated.</summary>
    public Task<WorkflowRecord> InsertAsync(WorkflowRecord workflow, IdempotencyKey? key) => WriteAsync(async connection =>
    {
        var stored = await InsertAsync(connection, workflow);
        await KeepAsync(connection, key, stored, KeptAnswerJson.Default.WorkflowRecord, stored.CreatedAt);
        return stored;
    });

    /// <summary>Changes a workflow, or makes a new version of it.</summary>
    /// <param name="workflowId">Which.</param>
    /// <param name="change">What it becomes, given what it is and whether it is used: the same id, or another for a new version.</param>
    /// <exception cref="PatternNotFoundException">There is none of that id.</exception>
    public Task<WorkflowRecord> ChangeAsync(Guid workflowId, Func<WorkflowRecord, bool, WorkflowRecord> change) => WriteAsync(async connection =>
    {
        WorkflowRecord before;
        await using (var select = Command(connection, SelectForChange, Uuid(workflowId)))
        await using (var reader = await select.ExecuteReaderAsync())
        {
            before = await reader.ReadAsync() ? PatternRow.ReadWorkflow(reader) : throw new PatternNotFoundException();
        }

        var after = change(before, await AskAsync(connection, "select workflow_is_used($1)", Uuid(workflowId)));
        if (after.ParentWorkflowId is { } parent && await AskAsync(connection, "select workflow_contains_itself($1, $2)", Uuid(workflowId), Uuid(parent)))
        {
            throw new PatternRefusedException("workflow_contains_itself", "A workflow cannot be a part of itself.");
        }

        if (after.Id == before.Id)
        {
            await using var update = Command(
                connection, UpdateWorkflow, Uuid(after.Id), Text(after.Name), Text(after.Description), Text(after.Capability), Uuid(after.ParentWorkflowId),
                Text(WorkflowStatusNames.Of(after.Status)), Text(StepsJson.Write(after.Steps)));
            await using var reader = await update.ExecuteReaderAsync();
            return await reader.ReadAsync() ? PatternRow.ReadWorkflow(reader) : throw new PatternNotFoundException();
        }

        var stored = await InsertAsync(connection, after);
        foreach (var sql in (string[])[MoveParts, Retire])
        {
            await using var old = Command(connection, sql, Uuid(before.Id));
            if (sql == MoveParts)
            {
                old.Parameters.Add(Uuid(after.Id));
            }

            await old.ExecuteNonQueryAsync();
        }

        return stored;
    });

    /// <summary>Removes a workflow that nothing goes by.</summary>
    /// <exception cref="PatternNotFoundException">There is none of that id.</exception>
    /// <exception cref="WorkflowInUseException">Templates, runs or plans go by it.</exception>
    public Task<int> DeleteAsync(Guid workflowId) => WriteAsync(async connection =>
    {
        if (await AskAsync(connection, "select workflow_is_used($1)", Uuid(workflowId)))
        {
            throw new WorkflowInUseException();
        }

        await using var delete = Command(connection, Delete, Uuid(workflowId));
        return await delete.ExecuteNonQueryAsync() is > 0 and var deleted ? deleted : throw new PatternNotFoundException();
    });

    /// <summary>Makes a process template of a workflow, and keeps the answer to its request if that may be repeated.</summary>
    /// <exception cref="PatternNotFoundException">There is no such workflow.</exception>
    public Task<TemplateRecord> InstantiateAsync(Guid templateId, Guid workflowId, NewInstance instance, DateTimeOffset now) => WriteAsync(async connection =>
    {
        TemplateRecord stored;
        await using (var insert = Command(
            connection, InsertTemplate, Uuid(templateId), Uuid(workflowId), Text(instance.EngagementId), Uuid(instance.ProjectId), Text(instance.Name), Time(now)))
        await using (var reader = await insert.ExecuteReaderAsync())
        {
            stored = await reader.ReadAsync() ? PatternRow.ReadTemplate(reader) : throw new PatternNotFoundException();
        }

        await KeepAsync(connection, instance.IdempotencyKey, stored, KeptAnswerJson.Default.TemplateRecord, now);
        return stored;
    });

    private static async Task<WorkflowRecord> InsertAsync(NpgsqlConnection connection, WorkflowRecord workflow)
    {
        await using var insert = Command(
            connection, InsertWorkflow, Uuid(workflow.Id), Uuid(workflow.OriginId), new NpgsqlParameter { Value = workflow.Version }, Text(workflow.Name),
            Text(workflow.Description), Text(workflow.Capability), Uuid(workflow.ParentWorkflowId), Text(WorkflowStatusNames.Of(workflow.Status)),
            Text(StepsJson.Write(workflow.Steps)), Time(workflow.CreatedAt));
        await using var reader = await insert.ExecuteReaderAsync();
        await reader.ReadAsync();
        return PatternRow.ReadWorkflow(reader);
    }

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
        catch (PostgresException failure) when (RefusalOf(failure) is { } refusal)
        {
            throw refusal;
        }
    }

    private static PatternRefusedException? RefusalOf(PostgresException failure) => (failure.SqlState, failure.ConstraintName) switch
    {
        (PostgresErrorCodes.ForeignKeyViolation, "workflows_parent_names_a_workflow") => new("no_such_parent", "There is no workflow of the id parent_workflow_id."),
        (PostgresErrorCodes.ForeignKeyViolation, "process_templates_project_names_a_project") => new("no_such_project", "There is no project of the id project_id."),
        (PostgresErrorCodes.UniqueViolation, "workflows_are_one_per_version") =>
            new("workflow_superseded", "Its steps were changed in a later version already; change that one."),
        (PostgresErrorCodes.CheckViolation, var rule) => new(rule ?? "check_violation", $"It breaks the rule '{rule}'."),
        _ => null,
    };

    private static async Task KeepAsync<T>(NpgsqlConnection connection, IdempotencyKey? key, T stored, JsonTypeInfo<T> type, DateTimeOffset now)
    {
        if (key is not null)
        {
            await using var batch = new NpgsqlBatch(connection);
            batch.BatchCommands.Add(KeptAnswers.Keep([new KeptWrite(ClientId: null, key, KeptAnswerJson.Write(stored, type), now)]));
            await batch.ExecuteNonQueryAsync();
        }
    }

    private static async Task<bool> AskAsync(NpgsqlConnection connection, string sql, params NpgsqlParameter[] values)
    {
        await using var ask = Command(connection, sql, values);
        return (bool)(await ask.ExecuteScalarAsync())!;
    }

    private static NpgsqlCommand Command(NpgsqlConnection connection, string sql, params NpgsqlParameter[] values)
    {
        var command = new NpgsqlCommand(sql, connection);
        command.Parameters.AddRange(values);
        return command;
    }

    private static NpgsqlParameter Uuid(Guid? value) => Value(NpgsqlDbType.Uuid, value);

    private static NpgsqlParameter Text(string? value) => Value(NpgsqlDbType.Text, value);

    private static NpgsqlParameter Time(DateTimeOffset value) => Value(NpgsqlDbType.TimestampTz, value.ToUniversalTime());

    private static NpgsqlParameter Value(NpgsqlDbType type, object? value) => new() { NpgsqlDbType = type, Value = value ?? DBNull.Value };
}
