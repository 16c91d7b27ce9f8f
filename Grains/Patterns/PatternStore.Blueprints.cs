using System.Collections.Immutable;
using Actors.Idempotency;
using Actors.Storage;
using Npgsql;
using static Actors.Storage.SqlValues;

namespace Actors.Patterns;

/// <summary>Service blueprints, whose definition holds their workflows.</summary>
internal sealed partial class PatternStore
{
    private const string InsertBlueprint =
        $"""
        insert into service_blueprints (id, name, description, status, definition, created_at, updated_at)
        values ($1, $2, $3, $4, jsonb_build_object('workflow_sequence', to_jsonb($5::uuid[])), $6, $6)
        returning {PatternRow.BlueprintColumns}
        """;

    // Other members of the definition are an operator's.
    private const string UpdateBlueprint =
        $"""
        update service_blueprints set
            name = coalesce($2, name),
            description = case when $3 then $4 else description end,
            status = coalesce($5, status),
            definition = case when $6::uuid[] is null then definition else definition || jsonb_build_object('workflow_sequence', to_jsonb($6::uuid[])) end
        where id = $1
        returning {PatternRow.BlueprintColumns}
        """;

    private const string HasAllWorkflows = "select not exists (select from unnest($1) as named (id) where id not in (select id from workflows))";

    private const string DeleteBlueprint = "delete from service_blueprints where id = $1";

    /// <summary>Stores a service blueprint, and with it the answer to its request if that may be repeated.</summary>
    public Task<BlueprintRecord> InsertBlueprintAsync(Guid id, NewBlueprint blueprint, DateTimeOffset now) => WriteAsync(async connection =>
    {
        await EnsureWorkflowsAsync(connection, blueprint.WorkflowSequence);
        var stored = (await connection.QueryAsync(
            InsertBlueprint, PatternRow.ReadBlueprint, Uuid(id), Text(blueprint.Name), Text(blueprint.Description), Text(WorkflowStatusNames.Of(blueprint.Status)),
            Uuids(blueprint.WorkflowSequence), Time(now))).Single();
        await connection.KeepAnswerAsync(blueprint.IdempotencyKey, clientId: null, stored, KeptAnswerJson.Default.BlueprintRecord, now);
        return stored;
    });

    /// <summary>Changes what is given of a service blueprint.</summary>
    /// <exception cref="PatternNotFoundException">There is none of that id.</exception>
    public Task<BlueprintRecord> UpdateBlueprintAsync(Guid id, BlueprintChange change) => WriteAsync(async connection =>
    {
        await EnsureWorkflowsAsync(connection, change.WorkflowSequence);
        return (await connection.QueryAsync(
            UpdateBlueprint, PatternRow.ReadBlueprint, Uuid(id), Text(change.Name), Boolean(change.Description is not null), Text(change.Description?.Value),
            Text(change.Status is { } status ? WorkflowStatusNames.Of(status) : null), Uuids(change.WorkflowSequence))).SingleOrDefault()
            ?? throw new PatternNotFoundException();
    });

    /// <summary>Removes a service blueprint.</summary>
    /// <exception cref="PatternNotFoundException">There is none of that id.</exception>
    public Task<int> DeleteBlueprintAsync(Guid id) => WriteAsync(async connection =>
        await connection.ExecuteAsync(DeleteBlueprint, Uuid(id)) is > 0 and var deleted ? deleted : throw new PatternNotFoundException());

    private static async Task EnsureWorkflowsAsync(NpgsqlConnection connection, ImmutableArray<Guid> workflows)
    {
        if (!workflows.IsDefaultOrEmpty && !await connection.AskAsync(HasAllWorkflows, Uuids(workflows)))
        {
            throw new PatternRefusedException("no_such_workflow", "workflow_sequence names a workflow that is not there.");
        }
    }
}
