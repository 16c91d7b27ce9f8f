using System.Collections.Immutable;
using System.Runtime.InteropServices;
using Actors.Idempotency;
using Actors.Sessions;
using Actors.Storage;
using Npgsql;
using NpgsqlTypes;

namespace Actors.Access;

/// <summary>The SQL of <see cref="AccessGrain"/>. Each method is one transaction, so all or nothing.</summary>
/// <remarks>
/// Every method throws <see cref="StorageUnavailableException"/>, <see cref="Hosting.WritesSuspendedException"/> or
/// <see cref="OutcomeUnknownException"/>.
/// </remarks>
internal sealed class AccessStore(Database database)
{
    private const string Insert =
        """
        insert into api_keys (id, key_hash, key_prefix, name, role, client_ids, rate_limit_per_minute, expires_at, created_at)
        values ($1, $2, $3, $4, $5, $6, $7, $8, $9)
        """;

    private const string Update =
        $"""
        update api_keys set
            name = coalesce($2, name),
            client_ids = coalesce($3, client_ids),
            rate_limit_per_minute = case when $4 then $5 else rate_limit_per_minute end,
            expires_at = case when $6 then $7 else expires_at end,
            disabled_at = case $8 when true then coalesce(disabled_at, $9) when false then null else disabled_at end
        where id = $1
        returning {KeyRow.Columns}
        """;

    private const string Delete = "delete from api_keys where id = $1";

    private const string UpdateUses =
        """
        update api_keys set last_used_at = used.at
        from unnest($1, $2) as used (id, at)
        where api_keys.id = used.id and (last_used_at is null or last_used_at < used.at)
        """;

    /// <summary>Stores a key, and with it the answer to its request if that may be repeated.</summary>
    /// <exception cref="KeyRefusedException">The schema refuses it.</exception>
    /// <exception cref="AlreadyAnsweredException">A request with the same idempotency key was faster.</exception>
    public async Task<KeyRecord> InsertAsync(NewKey key, DateTimeOffset now)
    {
        var stored = new KeyRecord(
            Guid.CreateVersion7(now), key.Prefix, key.Name, key.Role, key.ClientIds, key.RateLimitPerMinute,
            key.ExpiresAt is { } end ? SessionRules.WholeMicroseconds(end) : null, DisabledAt: null, LastUsedAt: null,
            SessionRules.WholeMicroseconds(now));
        try
        {
            await database.WriteAsync(async connection =>
            {
                // One round trip, and one implicit transaction.
                await using var batch = new NpgsqlBatch(connection);
                batch.BatchCommands.Add(InsertOf(stored, key.Hash));
                if (key.IdempotencyKey is { } idempotencyKey)
                {
                    var answer = KeptAnswerJson.Write(new KeyReceipt(stored, key.Salt), KeptAnswerJson.Default.KeyReceipt);
                    batch.BatchCommands.Add(KeptAnswers.Keep([new KeptWrite(ClientId: null, idempotencyKey, answer, now)]));
                }

                return await batch.ExecuteNonQueryAsync();
            });
            return stored;
        }
        catch (PostgresException failure) when (failure.SqlState == KeptAnswers.Taken)
        {
            throw new AlreadyAnsweredException();
        }
        catch (PostgresException failure) when (KeyRefusals.Of(failure) is { } refusal)
        {
            throw refusal;
        }
    }

    private static NpgsqlBatchCommand InsertOf(KeyRecord key, ImmutableArray<byte> hash) => new(Insert)
    {
        Parameters =
        {
            Value(NpgsqlDbType.Uuid, key.Id),
            Value(NpgsqlDbType.Bytea, ImmutableCollectionsMarshal.AsArray(hash)),
            Value(NpgsqlDbType.Text, key.Prefix),
            Value(NpgsqlDbType.Text, key.Name),
            Value(NpgsqlDbType.Text, RoleNames.Of(key.Role)),
            Value(NpgsqlDbType.Array | NpgsqlDbType.Text, ImmutableCollectionsMarshal.AsArray(key.ClientIds)),
            Value(NpgsqlDbType.Integer, key.RateLimitPerMinute),
            Value(NpgsqlDbType.TimestampTz, key.ExpiresAt),
            Value(NpgsqlDbType.TimestampTz, key.CreatedAt),
        },
    };

    /// <returns>Null when there is no such key.</returns>
    /// <exception cref="KeyRefusedException">The schema refuses it.</exception>
    public Task<KeyRecord?> UpdateAsync(Guid keyId, KeyChange change, DateTimeOffset now) => WriteAsync(
        Update,
        Value(NpgsqlDbType.Uuid, keyId),
        Value(NpgsqlDbType.Text, change.Name),
        Value(NpgsqlDbType.Array | NpgsqlDbType.Text, change.ClientIds is { } clients ? ImmutableCollectionsMarshal.AsArray(clients) : null),
        Value(NpgsqlDbType.Boolean, change.RateLimitPerMinute is not null),
        Value(NpgsqlDbType.Integer, change.RateLimitPerMinute?.PerMinute),
        Value(NpgsqlDbType.Boolean, change.ExpiresAt is not null),
        Value(NpgsqlDbType.TimestampTz, change.ExpiresAt?.At?.ToUniversalTime()),
        Value(NpgsqlDbType.Boolean, change.IsDisabled),
        Value(NpgsqlDbType.TimestampTz, now.ToUniversalTime()));

    /// <returns>False when there is no such key.</returns>
    public async Task<bool> DeleteAsync(Guid keyId) => await ExecuteAsync(Delete, Value(NpgsqlDbType.Uuid, keyId)) > 0;

    /// <summary>Earlier times than those stored are left out.</summary>
    public Task NoteUsesAsync(ImmutableArray<KeyUse> uses) => ExecuteAsync(
        UpdateUses,
        Value(NpgsqlDbType.Array | NpgsqlDbType.Uuid, uses.Select(use => use.KeyId).ToArray()),
        Value(NpgsqlDbType.Array | NpgsqlDbType.TimestampTz, uses.Select(use => use.At.ToUniversalTime()).ToArray()));

    private async Task<KeyRecord?> WriteAsync(string sql, params NpgsqlParameter[] values)
    {
        try
        {
            return await database.WriteAsync(async connection =>
            {
                await using var command = Command(connection, sql, values);
                await using var reader = await command.ExecuteReaderAsync();
                return await reader.ReadAsync() ? KeyRow.Read(reader) : null;
            });
        }
        catch (PostgresException failure) when (KeyRefusals.Of(failure) is { } refusal)
        {
            throw refusal;
        }
    }

    private Task<int> ExecuteAsync(string sql, params NpgsqlParameter[] values) => database.WriteAsync(async connection =>
    {
        await using var command = Command(connection, sql, values);
        return await command.ExecuteNonQueryAsync();
    });

    private static NpgsqlCommand Command(NpgsqlConnection connection, string sql, NpgsqlParameter[] values)
    {
        var command = new NpgsqlCommand(sql, connection);
        command.Parameters.AddRange(values);
        return command;
    }

    private static NpgsqlParameter Value(NpgsqlDbType type, object? value) => new() { NpgsqlDbType = type, Value = value ?? DBNull.Value };
}

/// <summary>What Postgres' refusal of a key means to its writer.</summary>
internal static class KeyRefusals
{
    /// <summary>The typed error for a refusal that is about the data; null for any other.</summary>
    public static KeyRefusedException? Of(PostgresException failure) => (failure.SqlState, failure.ConstraintName) switch
    {
        (PostgresErrorCodes.CheckViolation, "api_keys_are_at_most_10000") =>
            new KeyRefusedException("too_many_keys", "There are 10,000 keys already; delete those that are not used."),
        (PostgresErrorCodes.CheckViolation, "api_keys_of_admins_name_no_clients") =>
            new KeyRefusedException("admin_key_with_clients", "An admin key reaches all clients: leave client_ids empty, or take another role."),
        (PostgresErrorCodes.CheckViolation, var rule) =>
            new KeyRefusedException(rule ?? "check_violation", $"The key breaks the rule '{rule}'."),
        _ => null,
    };
}
