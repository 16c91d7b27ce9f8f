using Actors.Storage;
using Npgsql;

namespace Actors.Work;

/// <summary>How tasks, projects and sprints are read from their rows; shared by the stores that select them.</summary>
internal static class WorkRow
{
    /// <summary>What to select of a task, in the order <see cref="ReadTask"/> expects. Nulls an operator put into a list are left out.</summary>
    public const string TaskColumns =
        """
        id, client_id, project_id, plan_id, step_number, title, description, status, priority, owner, array_remove(tags, null), array_remove(depends_on, null),
        readable(estimated_hours), readable(actual_hours), due_at, scheduled_start_at, scheduled_end_at, created_at, updated_at
        """;

    /// <summary>What to select of a project, in the order <see cref="ReadProject"/> expects.</summary>
    public const string ProjectColumns = "id, client_id, name, description, billable, status, created_at, updated_at";

    /// <summary>What to select of a sprint, in the order <see cref="ReadSprint"/> expects.</summary>
    public const string SprintColumns = "id, client_id, starts_on, name, goal, status, readable(capacity_hours), created_at, updated_at";

    /// <param name="reader">Stands on a row of <see cref="TaskColumns"/>.</param>
    public static TaskRecord ReadTask(NpgsqlDataReader reader) => new(
        reader.GetGuid(0),
        reader.TextOrNull(1),
        reader.ValueOrNull<Guid>(2),
        reader.ValueOrNull<Guid>(3),
        reader.ValueOrNull<int>(4),
        reader.GetString(5),
        reader.TextOrNull(6),
        TaskStateNames.StateOf(reader.GetString(7)) ?? throw Unknown("task"),
        reader.GetInt32(8),
        reader.TextOrNull(9),
        [.. reader.GetFieldValue<string[]>(10)],
        [.. reader.GetFieldValue<Guid[]>(11)],
        reader.ValueOrNull<decimal>(12),
        reader.ValueOrNull<decimal>(13),
        reader.ValueOrNull<DateTimeOffset>(14),
        reader.ValueOrNull<DateTimeOffset>(15),
        reader.ValueOrNull<DateTimeOffset>(16),
        reader.GetFieldValue<DateTimeOffset>(17),
        reader.GetFieldValue<DateTimeOffset>(18));

    /// <param name="reader">Stands on a row of <see cref="ProjectColumns"/>.</param>
    public static ProjectRecord ReadProject(NpgsqlDataReader reader) => new(
        reader.GetGuid(0),
        reader.TextOrNull(1),
        reader.GetString(2),
        reader.TextOrNull(3),
        reader.GetBoolean(4),
        ProjectStatusNames.StatusOf(reader.GetString(5)) ?? throw Unknown("project"),
        reader.GetFieldValue<DateTimeOffset>(6),
        reader.GetFieldValue<DateTimeOffset>(7));

    /// <param name="reader">Stands on a row of <see cref="SprintColumns"/> that is a week.</param>
    public static SprintRecord ReadSprint(NpgsqlDataReader reader) => new(
        reader.GetGuid(0),
        reader.TextOrNull(1),
        new SprintWeek(reader.GetFieldValue<DateOnly>(2)),
        reader.GetString(3),
        reader.TextOrNull(4),
        SprintStatusNames.StatusOf(reader.GetString(5)) ?? throw Unknown("sprint"),
        reader.GetDecimal(6),
        reader.GetFieldValue<DateTimeOffset>(7),
        reader.GetFieldValue<DateTimeOffset>(8));

    private static InvalidOperationException Unknown(string noun) => new($"A {noun} has a status that is not known here.");
}
