using System.Collections.Immutable;
using System.Data;
using System.Runtime.InteropServices;
using Actors.Storage;
using Npgsql;

namespace Actors.Access;

/// <summary>The SQL of <see cref="AccessQueryGrain"/>.</summary>
/// <remarks>Every method throws <see cref="StorageUnavailableException"/> when Postgres cannot be reached.</remarks>
internal sealed class AccessQueryStore(Database database)
{
    private const string SelectHead = "select version, erasures from access_head";

    private const string SelectAll = $"select key_hash, {KeyRow.Columns} from api_keys";

    private const string SelectOne = $"select {KeyRow.Columns} from api_keys where id = $1";

    // Ids are ordered by the time they were made.
    private const string SelectPage =
        $"select {KeyRow.Columns} from api_keys where $1::uuid is null or id < $1 order by id desc limit $2";

    /// <summary>Version and keys as of one moment; null when the version is the known one.</summary>
    public Task<KeySnapshot?> ReadIfChangedAsync(long? knownVersion, CancellationToken cancellationToken) =>
        database.ReadAsync(
            async connection =>
            {
                if (knownVersion is not null && (await ReadHeadAsync(connection, cancellationToken)).Version == knownVersion)
                {
                    return null;
                }

                await using var moment = await connection.BeginTransactionAsync(IsolationLevel.RepeatableRead, cancellationToken);
                var (version, erasures) = await ReadHeadAsync(connection, cancellationToken);
                await using var select = new NpgsqlCommand(SelectAll, connection);
                await using var reader = await select.ExecuteReaderAsync(cancellationToken);
                var keys = ImmutableArray.CreateBuilder<HashedKey>();
                while (await reader.ReadAsync(cancellationToken))
                {
                    keys.Add(new HashedKey(ImmutableCollectionsMarshal.AsImmutableArray(reader.GetFieldValue<byte[]>(0)), KeyRow.Read(reader, 1)));
                }

                return new KeySnapshot(version, keys.ToImmutable(), erasures);
            },
            cancellationToken);

    /// <summary>One page, newest first.</summary>
    public Task<KeyPage> ListAsync(int limit, Guid? after, CancellationToken cancellationToken) =>
        database.ReadAsync(
            async connection =>
            {
                await using var select = new NpgsqlCommand(SelectPage, connection);
                select.Parameters.Add(new() { Value = (object?)after ?? DBNull.Value });
                select.Parameters.Add(new() { Value = limit + 1 });
                await using var reader = await select.ExecuteReaderAsync(cancellationToken);
                var keys = new List<KeyRecord>();
                while (await reader.ReadAsync(cancellationToken))
                {
                    if (keys.Count == limit)
                    {
                        return new KeyPage([.. keys], keys[^1].Id);
                    }

                    keys.Add(KeyRow.Read(reader));
                }

                return new KeyPage([.. keys], null);
            },
            cancellationToken);

    /// <summary>One key; null when there is none of that id.</summary>
    public Task<KeyRecord?> FindAsync(Guid keyId, CancellationToken cancellationToken) =>
        database.ReadAsync(
            async connection =>
            {
                await using var select = new NpgsqlCommand(SelectOne, connection);
                select.Parameters.Add(new() { Value = keyId });
                await using var reader = await select.ExecuteReaderAsync(cancellationToken);
                return await reader.ReadAsync(cancellationToken) ? KeyRow.Read(reader) : null;
            },
            cancellationToken);

    // No row, because somebody removed it: the next change of a key brings it back.
    private static async Task<(long Version, long Erasures)> ReadHeadAsync(NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        await using var select = new NpgsqlCommand(SelectHead, connection);
        await using var reader = await select.ExecuteReaderAsync(cancellationToken);
        return await reader.ReadAsync(cancellationToken) ? (reader.GetInt64(0), reader.GetInt64(1)) : (0, 0);
    }
}
