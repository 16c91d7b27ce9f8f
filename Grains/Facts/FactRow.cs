using Actors.Sessions;
using Actors.Storage;
using Npgsql;

namespace Actors.Facts;

/// <summary>How a belief is read from its row; shared by the stores that select facts.</summary>
internal static class FactRow
{
    /// <summary>How many columns <see cref="Read"/> reads.</summary>
    public const int ColumnCount = 17;

    /// <summary>What to select from <c>facts f</c>, in the order <see cref="Read"/> expects: beliefs of now.</summary>
    public const string Columns = $"{Stored}, null::timestamptz as retracted_at";

    /// <summary>The same from what has the columns of <c>facts</c> and <c>retracted_at</c>, as <c>f</c>: beliefs of now and before.</summary>
    public const string BeliefColumns = $"{Stored}, f.retracted_at";

    /// <summary>The same from <c>fact_versions v</c>: beliefs that ended.</summary>
    public const string VersionColumns =
        """
        v.fact_id, v.client_id, v.subject_type, v.subject_id, v.fact_type, v.content, v.salience_score, v.category, v.fact_key,
        v.valid_from, v.valid_to, v.metadata::text, v.zep_fact_id, v.superseded_by, v.created_at, v.recorded_at, v.retracted_at
        """;

    /// <summary>How much text a row of facts <c>f</c> has, as <see cref="MemoryTexts.Characters"/> counts it.</summary>
    public const string Characters = "length(f.content) + length(f.metadata::text)";

    /// <summary>The same of <c>fact_versions v</c>.</summary>
    public const string VersionCharacters = "length(v.content) + length(v.metadata::text)";

    private const string Stored =
        """
        f.id, f.client_id, f.subject_type, f.subject_id, f.fact_type, f.content, f.salience_score, f.category, f.fact_key,
        f.valid_from, f.valid_to, f.metadata::text, f.zep_fact_id, f.superseded_by, f.created_at, f.recorded_at
        """;

    /// <param name="reader">Stands on a row whose columns from <paramref name="first"/> on are <see cref="Columns"/>.</param>
    /// <param name="first">Number of the first column.</param>
    /// <param name="texts">What rows before had; null: this one is read alone.</param>
    public static FactRecord Read(NpgsqlDataReader reader, int first = 0, SharedTexts? texts = null)
    {
        return new(
            reader.GetGuid(first),
            new FactSubject(Repeated(1), Repeated(2)!, Repeated(3)!),
            Repeated(4)!,
            reader.GetString(first + 5),
            reader.GetDouble(first + 6),
            Repeated(7),
            Repeated(8),
            reader.GetFieldValue<DateTimeOffset>(first + 9),
            TimeOrNull(reader, first + 10),
            Repeated(11)!,
            TextOrNull(reader, first + 12),
            IdOrNull(reader, first + 13),
            reader.GetFieldValue<DateTimeOffset>(first + 14),
            reader.GetFieldValue<DateTimeOffset>(first + 15),
            TimeOrNull(reader, first + 16));

        string? Repeated(int column)
        {
            var text = TextOrNull(reader, first + column);
            return texts is null ? text : texts.Of(text);
        }
    }

    public static string? TextOrNull(NpgsqlDataReader reader, int column) =>
        reader.IsDBNull(column) ? null : reader.GetString(column);

    public static DateTimeOffset? TimeOrNull(NpgsqlDataReader reader, int column) =>
        reader.IsDBNull(column) ? null : reader.GetFieldValue<DateTimeOffset>(column);

    public static Guid? IdOrNull(NpgsqlDataReader reader, int column) =>
        reader.IsDBNull(column) ? null : reader.GetGuid(column);
}
