using System.Collections.Immutable;
using Actors.Storage;
using Npgsql;
using NpgsqlTypes;

namespace Actors.Embeddings;

/// <summary>What <see cref="EmbeddingSweeperGrain"/> reads and writes: contents without vectors, vectors, and how far it came.</summary>
internal sealed partial class EmbeddingStore(Database database)
{
    private const string HasNone = "not exists (select from embeddings v where v.memory_id = m.id and v.model = $1)";

    // The house's events are in no index.
    private const string SelectContents =
        $"""
        select m.id, 'events', left(m.content, $3), md5(m.content)::uuid from events m where m.id = any ($2) and m.client_id is not null and {HasNone}
        union all
        select m.id, 'facts', left(m.content, $3), md5(m.content)::uuid from facts m where m.id = any ($2) and {HasNone}
        """;

    private const string AwaitOtherWriters = "select pg_advisory_xact_lock(20419)";

    private const string UpsertProgress =
        """
        insert into embedding_progress (client_id, model, version)
        select client_id, $1, version from unnest($2::text[], $3::bigint[]) as reached (client_id, version)
        on conflict (client_id) do update set model = excluded.model, version = excluded.version, updated_at = clock_timestamp()
        """;

    /// <summary>What is to be embedded of those memories that are still there and have no vector; in no particular order.</summary>
    /// <exception cref="StorageUnavailableException">Postgres cannot be reached.</exception>
    public Task<ImmutableArray<MemoryContent>> ReadContentsAsync(string model, Guid[] memoryIds, int longest, CancellationToken cancellationToken) =>
        ReadAsync(
            SelectContents, row => new MemoryContent(row.GetGuid(0), row.GetString(1), row.GetString(2), row.GetGuid(3)),
            cancellationToken, model, memoryIds, longest);

    /// <summary>
    /// Stores vectors in one transaction, and leaves out those whose memory has gone, has another content by now, or is locked by somebody.
    /// </summary>
    /// <returns>How many were stored.</returns>
    /// <exception cref="StorageUnavailableException">Nothing was stored.</exception>
    /// <exception cref="OutcomeUnknownException">The connection broke; repeating is safe.</exception>
    /// <exception cref="Hosting.WritesSuspendedException">This host may not write now.</exception>
    public Task<int> StoreAsync(string model, IReadOnlyList<(MemoryContent Memory, QuantizedVector Vector)> vectors) =>
        database.WriteAsync(async connection =>
        {
            await using var batch = new NpgsqlBatch(connection);
            batch.BatchCommands.Add(new NpgsqlBatchCommand(AwaitOtherWriters));
            foreach (var table in vectors.GroupBy(vector => vector.Memory.TableName))
            {
                batch.BatchCommands.Add(Upsert(model, table.Key, [.. table]));
            }

            await batch.ExecuteNonQueryAsync();
            return batch.BatchCommands.OfType<NpgsqlBatchCommand>().Where(command => command.CommandText != AwaitOtherWriters).Sum(command => (int)command.RecordsAffected);
        });

    /// <summary>Notes that all memories of clients have been looked through up to a version.</summary>
    /// <exception cref="StorageUnavailableException">Nothing was written.</exception>
    /// <exception cref="OutcomeUnknownException">The connection broke; repeating is safe.</exception>
    /// <exception cref="Hosting.WritesSuspendedException">This host may not write now.</exception>
    public Task MoveProgressAsync(string model, ImmutableArray<ClientBehind> reached) =>
        database.WriteAsync(async connection =>
        {
            await using var upsert = new NpgsqlCommand(UpsertProgress, connection);
            upsert.Parameters.Add(new() { Value = model });
            upsert.Parameters.Add(new() { Value = reached.Select(client => client.ClientId).ToArray() });
            upsert.Parameters.Add(new() { Value = reached.Select(client => client.Version).ToArray() });
            return await upsert.ExecuteNonQueryAsync();
        });

    // The row is locked while its content is compared, so that it cannot change or go in between; sql/009 takes the vector away later.
    private static NpgsqlBatchCommand Upsert(string model, string table, (MemoryContent Memory, QuantizedVector Vector)[] vectors)
    {
        var command = new NpgsqlBatchCommand(
            $"""
            insert into embeddings (memory_id, client_id, table_name, model, dimensions, content_hash, vector, scale)
            select m.id, m.client_id, '{table}', $1, octet_length(made.vector), made.content_hash, made.vector, made.scale
            from unnest($2::uuid[], $3::uuid[], $4::bytea[], $5::real[]) as made (id, content_hash, vector, scale)
            join {table} m on m.id = made.id and md5(m.content)::uuid = made.content_hash
            for share of m skip locked
            on conflict (memory_id) do update
            set seq = default, client_id = excluded.client_id, table_name = excluded.table_name, model = excluded.model,
                dimensions = excluded.dimensions, content_hash = excluded.content_hash, vector = excluded.vector, scale = excluded.scale,
                created_at = default
            """);
        command.Parameters.Add(new() { Value = model });
        command.Parameters.Add(new() { Value = vectors.Select(vector => vector.Memory.Id).ToArray() });
        command.Parameters.Add(new() { Value = vectors.Select(vector => vector.Memory.ContentHash).ToArray() });
        command.Parameters.Add(new() { Value = vectors.Select(vector => vector.Vector.ToBytes()).ToArray(), NpgsqlDbType = NpgsqlDbType.Array | NpgsqlDbType.Bytea });
        command.Parameters.Add(new() { Value = vectors.Select(vector => vector.Vector.Scale).ToArray() });
        return command;
    }

    private Task<ImmutableArray<T>> ReadAsync<T>(string sql, Func<NpgsqlDataReader, T> read, CancellationToken cancellationToken, params object[] values) =>
        database.ReadAsync(
            async connection =>
            {
                await using var select = new NpgsqlCommand(sql, connection);
                foreach (var value in values)
                {
                    select.Parameters.Add(new() { Value = value });
                }

                await using var reader = await select.ExecuteReaderAsync(cancellationToken);
                var rows = ImmutableArray.CreateBuilder<T>();
                while (await reader.ReadAsync(cancellationToken))
                {
                    rows.Add(read(reader));
                }

                return rows.ToImmutable();
            },
            cancellationToken);
}
