using Actors.Storage;
using Npgsql;
using NpgsqlTypes;

namespace Actors.Idempotency;

/// <summary>The SQL of <see cref="IdempotencyGrain"/> and <see cref="IdempotencySweeperGrain"/>.</summary>
internal sealed class IdempotencyStore(Database database)
{
    private const string SelectAnswer =
        """
        select status_code, response_body, client_id, request_hash from idempotency_keys
        where api_key_id = $1 and path = $2 and idempotency_key = $3 and expires_at > $4
        """;

    // The first answer wins, unless its time is over.
    private const string InsertAnswer =
        """
        insert into idempotency_keys (api_key_id, path, idempotency_key, client_id, request_hash, status_code, response_body, created_at, expires_at)
        values ($1, $2, $3, $5, $6, $7, $8, $4, $4 + interval '24 hours')
        on conflict on constraint idempotency_keys_are_used_once_per_key_and_path do update
           set client_id = excluded.client_id, request_hash = excluded.request_hash, status_code = excluded.status_code,
               response_body = excluded.response_body, created_at = excluded.created_at, expires_at = excluded.expires_at
         where idempotency_keys.expires_at <= excluded.created_at
        """;

    private const string DeleteExpired =
        """
        delete from idempotency_keys where ctid in (
            select ctid from idempotency_keys where expires_at <= $1 order by expires_at limit $2 for update skip locked)
        """;

    /// <summary>The answer kept for a key, and the hash of the request it answers; null: none.</summary>
    /// <exception cref="StorageUnavailableException">Postgres cannot be reached.</exception>
    public Task<(KeptAnswer Answer, byte[] RequestHash)?> FindAsync(IdempotencyKey key, DateTimeOffset now, CancellationToken cancellationToken) =>
        database.ReadAsync(connection => FindAsync(connection, key, now, cancellationToken), cancellationToken);

    /// <summary>Keeps an answer unless there is one, and returns what is kept then.</summary>
    /// <exception cref="StorageUnavailableException">Postgres cannot be reached, or somebody else is at it.</exception>
    /// <exception cref="OutcomeUnknownException">The connection broke; repeating is safe.</exception>
    /// <exception cref="Hosting.WritesSuspendedException">This host may not write now.</exception>
    public Task<(KeptAnswer Answer, byte[] RequestHash)> KeepAsync(IdempotencyKey key, KeptAnswer answer, DateTimeOffset now) =>
        database.WriteAsync(async connection =>
        {
            await using (var insert = Command(connection, InsertAnswer, key, now))
            {
                insert.Parameters.Add(new() { Value = answer.ClientId ?? (object)DBNull.Value, NpgsqlDbType = NpgsqlDbType.Text });
                insert.Parameters.Add(new() { Value = key.RequestHash.ToArray() });
                insert.Parameters.Add(new() { Value = answer.StatusCode });
                insert.Parameters.Add(new() { Value = answer.Body.ToArray() });
                await insert.ExecuteNonQueryAsync();
            }

            return await FindAsync(connection, key, now, CancellationToken.None)
                ?? throw new StorageUnavailableException("The kept answer was removed while it was read.");
        });

    /// <summary>Deletes answers whose time is over.</summary>
    /// <returns>How many, at most <paramref name="limit"/>.</returns>
    /// <exception cref="StorageUnavailableException">Postgres cannot be reached.</exception>
    public Task<int> DeleteExpiredAsync(DateTimeOffset now, int limit) =>
        database.WriteAsync(async connection =>
        {
            await using var delete = new NpgsqlCommand(DeleteExpired, connection);
            delete.Parameters.Add(new() { Value = now });
            delete.Parameters.Add(new() { Value = limit });
            return await delete.ExecuteNonQueryAsync();
        });

    private static async Task<(KeptAnswer Answer, byte[] RequestHash)?> FindAsync(
        NpgsqlConnection connection, IdempotencyKey key, DateTimeOffset now, CancellationToken cancellationToken)
    {
        await using var select = Command(connection, SelectAnswer, key, now);
        await using var reader = await select.ExecuteReaderAsync(cancellationToken);
        return await reader.ReadAsync(cancellationToken)
            ? (new KeptAnswer(reader.GetInt32(0), [.. reader.GetFieldValue<byte[]>(1)], reader.IsDBNull(2) ? null : reader.GetString(2)),
                reader.GetFieldValue<byte[]>(3))
            : null;
    }

    private static NpgsqlCommand Command(NpgsqlConnection connection, string sql, IdempotencyKey key, DateTimeOffset now)
    {
        var command = new NpgsqlCommand(sql, connection);
        command.Parameters.Add(new() { Value = key.ApiKeyId });
        command.Parameters.Add(new() { Value = key.Path });
        command.Parameters.Add(new() { Value = key.Key });
        command.Parameters.Add(new() { Value = now.ToUniversalTime() });
        return command;
    }
}
