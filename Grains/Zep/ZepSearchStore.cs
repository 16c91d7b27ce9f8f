using System.Collections.Immutable;
using Actors.Facts;
using Actors.Sessions;
using Actors.Storage;
using Npgsql;

namespace Actors.Zep;

/// <summary>How Zep stands with a client.</summary>
/// <param name="IsThere">Whether it was sent something of the client.</param>
/// <param name="IsErasing">Whether an erasure of the client has not come to it yet.</param>
/// <param name="EraseEpoch">The client's epoch.</param>
internal readonly record struct ZepStanding(bool IsThere, bool IsErasing, long EraseEpoch);

/// <summary>The SQL of <see cref="ZepSearch"/>.</summary>
internal sealed class ZepSearchStore(Database database)
{
    private const string Standing =
        """
        exists (select from zep_clients where client_id = $1),
        exists (select from erasures where client_id = $1 and zep = 'pending')
            or exists (select from outbox where client_id = $1 and table_name = 'clients' and failed_at is null),
        coalesce((select erase_epoch from session_heads where client_id = $1), 0)
        """;

    private const string SelectStanding = $"select {Standing}";

    // A row even if there is no item: the standing is to be of the same moment. What was taken out there was a row that no memory has.
    private const string SelectItems =
        $"""
        select {Standing}, i.zep_id, i.row_id
          from (select) one
          left join (
            select zep_id, row_id from zep_items where client_id = $1 and zep_id = any ($2)
            union all
            select zep_id, '00000000-0000-0000-0000-000000000000' from zep_removed where client_id = $1 and zep_id = any ($2)) i on true
        """;

    private const string SelectEvents = $"select {EventRow.Columns} from {EventRow.Source} where e.client_id = $1 and e.id = any ($2)";

    private const string SelectFacts = $"select {FactRow.Columns} from facts f where f.client_id = $1 and f.id = any ($2)";

    /// <summary>How Zep stands with a client.</summary>
    /// <exception cref="StorageUnavailableException">Postgres cannot be reached.</exception>
    public Task<ZepStanding> ReadStandingAsync(string clientId, CancellationToken cancellationToken) =>
        database.ReadAsync(
            async connection =>
            {
                await using var select = new NpgsqlCommand(SelectStanding, connection) { Parameters = { new() { Value = clientId } } };
                await using var reader = await select.ExecuteReaderAsync(cancellationToken);
                await reader.ReadAsync(cancellationToken);
                return StandingOf(reader);
            },
            cancellationToken);

    /// <summary>Which of a client's rows Zep's ids belong to, and how Zep stands with the client at that moment.</summary>
    /// <exception cref="StorageUnavailableException">Postgres cannot be reached.</exception>
    public Task<(ZepStanding Standing, ILookup<string, Guid> Rows)> FindRowsAsync(string clientId, string[] zepIds, CancellationToken cancellationToken) =>
        database.ReadAsync(
            async connection =>
            {
                await using var select = new NpgsqlCommand(SelectItems, connection) { Parameters = { new() { Value = clientId }, new() { Value = zepIds } } };
                await using var reader = await select.ExecuteReaderAsync(cancellationToken);
                var standing = default(ZepStanding);
                var rows = new List<(string ZepId, Guid RowId)>();
                while (await reader.ReadAsync(cancellationToken))
                {
                    standing = StandingOf(reader);
                    if (!reader.IsDBNull(3))
                    {
                        rows.Add((reader.GetString(3), reader.GetGuid(4)));
                    }
                }

                return (standing, rows.ToLookup(row => row.ZepId, row => row.RowId, StringComparer.Ordinal));
            },
            cancellationToken);

    /// <summary>Events and facts of a client by their ids, those that are there.</summary>
    /// <exception cref="StorageUnavailableException">Postgres cannot be reached.</exception>
    public Task<ImmutableArray<IMemory>> LoadAsync(string clientId, Guid[] ids, CancellationToken cancellationToken) =>
        database.ReadAsync(
            async connection =>
            {
                var memories = ImmutableArray.CreateBuilder<IMemory>();
                await ReadAsync(SelectEvents, reader => EventRow.Read(reader));
                await ReadAsync(SelectFacts, reader => FactRow.Read(reader));
                return memories.ToImmutable();

                async Task ReadAsync(string sql, Func<NpgsqlDataReader, IMemory> read)
                {
                    await using var select = new NpgsqlCommand(sql, connection) { Parameters = { new() { Value = clientId }, new() { Value = ids } } };
                    await using var reader = await select.ExecuteReaderAsync(cancellationToken);
                    while (await reader.ReadAsync(cancellationToken))
                    {
                        memories.Add(read(reader));
                    }
                }
            },
            cancellationToken);

    private static ZepStanding StandingOf(NpgsqlDataReader reader) => new(reader.GetBoolean(0), reader.GetBoolean(1), reader.GetInt64(2));
}
