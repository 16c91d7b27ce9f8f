using Npgsql;

namespace Actors.Embeddings;

/// <summary>A client whose memories may be without vectors.</summary>
/// <param name="ClientId">Whose; <c>-</c> is the house.</param>
/// <param name="Version">Of its session's head.</param>
/// <param name="Progress">Up to which version its memories have been looked through; null: not at all, for this model.</param>
internal sealed record ClientBehind(string ClientId, long Version, long? Progress);

/// <summary>A memory without a vector, and where it stands in the order in which they are found.</summary>
internal sealed record MissingVector(Guid MemoryId, DateTimeOffset CreatedAt)
{
    /// <summary>Before all others: newer than any memory, since the schema ends with the year 9998.</summary>
    public static readonly MissingVector Newest = new(Guid.AllBitsSet, new DateTimeOffset(9999, 1, 1, 0, 0, 0, TimeSpan.Zero));

    public static MissingVector Read(NpgsqlDataReader row) => new(row.GetGuid(0), row.GetFieldValue<DateTimeOffset>(1));
}

/// <summary>What is embedded of a memory.</summary>
/// <param name="Id">Of the event or fact.</param>
/// <param name="TableName"><c>events</c> or <c>facts</c>.</param>
/// <param name="Text">Its content, or the beginning of a long one.</param>
/// <param name="ContentHash">md5 of all of its content.</param>
internal sealed record MemoryContent(Guid Id, string TableName, string Text, Guid ContentHash);
