using Npgsql;

namespace Actors.Patterns;

/// <summary>How workflows and process templates are read from their rows; shared by the stores that select them.</summary>
internal static class PatternRow
{
    /// <summary>What to select of a workflow, in the order <see cref="ReadWorkflow"/> expects.</summary>
    public const string WorkflowColumns =
        "id, coalesce(origin_id, id), version, name, description, capability, parent_workflow_id, status, steps::text, created_at, updated_at";

    /// <summary>What to select of a process template, in the order <see cref="ReadTemplate"/> expects.</summary>
    public const string TemplateColumns = "id, name, workflow_id, engagement_id, project_id, status, checklist::text, created_at, updated_at";

    /// <param name="reader">Stands on a row of <see cref="WorkflowColumns"/>.</param>
    public static WorkflowRecord ReadWorkflow(NpgsqlDataReader reader) => new(
        reader.GetGuid(0),
        reader.GetGuid(1),
        reader.GetInt32(2),
        reader.GetString(3),
        Text(reader, 4),
        Text(reader, 5),
        Id(reader, 6),
        WorkflowStatusNames.StatusOf(reader.GetString(7)) ?? throw new InvalidOperationException("A workflow has a status that is not known here."),
        StepsJson.Read(reader.GetString(8)),
        reader.GetFieldValue<DateTimeOffset>(9),
        reader.GetFieldValue<DateTimeOffset>(10));

    /// <param name="reader">Stands on a row of <see cref="TemplateColumns"/>.</param>
    public static TemplateRecord ReadTemplate(NpgsqlDataReader reader) => new(
        reader.GetGuid(0),
        reader.GetString(1),
        Id(reader, 2),
        Text(reader, 3),
        Id(reader, 4),
        reader.GetString(5),
        StepsJson.Read(reader.GetString(6)),
        reader.GetFieldValue<DateTimeOffset>(7),
        reader.GetFieldValue<DateTimeOffset>(8));

    private static string? Text(NpgsqlDataReader reader, int at) => reader.IsDBNull(at) ? null : reader.GetString(at);

    private static Guid? Id(NpgsqlDataReader reader, int at) => reader.IsDBNull(at) ? null : reader.GetGuid(at);
}
