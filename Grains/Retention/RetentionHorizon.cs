using Npgsql;

namespace Actors.Retention;

/// <summary>How far the past of a client reaches: what retention has deleted of it. Nothing is later than these; null: nothing was deleted.</summary>
/// <param name="Events">The latest end of an expired event that is gone.</param>
/// <param name="FactVersions">The latest end of a belief that is gone.</param>
/// <param name="LogVersion">The version of the latest change that the change log no longer names; 0: none.</param>
internal readonly record struct RetentionHorizon(DateTimeOffset? Events, DateTimeOffset? FactVersions, long LogVersion)
{
    /// <summary>What an answer calls it in <c>degraded</c>.</summary>
    public const string Degraded = "retention";

    /// <summary>Columns of <c>session_heads</c>, in the order <see cref="Read"/> expects.</summary>
    public const string Columns = "purged_to, versions_purged_to, log_pruned_to";

    /// <summary>Whether an answer for these times may lack what was deleted. Ends are exclusive: what ended at a time did not count then.</summary>
    /// <param name="asOf">Valid time; null: now.</param>
    /// <param name="knownAt">Transaction time; null: now.</param>
    public bool Hides(DateTimeOffset? asOf, DateTimeOffset? knownAt) => asOf < Events || knownAt < FactVersions;

    /// <param name="reader">Stands on a row whose columns from <paramref name="first"/> on are <see cref="Columns"/>.</param>
    /// <param name="first">Number of the first column.</param>
    public static RetentionHorizon Read(NpgsqlDataReader reader, int first) => new(TimeOrNull(reader, first), TimeOrNull(reader, first + 1), reader.GetInt64(first + 2));

    private static DateTimeOffset? TimeOrNull(NpgsqlDataReader reader, int column) =>
        reader.IsDBNull(column) ? null : reader.GetFieldValue<DateTimeOffset>(column);
}
