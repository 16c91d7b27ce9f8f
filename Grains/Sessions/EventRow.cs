using Npgsql;

namespace Actors.Sessions;

/// <summary>How an event is read from its row; shared by the stores that select events.</summary>
internal static class EventRow
{
    /// <summary>
    /// What to select, in the order <see cref="Read"/> expects, from <see cref="Source"/>. A memory of run scope expires
    /// at the latest when its run ends.
    /// </summary>
    public const string Columns =
        """
        e.id, e.client_id, e.content, e.memory_type, e.memory_scope, e.salience_score, e.metadata::text, e.conversation_id,
        e.speaker, e.run_id, e.occurred_at, e.created_at,
        least(e.expires_at, case when e.memory_scope = 'run' then r.ended_at end) as ends_at, e.promoted_to_fact_id
        """;

    public const string Source = "events e left join execution_runs r on r.id = e.run_id";

    /// <param name="reader">Stands on a row whose columns from <paramref name="first"/> on are <see cref="Columns"/>.</param>
    /// <param name="first">Number of the first column.</param>
    public static EventRecord Read(NpgsqlDataReader reader, int first = 0) => new(
        reader.GetGuid(first),
        reader.GetString(first + 1),
        reader.GetString(first + 2),
        MemoryNames.TypeOf(reader.GetString(first + 3))!.Value,
        MemoryNames.ScopeOf(reader.GetString(first + 4))!.Value,
        reader.GetDouble(first + 5),
        reader.GetString(first + 6),
        reader.IsDBNull(first + 7) ? null : reader.GetString(first + 7),
        reader.IsDBNull(first + 8) ? null : reader.GetString(first + 8),
        reader.IsDBNull(first + 9) ? null : reader.GetGuid(first + 9),
        reader.GetFieldValue<DateTimeOffset>(first + 10),
        reader.GetFieldValue<DateTimeOffset>(first + 11),
        reader.IsDBNull(first + 12) ? null : reader.GetFieldValue<DateTimeOffset>(first + 12),
        reader.IsDBNull(first + 13) ? null : reader.GetGuid(first + 13));
}
