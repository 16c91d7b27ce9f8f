using System.Collections.Immutable;
using Actors.Access;
using Actors.Facts;
using Actors.Sessions;
using Actors.Storage;
using Npgsql;

namespace Actors.Changes;

// The memories of a page, as they are now.
internal sealed partial class ChangeFeedStore
{
    private const string SelectEvents =
        $"select {EventRow.Columns} from {EventRow.Source} where e.id = any ($1) and ($2::text[] is null or e.client_id = any ($2))";

    private const string SelectFacts =
        $"select {FactRow.Columns} from facts f where f.id = any ($1) and ($2::text[] is null or f.client_id is null or f.client_id = any ($2))";

    // A page of the largest memories is not read as a whole before it is cut.
    private const int MemoriesAtATime = 50;

    private const string SelectBySeq =
        $"""
        select {ChangeRow.Columns} from change_log
        where seq = any ($1) and {ChangeRow.IsFed} and ($2::text is null or client_id = $2) order by seq
        """;

    /// <summary>Changes by their numbers: those that are still kept.</summary>
    /// <exception cref="StorageUnavailableException">Postgres cannot be reached.</exception>
    public Task<ImmutableArray<Change>> FindAsync(ImmutableArray<long> seqs, string? clientId, CancellationToken cancellationToken) =>
        database.ReadAsync(
            async connection =>
            {
                var rows = await connection.QueryAsync(
                    SelectBySeq, ChangeRow.Read,
                    SqlValues.Value(NpgsqlTypes.NpgsqlDbType.Array | NpgsqlTypes.NpgsqlDbType.Bigint, seqs.ToArray()), SqlValues.Text(clientId));
                var visible = new ClientVisibility(clientId is null ? default : [clientId]);
                var changes = ImmutableArray.CreateBuilder<Change>();
                await foreach (var (row, memory) in MemoriesAsync(connection, rows, visible, cancellationToken))
                {
                    changes.Add(ChangeOf(row, "", memory));
                }

                return changes.DrainToImmutable();
            },
            cancellationToken);

    private static async Task<ChangePage> WithMemoriesAsync(
        NpgsqlConnection connection, Found found, ClientVisibility visibility, CancellationToken cancellationToken)
    {
        var changes = ImmutableArray.CreateBuilder<Change>(found.Rows.Count);
        var characters = 0L;
        await foreach (var (row, memory) in MemoriesAsync(connection, found.Rows.ConvertAll(entry => entry.Row), visibility, cancellationToken))
        {
            var cursor = found.Rows[changes.Count].Cursor;
            if (characters >= Database.MaxPageCharacters)
            {
                return new ChangePage([.. changes], changes[^1].Cursor, HasMore: true);
            }

            changes.Add(ChangeOf(row, cursor.Format(), memory));
            characters += memory?.Length ?? 0;
        }

        return new ChangePage(changes.DrainToImmutable(), found.Next.Format(), found.HasMore);
    }

    private static Change ChangeOf(ChangeRow row, string cursor, string? memory) =>
        new(cursor, row.Seq, row.Operation, row.Kind, row.Id, row.ClientId, row.ChangedAt, row.IsBySql, memory);

    private static async IAsyncEnumerable<(ChangeRow Row, string? Memory)> MemoriesAsync(
        NpgsqlConnection connection, List<ChangeRow> rows, ClientVisibility visibility,
        [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken cancellationToken)
    {
        foreach (var part in rows.Chunk(MemoriesAtATime))
        {
            var events = await SelectAsync(connection, SelectEvents, part, ChangedKind.Event, visibility, MemoryJsonOfEvent, cancellationToken);
            var facts = await SelectAsync(connection, SelectFacts, part, ChangedKind.Fact, visibility, MemoryJsonOfFact, cancellationToken);
            foreach (var row in part)
            {
                yield return (row, (row.Kind == ChangedKind.Event ? events : facts).GetValueOrDefault(row.Id));
            }
        }
    }

    private static async Task<Dictionary<Guid, string>> SelectAsync(
        NpgsqlConnection connection, string sql, ChangeRow[] rows, ChangedKind kind, ClientVisibility visibility,
        Func<NpgsqlDataReader, string> read, CancellationToken cancellationToken)
    {
        var memories = new Dictionary<Guid, string>();
        var ids = rows.Where(row => row.Kind == kind).Select(row => row.Id).Distinct().ToImmutableArray();
        if (ids.IsEmpty)
        {
            return memories;
        }

        await using var select = new NpgsqlCommand(sql, connection) { Parameters = { SqlValues.Uuids(ids), SqlValues.Texts(visibility.ClientIds) } };
        await using var reader = await select.ExecuteReaderAsync(cancellationToken);
        while (await reader.ReadAsync(cancellationToken))
        {
            memories.Add(reader.GetGuid(0), read(reader));
        }

        return memories;
    }

    private static string MemoryJsonOfEvent(NpgsqlDataReader reader) => MemoryJson.Of(EventRow.Read(reader));

    private static string MemoryJsonOfFact(NpgsqlDataReader reader) => MemoryJson.Of(FactRow.Read(reader));
}
