using Actors.Storage;
using Npgsql;

namespace Actors.Patterns;

/// <summary>How patterns are read from their rows; shared by the stores that select them.</summary>
internal static class PatternRow
{
    /// <summary>What to select of a workflow, in the order <see cref="ReadWorkflow"/> expects.</summary>
    public const string WorkflowColumns =
        "id, coalesce(origin_id, id), version, name, description, capability, parent_workflow_id, status, steps::text, created_at, updated_at";

    /// <summary>What to select of a service blueprint, in the order <see cref="ReadBlueprint"/> expects.</summary>
    public const string BlueprintColumns =
        """
        id, name, description, status,
        array(select item #>> '{}' from jsonb_array_elements(case when jsonb_typeof(definition -> 'workflow_sequence') = 'array' then definition -> 'workflow_sequence' else '[]' end)
                                        with ordinality as sequence (item, place) order by place),
        created_at, updated_at
        """;

    /// <summary>What to select of a process template, in the order <see cref="ReadTemplate"/> expects.</summary>
    public const string TemplateColumns = "id, name, workflow_id, engagement_id, project_id, status, checklist::text, created_at, updated_at";

    /// <summary>What to select of a version of a prompt, in the order <see cref="ReadPrompt"/> expects. Of what an operator wrote into its variables, texts are read.</summary>
    public const string PromptColumns =
        """
        id, name, version, purpose, template,
        array(select item #>> '{}' from jsonb_array_elements(variables) with ordinality as listed (item, place) where jsonb_typeof(item) = 'string' order by place),
        active, created_at, updated_at
        """;

    /// <param name="reader">Stands on a row of <see cref="WorkflowColumns"/>.</param>
    public static WorkflowRecord ReadWorkflow(NpgsqlDataReader reader) => new(
        reader.GetGuid(0),
        reader.GetGuid(1),
        reader.GetInt32(2),
        reader.GetString(3),
        reader.TextOrNull(4),
        reader.TextOrNull(5),
        reader.ValueOrNull<Guid>(6),
        StatusOf(reader, 7),
        StepsJson.Read(reader.GetString(8)),
        reader.GetFieldValue<DateTimeOffset>(9),
        reader.GetFieldValue<DateTimeOffset>(10));

    /// <param name="reader">Stands on a row of <see cref="BlueprintColumns"/>. What an operator wrote into the sequence that is no id is left out.</param>
    public static BlueprintRecord ReadBlueprint(NpgsqlDataReader reader) => new(
        reader.GetGuid(0),
        reader.GetString(1),
        reader.TextOrNull(2),
        StatusOf(reader, 3),
        [.. reader.GetFieldValue<string?[]>(4).Select(text => Guid.TryParse(text, out var id) ? id : (Guid?)null).OfType<Guid>()],
        reader.GetFieldValue<DateTimeOffset>(5),
        reader.GetFieldValue<DateTimeOffset>(6));

    /// <param name="reader">Stands on a row of <see cref="TemplateColumns"/>.</param>
    public static TemplateRecord ReadTemplate(NpgsqlDataReader reader) => new(
        reader.GetGuid(0),
        reader.GetString(1),
        reader.ValueOrNull<Guid>(2),
        reader.TextOrNull(3),
        reader.ValueOrNull<Guid>(4),
        reader.GetString(5),
        StepsJson.Read(reader.GetString(6)),
        reader.GetFieldValue<DateTimeOffset>(7),
        reader.GetFieldValue<DateTimeOffset>(8));

    /// <param name="reader">Stands on a row of <see cref="PromptColumns"/>.</param>
    public static PromptRecord ReadPrompt(NpgsqlDataReader reader) => new(
        reader.GetGuid(0),
        reader.GetString(1),
        reader.GetInt32(2),
        reader.TextOrNull(3),
        reader.GetString(4),
        [.. reader.GetFieldValue<string[]>(5)],
        reader.GetBoolean(6),
        reader.GetFieldValue<DateTimeOffset>(7),
        reader.GetFieldValue<DateTimeOffset>(8));

    private static WorkflowStatus StatusOf(NpgsqlDataReader reader, int at) =>
        WorkflowStatusNames.StatusOf(reader.GetString(at)) ?? throw new InvalidOperationException("A pattern has a status that is not known here.");
}
