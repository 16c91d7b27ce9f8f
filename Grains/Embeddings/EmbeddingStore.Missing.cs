using System.Collections.Immutable;
using Actors.Storage;
using Npgsql;

namespace Actors.Embeddings;

/// <content>Which memories have no vector.</content>
internal sealed partial class EmbeddingStore
{
    private const string SelectNewestChange = "select coalesce(max(seq), 0) from change_log";

    private const string SelectChanged =
        """
        select row_id from change_log
        where seq > $1 and seq <= $2 and table_name in ('events', 'facts') and operation not in ('delete', 'expire') order by seq desc limit $3
        """;

    // Those with some progress first: they have little to look through.
    private const string SelectBehind =
        """
        select h.client_id, h.version, p.version
        from session_heads h left join embedding_progress p on p.client_id = h.client_id and p.model = $1 and p.version <= h.version
        where p.version is distinct from h.version and (p.version is null, h.client_id) > ($2, $3)
        order by p.version is null, h.client_id limit $4
        """;

    private const string SelectChangedOfClients =
        $"""
        with changed as (
            select distinct log.table_name, log.row_id
            from unnest($2::text[], $3::bigint[]) as behind (client_id, version)
            join change_log log on log.client_id = behind.client_id and log.head_version > behind.version
            where log.table_name in ('events', 'facts') and log.operation not in ('delete', 'expire'))
        select m.id, m.created_at from (
            select e.id, e.created_at from changed join events e on e.id = row_id where table_name = 'events' and e.client_id is not null
            union all
            select f.id, f.created_at from changed join facts f on f.id = row_id where table_name = 'facts') m
        where (m.created_at, m.id) < ($4, $5) and {HasNone}
        order by m.created_at desc, m.id desc limit $6
        """;

    // As many per client as there may be in all: one client may have them all.
    private const string SelectAllOfClients =
        $"""
        select id, created_at from (
            select memories.* from unnest($2::text[]) as behind (client_id) cross join lateral (
                (select m.id, m.created_at from events m where m.client_id = behind.client_id and (m.created_at, m.id) < ($3, $4) and {HasNone}
                 order by m.created_at desc, m.id desc limit $5)
                union all
                (select m.id, m.created_at from facts m where m.client_id = behind.client_id and (m.created_at, m.id) < ($3, $4) and {HasNone}
                 order by m.created_at desc, m.id desc limit $5)) memories
            union all
            (select m.id, m.created_at from facts m
             where '-' = any ($2) and m.client_id is null and (m.created_at, m.id) < ($3, $4) and {HasNone}
             order by m.created_at desc, m.id desc limit $5)) missing
        order by created_at desc, id desc limit $5
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

    /// <summary>Memories without a vector that changed since the progress of their clients, newest first; without any progress all count.</summary>
    /// <param name="model">Whose vectors.</param>
    /// <param name="clients">All with some progress, or all without.</param>
    /// <param name="before">The last memory of the page before.</param>
    /// <param name="limit">Most memories.</param>
    /// <param name="cancellationToken">Ends the reading.</param>
    /// <exception cref="StorageUnavailableException">Postgres cannot be reached.</exception>
    public Task<ImmutableArray<MissingVector>> FindMissingAsync(
        string model, ImmutableArray<ClientBehind> clients, MissingVector before, int limit, CancellationToken cancellationToken)
    {
        var clientIds = clients.Select(client => client.ClientId).ToArray();
        return clients[0].Progress is null
            ? ReadAsync(SelectAllOfClients, MissingVector.Read, cancellationToken, model, clientIds, before.CreatedAt, before.MemoryId, limit)
            : ReadAsync(
                SelectChangedOfClients, MissingVector.Read, cancellationToken,
                model, clientIds, clients.Select(client => client.Progress!.Value).ToArray(), before.CreatedAt, before.MemoryId, limit);
    }
}
