using System.Collections.Immutable;
using Actors.Facts;
using Actors.Storage;
using Npgsql;
using NpgsqlTypes;

namespace Actors.Embeddings;

/// <summary>What <see cref="EmbeddingSweeperGrain"/> reads and writes: contents without vectors, vectors, and how far it came.</summary>
internal sealed class EmbeddingStore(Database database)
{
    private const string SelectNewestChange = "select coalesce(max(seq), 0) from change_log";

    private const string SelectChanged =
        """
        select row_id from change_log
        where seq > $1 and seq <= $2 and table_name in ('events', 'facts') and operation <> 'delete' order by seq desc limit $3
        """;

    // Those with some progress first: they have little to look through.
    private const string SelectBehind =
        """
        select h.client_id, h.version, p.version
        from session_heads h left join embedding_progress p on p.client_id = h.client_id and p.model = $1 and p.version <= h.version
        where p.version is distinct from h.version and (p.version is null, h.client_id) > ($2, $3)
        order by p.version is null, h.client_id limit $4
        """;

    private const string HasNone = "not exists (select from embeddings v where v.memory_id = m.id and v.model = $1)";

    private const string SelectChangedOfClients =
        $"""
        with changed as (
            select distinct log.table_name, log.row_id
            from unnest($2::text[], $3::bigint[]) as behind (client_id, version)
            join change_log log on log.client_id = behind.client_id and log.head_version > behind.version
            where log.table_name in ('events', 'facts') and log.operation <> 'delete')
        select m.id, m.created_at from (
            select e.id, e.created_at from changed join events e on e.id = row_id where table_name = 'events' and e.client_id is not null
            union all
            select f.id, f.created_at from changed join facts f on f.id = row_id where table_name = 'facts') m
        where (m.created_at, m.id) < ($4, $5) and {HasNone}
        order by m.created_at desc, m.id desc limit $6
        """;

    private const string SelectAllOfClient =
        $"""
        select id, created_at from (
            (select m.id, m.created_at from events m where m.client_id = $2 and (m.created_at, m.id) < ($3, $4) and {HasNone}
             order by m.created_at desc, m.id desc limit $5)
            union all
            (select m.id, m.created_at from facts m where m.client_id = $2 and (m.created_at, m.id) < ($3, $4) and {HasNone}
             order by m.created_at desc, m.id desc limit $5)) memories
        order by created_at desc, id desc limit $5
        """;

    private const string SelectAllOfHouse =
        $"""
        select m.id, m.created_at from facts m where m.client_id is null and (m.created_at, m.id) < ($2, $3) and {HasNone}
        order by m.created_at desc, m.id desc limit $4
        """;

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

    /// <summary>The number of the newest change of anything; 0: there is none.</summary>
    /// <exception cref="StorageUnavailableException">Postgres cannot be reached.</exception>
    public Task<long> ReadNewestChangeAsync(CancellationToken cancellationToken) =>
        database.ReadAsync(
            async connection =>
            {
                await using var select = new NpgsqlCommand(SelectNewestChange, connection);
                return (long)(await select.ExecuteScalarAsync(cancellationToken))!;
            },
            cancellationToken);

    /// <summary>Memories that were written after one change and up to another, newest first; some may have been deleted since.</summary>
    /// <exception cref="StorageUnavailableException">Postgres cannot be reached.</exception>
    public Task<ImmutableArray<Guid>> FindChangedAsync(long afterChange, long lastChange, int limit, CancellationToken cancellationToken) =>
        ReadAsync(SelectChanged, row => row.GetGuid(0), cancellationToken, afterChange, lastChange, limit);

    /// <summary>Clients of whose memories some may be without a vector: first those with some progress, then those without, by their ids.</summary>
    /// <param name="model">Whose vectors.</param>
    /// <param name="after">The client before; null: from the start.</param>
    /// <param name="limit">Most clients.</param>
    /// <param name="cancellationToken">Ends the reading.</param>
    /// <exception cref="StorageUnavailableException">Postgres cannot be reached.</exception>
    public Task<ImmutableArray<ClientBehind>> FindBehindAsync(string model, ClientBehind? after, int limit, CancellationToken cancellationToken) =>
        ReadAsync(
            SelectBehind, row => new ClientBehind(row.GetString(0), row.GetInt64(1), row.IsDBNull(2) ? null : row.GetInt64(2)),
            cancellationToken, model, after is { Progress: null }, after?.ClientId ?? "", limit);

    /// <summary>Memories without a vector that changed since the progress of their clients, newest first.</summary>
    /// <exception cref="StorageUnavailableException">Postgres cannot be reached.</exception>
    public Task<ImmutableArray<MissingVector>> FindMissingAsync(
        string model, ImmutableArray<ClientBehind> clients, MissingVector before, int limit, CancellationToken cancellationToken) =>
        ReadAsync(
            SelectChangedOfClients, MissingVector.Read, cancellationToken,
            model, clients.Select(client => client.ClientId).ToArray(), clients.Select(client => client.Progress ?? 0).ToArray(),
            before.CreatedAt, before.MemoryId, limit);

    /// <summary>Memories of a client without a vector, newest first.</summary>
    /// <exception cref="StorageUnavailableException">Postgres cannot be reached.</exception>
    public Task<ImmutableArray<MissingVector>> FindMissingAsync(
        string model, string clientId, MissingVector before, int limit, CancellationToken cancellationToken) =>
        clientId == FactSubjectKey.House
            ? ReadAsync(SelectAllOfHouse, MissingVector.Read, cancellationToken, model, before.CreatedAt, before.MemoryId, limit)
            : ReadAsync(SelectAllOfClient, MissingVector.Read, cancellationToken, model, clientId, before.CreatedAt, before.MemoryId, limit);

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
