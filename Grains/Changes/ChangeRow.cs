using Actors.Facts;
using Npgsql;

namespace Actors.Changes;

/// <summary>A row of <c>change_log</c> that belongs to the feed.</summary>
/// <param name="Seq">Its number.</param>
/// <param name="ClientId">Whose; null: the house's.</param>
/// <param name="Kind">Of an event or a fact.</param>
/// <param name="Id">Which one.</param>
/// <param name="Operation">What was done.</param>
/// <param name="IsBySql">Whether somebody else than the service wrote it.</param>
/// <param name="ChangedAt">When it was written.</param>
internal sealed record ChangeRow(long Seq, string? ClientId, ChangedKind Kind, Guid Id, ChangeOperation Operation, bool IsBySql, DateTimeOffset ChangedAt)
{
    /// <summary>What to select from <c>change_log</c>, in the order <see cref="Read"/> expects.</summary>
    public const string Columns = "seq, client_id, table_name, row_id, operation, writer, changed_at";

    /// <summary>Which rows belong to the feed.</summary>
    public const string IsFed = "table_name in ('events', 'facts')";

    private const string Service = "grain";

    public static ChangeRow Read(NpgsqlDataReader reader) => new(
        reader.GetInt64(0),
        reader.GetString(1) is var client && client == FactSubjectKey.House ? null : client,
        reader.GetString(2) == "events" ? ChangedKind.Event : ChangedKind.Fact,
        reader.GetGuid(3),
        OperationOf(reader.GetString(4)),
        reader.GetString(5) != Service,
        reader.GetFieldValue<DateTimeOffset>(6));

    private static ChangeOperation OperationOf(string operation) => operation switch
    {
        "insert" => ChangeOperation.Created,
        "update" => ChangeOperation.Updated,
        "delete" => ChangeOperation.Deleted,
        "expire" => ChangeOperation.Expired,
        _ => throw new InvalidOperationException($"The operation {operation} of change_log is not known here."),
    };
}
