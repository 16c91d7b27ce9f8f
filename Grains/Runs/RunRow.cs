using System.Collections.Immutable;
using Actors.Storage;
using Npgsql;

namespace Actors.Runs;

/// <summary>How a run is read from its row and those of its steps; shared by the stores that select runs.</summary>
internal static class RunRow
{
    /// <summary>What to select, in the order <see cref="Read"/> expects, from <c>execution_runs r</c>.</summary>
    public const string Columns =
        """
        r.id, r.client_id, r.run_identifier, r.process_template_id, r.workflow_id, r.status, readable(r.estimated_hours), readable(r.actual_hours),
        readable(r.variance_pct),
        r.telemetry::text, r.started_at, r.ended_at, r.created_at, r.updated_at,
        array(select s.step_number from run_steps s where s.run_id = r.id order by s.step_number),
        array(select s.title from run_steps s where s.run_id = r.id order by s.step_number),
        array(select readable(s.estimated_hours) from run_steps s where s.run_id = r.id order by s.step_number),
        array(select readable(s.actual_hours) from run_steps s where s.run_id = r.id order by s.step_number)
        """;

    /// <param name="reader">Stands on a row of <see cref="Columns"/>.</param>
    public static RunRecord Read(NpgsqlDataReader reader) => new(
        reader.GetGuid(0),
        reader.TextOrNull(1),
        reader.GetString(2),
        reader.ValueOrNull<Guid>(3),
        reader.ValueOrNull<Guid>(4),
        RunStatusNames.StatusOf(reader.GetString(5)) ?? throw new InvalidOperationException("A run has a status that is not known here."),
        reader.ValueOrNull<decimal>(6),
        reader.ValueOrNull<decimal>(7),
        reader.ValueOrNull<decimal>(8),
        Steps(reader),
        reader.GetString(9),
        reader.ValueOrNull<DateTimeOffset>(10),
        reader.ValueOrNull<DateTimeOffset>(11),
        reader.GetFieldValue<DateTimeOffset>(12),
        reader.GetFieldValue<DateTimeOffset>(13));

    private static ImmutableArray<RunStep> Steps(NpgsqlDataReader reader)
    {
        var numbers = reader.GetFieldValue<int[]>(14);
        var titles = reader.GetFieldValue<string[]>(15);
        var (estimated, actual) = (reader.GetFieldValue<decimal?[]>(16), reader.GetFieldValue<decimal?[]>(17));
        return [.. numbers.Select((number, i) => new RunStep(number, titles[i], estimated[i], actual[i]))];
    }
}
