using System.Collections.Immutable;
using Actors.Idempotency;
using Npgsql;
using NpgsqlTypes;

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
        var stored = await ReadBlueprintAsync(Command(
            connection, InsertBlueprint, Uuid(id), Text(blueprint.Name), Text(blueprint.Description), Text(WorkflowStatusNames.Of(blueprint.Status)),
            Uuids(blueprint.WorkflowSequence), Time(now)));
        await KeepAsync(connection, blueprint.IdempotencyKey, stored, KeptAnswerJson.Default.BlueprintRecord, now);
        return stored;
    });

    /// <summary>Changes what is given of a service blueprint.</summary>
    /// <exception cref="PatternNotFoundException">There is none of that id.</exception>
    public Task<BlueprintRecord> UpdateBlueprintAsync(Guid id, BlueprintChange change) => WriteAsync(async connection =>
    {
        await EnsureWorkflowsAsync(connection, change.WorkflowSequence);
        return await ReadBlueprintAsync(Command(
            connection, UpdateBlueprint, Uuid(id), Text(change.Name), Value(NpgsqlDbType.Boolean, change.Description is not null), Text(change.Description?.Text),
            Text(change.Status is { } status ? WorkflowStatusNames.Of(status) : null), Uuids(change.WorkflowSequence)));
    });

    /// <summary>Removes a service blueprint.</summary>
    /// <exception cref="PatternNotFoundException">There is none of that id.</exception>
    public Task<int> DeleteBlueprintAsync(Guid id) => WriteAsync(async connection =>
    {
        await using var delete = Command(connection, DeleteBlueprint, Uuid(id));
        return await delete.ExecuteNonQueryAsync() is > 0 and var deleted ? deleted : throw new PatternNotFoundException();
    });

    private static async Task EnsureWorkflowsAsync(NpgsqlConnection connection, ImmutableArray<Guid> workflows)
    {
        if (!workflows.IsDefaultOrEmpty && !await AskAsync(connection, HasAllWorkflows, Uuids(workflows)))
        {
            throw new PatternRefusedException("no_such_workflow", "workflow_sequence names a workflow that is not there.");
        }
    }

    private static async Task<BlueprintRecord> ReadBlueprintAsync(NpgsqlCommand command)
    {
        await using (command)
        {
            await using var reader = await command.ExecuteReaderAsync();
            return await reader.ReadAsync() ? PatternRow.ReadBlueprint(reader) : throw new PatternNotFoundException();
        }
    }

    private static NpgsqlParameter Uuids(ImmutableArray<Guid> ids) => Value(NpgsqlDbType.Array | NpgsqlDbType.Uuid, ids.IsDefault ? null : ids.ToArray());
}
