using Actors.Facts;
using Actors.Storage;
using Npgsql;

namespace Actors.Sessions;

/// <summary>How an event is read from its row; shared by the stores that select events.</summary>
internal static class EventRow
{
    /// <summary>
    /// What to select, in the order <see cref="Read"/> expects, from <see cref="Source"/>. A memory of run scope expires
    /// at the latest when its run ends.
    /// </summary>
    public const string Columns = $"{Stored}, least(e.expires_at, case when e.memory_scope = 'run' then r.ended_at end) as ends_at";

    public const string Source = "events e left join execution_runs r on r.id = e.run_id";

    /// <summary>The same from <c>events e</c> alone, for statements that must keep the order of an index: a join may lose it.</summary>
    public const string ColumnsInOrder =
        $"""
        {Stored},
        least(e.expires_at, case when e.memory_scope = 'run' then (select r.ended_at from execution_runs r where r.id = e.run_id) end) as ends_at
        """;

    /// <summary>How much text an event <c>e</c> has, as <see cref="MemoryTexts.Characters"/> counts it.</summary>
    public const string Characters = "length(e.content) + coalesce(length(nullif(e.metadata, '{}')::text), 2)";

    private const string Stored =
        """
        e.id, e.client_id, e.content, e.memory_type, e.memory_scope, e.salience_score, nullif(e.metadata, '{}')::text,
        e.conversation_id, e.speaker, e.run_id, e.occurred_at, e.created_at, e.promoted_to_fact_id
        """;

    /// <param name="reader">Stands on a row whose columns from <paramref name="first"/> on are <see cref="Columns"/>.</param>
    /// <param name="first">Number of the first column.</param>
    /// <param name="texts">What rows before had; null: this one is read alone.</param>
    public static EventRecord Read(NpgsqlDataReader reader, int first = 0, SharedTexts? texts = null) => new(
        reader.GetGuid(first),
        reader.IsDBNull(first + 1) ? FactSubjectKey.House : Shared(reader.GetString(first + 1), texts),
        reader.GetString(first + 2),
        MemoryNames.TypeOf(reader.GetString(first + 3))!.Value,
        MemoryNames.ScopeOf(reader.GetString(first + 4))!.Value,
        reader.GetDouble(first + 5),
        reader.IsDBNull(first + 6) ? "{}" : reader.GetString(first + 6),
        reader.IsDBNull(first + 7) ? null : Shared(reader.GetString(first + 7), texts),
        reader.IsDBNull(first + 8) ? null : Shared(reader.GetString(first + 8), texts),
        reader.IsDBNull(first + 9) ? null : reader.GetGuid(first + 9),
        reader.GetFieldValue<DateTimeOffset>(first + 10),
        reader.GetFieldValue<DateTimeOffset>(first + 11),
        reader.IsDBNull(first + 13) ? null : reader.GetFieldValue<DateTimeOffset>(first + 13),
        reader.IsDBNull(first + 12) ? null : reader.GetGuid(first + 12));

    private static string Shared(string text, SharedTexts? texts) => texts is null ? text : texts.Of(text);
}
