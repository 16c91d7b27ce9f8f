using Actors.Storage;
using Npgsql;

namespace Actors.Planning;

/// <summary>How a plan is read from its row; shared by the stores that select plans.</summary>
internal static class PlanRow
{
    /// <summary>What to select of <c>plans p</c>, in the order <see cref="Read"/> expects.</summary>
    public const string Columns =
        """
        p.id, p.client_id, p.title, p.intent, p.engagement_id, p.workflow_id, p.process_template_id, p.sop::text, p.context::text, p.status,
        p.status_note, p.written_by, p.tasks_created_at, p.created_at, p.updated_at
        """;

    /// <param name="reader">Stands on a row of <see cref="Columns"/>.</param>
    public static PlanRecord Read(NpgsqlDataReader reader) => new(
        reader.GetGuid(0),
        reader.TextOrNull(1),
        reader.GetString(2),
        reader.GetString(3),
        reader.TextOrNull(4),
        reader.ValueOrNull<Guid>(5),
        reader.ValueOrNull<Guid>(6),
        SopJson.Read(reader.GetString(7)),
        reader.GetString(8),
        StatusOf(reader.GetString(9)),
        reader.TextOrNull(10),
        reader.GetString(11),
        reader.ValueOrNull<DateTimeOffset>(12),
        reader.GetFieldValue<DateTimeOffset>(13),
        reader.GetFieldValue<DateTimeOffset>(14));

    public static PlanStatus StatusOf(string name) =>
        PlanStatusNames.StatusOf(name) ?? throw new InvalidOperationException("A plan has a status that is not known here.");
}
