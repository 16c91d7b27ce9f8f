using Actors.Idempotency;
using Actors.Storage;
using Npgsql;
using static Actors.Storage.SqlValues;

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
        update workflows set name = $2, description = $3, capability = $4, parent_workflow_id = $5, status = $6, steps = coalesce($7::jsonb, steps) where id = $1
        returning {PatternRow.WorkflowColumns}
        """;

    // Parts of the old version are parts of the new one.
    private const string MoveParts = "update workflows set parent_workflow_id = $2 where parent_workflow_id = $1 and status <> 'retired'";

    private const string Retire = "update workflows set status = 'retired' where id = $1";

    // Of the versions of a workflow one is to be used.
    private const string RetireOthers = "update workflows set status = 'retired' where coalesce(origin_id, id) = $1 and id <> $2 and status = 'active'";

    private const string MovePartsOfOthers =
        """
        update workflows set parent_workflow_id = $2
         where status <> 'retired' and parent_workflow_id in (select id from workflows where coalesce(origin_id, id) = $1 and id <> $2 and status = 'active')
        """;

    private const string Delete = "delete from workflows where id = $1";

    /// <summary>Stores a workflow, and with it the answer to its request if that may be repeated.</summary>
    public Task<WorkflowRecord> InsertAsync(WorkflowRecord workflow, IdempotencyKey? key) => WriteAsync(async connection =>
    {
        var stored = await InsertAsync(connection, workflow);
        await connection.KeepAnswerAsync(key, clientId: null, stored, KeptAnswerJson.Default.WorkflowRecord, stored.CreatedAt);
        return stored;
    });

    /// <summary>Changes a workflow, or makes a new version of it.</summary>
    /// <param name="workflowId">Which.</param>
    /// <param name="change">What it becomes, given what it is and whether it is used: the same id, or another for a new version.</param>
    /// <exception cref="PatternNotFoundException">There is none of that id.</exception>
    public Task<WorkflowRecord> ChangeAsync(Guid workflowId, Func<WorkflowRecord, bool, WorkflowRecord> change) => WriteAsync(async connection =>
    {
        var before = (await connection.QueryAsync(SelectForChange, PatternRow.ReadWorkflow, Uuid(workflowId))).SingleOrDefault() ?? throw new PatternNotFoundException();
        var after = change(before, await connection.AskAsync("select workflow_is_used($1)", Uuid(workflowId)));
        if (after.ParentWorkflowId is { } parent && await connection.AskAsync("select workflow_contains_itself($1, $2)", Uuid(workflowId), Uuid(parent)))
        {
            throw new PatternRefusedException("workflow_contains_itself", "A workflow cannot be a part of itself.");
        }

        if (after is { Status: WorkflowStatus.Active } && before.Status != WorkflowStatus.Active)
        {
            await connection.ExecuteAsync(MovePartsOfOthers, Uuid(after.OriginId), Uuid(after.Id));
            await connection.ExecuteAsync(RetireOthers, Uuid(after.OriginId), Uuid(after.Id));
        }

        if (after.Id == before.Id)
        {
            return (await connection.QueryAsync(
                UpdateWorkflow, PatternRow.ReadWorkflow, Uuid(after.Id), Text(after.Name), Text(after.Description), Text(after.Capability),
                Uuid(after.ParentWorkflowId), Text(WorkflowStatusNames.Of(after.Status)),
                // Steps that were not changed stay as their writer wrote them, an operator perhaps, with members that are not read here.
                Text(after.Steps == before.Steps ? null : StepsJson.Write(after.Steps)))).Single();
        }

        var stored = await InsertAsync(connection, after);
        await connection.ExecuteAsync(MoveParts, Uuid(before.Id), Uuid(after.Id));
        await connection.ExecuteAsync(Retire, Uuid(before.Id));
        return stored;
    });

    /// <summary>Removes a workflow that nothing goes by.</summary>
    /// <exception cref="PatternNotFoundException">There is none of that id.</exception>
    /// <exception cref="WorkflowInUseException">Templates, runs or plans go by it.</exception>
    public Task<int> DeleteAsync(Guid workflowId) => WriteAsync(async connection =>
    {
        // Locked first: who is about to go by it is waited for.
        await connection.ExecuteAsync(SelectForChange, Uuid(workflowId));
        if (await connection.AskAsync("select workflow_is_used($1)", Uuid(workflowId)))
        {
            throw new WorkflowInUseException();
        }

        return await connection.ExecuteAsync(Delete, Uuid(workflowId)) is > 0 and var deleted ? deleted : throw new PatternNotFoundException();
    });

    private static async Task<WorkflowRecord> InsertAsync(NpgsqlConnection connection, WorkflowRecord workflow) =>
        (await connection.QueryAsync(
            InsertWorkflow, PatternRow.ReadWorkflow, Uuid(workflow.Id), Uuid(workflow.OriginId), Integer(workflow.Version), Text(workflow.Name),
            Text(workflow.Description), Text(workflow.Capability), Uuid(workflow.ParentWorkflowId), Text(WorkflowStatusNames.Of(workflow.Status)),
            Text(StepsJson.Write(workflow.Steps)), Time(workflow.CreatedAt))).Single();

    private Task<T> WriteAsync<T>(Func<NpgsqlConnection, Task<T>> write) => database.WriteTransactionAsync(write, PatternRefusals.Of);
}
