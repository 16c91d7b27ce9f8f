using System.Collections.Immutable;
using System.Text.Json;
using Actors.Retention;
using Actors.Sessions;
using Actors.Storage;
using Npgsql;
using NpgsqlTypes;

namespace Actors.Clients;

/// <summary>The SQL of erasures.</summary>
internal sealed class ErasureStore(Database database)
{
    // Raised by erase_client.
    private const string ClientNotFound = "PM008";

    // A client may have a million rows, each with entries in indexes. Below the limit of the call.
    private const int EraseTimeoutSeconds = 14 * 60;

    // Who writes for the client at this moment is waited for, longer than a request would wait.
    private const string SetLockTimeout = "select set_config('lock_timeout', '10s', true)";

    private const string Columns = "e.id, e.client_id, e.erased_at, e.removed::text, e.valkey, e.valkey_keys, e.zep";

    private const string Erase = $"select {Columns} from erase_client($1, $2) e";

    private const string SelectHead = $"select version, last_recorded_at, erase_epoch, {RetentionHorizon.Columns} from session_heads where client_id = $1";

    private const string SelectKnown = "select is_known_client($1)";

    private const string SelectOfClient = $"select {Columns} from erasures e where client_id = $1 order by erased_at desc, id desc limit $2";

    private const string SelectToRemove = $"select {Columns} from erasures e where valkey = 'pending' or (valkey = 'removed' and erased_at > $1) order by erased_at limit $2";

    private const string UpdateValkey =
        $"update erasures e set valkey = $2, valkey_keys = valkey_keys + $3 where id = $1 returning {Columns}";

    /// <summary>Erases a client, in one transaction, and writes the receipt.</summary>
    /// <returns>The receipt, and the client's head after it.</returns>
    /// <exception cref="ClientNotFoundException">There is no such client.</exception>
    /// <exception cref="StorageUnavailableException">Nothing was erased; repeating is safe, also when others keep writing.</exception>
    /// <exception cref="OutcomeUnknownException">The connection broke before the commit was confirmed; repeating is safe.</exception>
    /// <exception cref="Hosting.WritesSuspendedException">This host may not write now.</exception>
    public Task<(ErasureReceipt Receipt, SessionHead Head)> EraseAsync(string clientId, DateTimeOffset erasedAt) => database.WriteTransactionAsync(
        async connection =>
        {
            await connection.ExecuteAsync(SetLockTimeout);
            await using var erase = new NpgsqlCommand(Erase, connection) { CommandTimeout = EraseTimeoutSeconds, Parameters = { SqlValues.Text(clientId), SqlValues.Time(erasedAt) } };
            ErasureReceipt receipt;
            await using (var reader = await erase.ExecuteReaderAsync())
            {
                await reader.ReadAsync();
                receipt = Read(reader);
            }

            var head = await connection.QueryAsync(
                SelectHead, row => new SessionHead(row.GetInt64(0), row.ValueOrNull<DateTimeOffset>(1), row.GetInt64(2)) { Horizon = RetentionHorizon.Read(row, 3) }, SqlValues.Text(clientId));
            return (receipt, head.Single());
        },
        failure => failure.SqlState == ClientNotFound ? new ClientNotFoundException() : null);

    /// <summary>The latest erasures of a client, newest first.</summary>
    /// <exception cref="ClientNotFoundException">There is no such client.</exception>
    /// <exception cref="StorageUnavailableException">Postgres cannot be reached.</exception>
    public async Task<ImmutableArray<ErasureReceipt>> ListAsync(string clientId, int limit, CancellationToken cancellationToken)
    {
        var receipts = await database.SelectAsync(SelectOfClient, Read, cancellationToken, SqlValues.Text(clientId), SqlValues.Integer(limit));
        if (receipts.IsEmpty && !(await database.SelectAsync(SelectKnown, row => row.GetBoolean(0), cancellationToken, SqlValues.Text(clientId)))[0])
        {
            throw new ClientNotFoundException();
        }

        return receipts;
    }

    /// <summary>Erasures whose answers are still to be removed from Valkey, or to be looked for once more.</summary>
    /// <param name="since">Those later than this are looked for again: a process may have kept an answer while it was erased.</param>
    /// <param name="limit">At most so many.</param>
    /// <param name="cancellationToken">Ends the read.</param>
    /// <exception cref="StorageUnavailableException">Postgres cannot be reached.</exception>
    public Task<ImmutableArray<ErasureReceipt>> ToRemoveAsync(DateTimeOffset since, int limit, CancellationToken cancellationToken) =>
        database.SelectAsync(SelectToRemove, Read, cancellationToken, SqlValues.Time(since), SqlValues.Integer(limit));

    /// <summary>Writes down how far Valkey is.</summary>
    /// <returns>The receipt as it is now.</returns>
    /// <exception cref="StorageUnavailableException">Nothing was written.</exception>
    /// <exception cref="OutcomeUnknownException">The connection broke; repeating counts keys twice at worst.</exception>
    /// <exception cref="Hosting.WritesSuspendedException">This host may not write now.</exception>
    public Task<ErasureReceipt> NoteValkeyAsync(Guid id, ValkeyErasure state, long keys) => database.WriteAsync(async connection =>
        (await connection.QueryAsync(
            UpdateValkey, Read, SqlValues.Uuid(id), SqlValues.Text(ValkeyErasureNames.Of(state)), SqlValues.Value(NpgsqlDbType.Bigint, keys))).Single());

    private static ErasureReceipt Read(NpgsqlDataReader row)
    {
        using var removed = JsonDocument.Parse(row.GetString(3));
        return new ErasureReceipt(
            row.GetGuid(0), row.GetString(1), row.GetFieldValue<DateTimeOffset>(2),
            [.. removed.RootElement.EnumerateObject().Select(table => new TableRows(table.Name, table.Value.GetInt64())).OrderBy(table => table.Table, StringComparer.Ordinal)],
            ValkeyErasureNames.Parse(row.GetString(4)), row.GetInt64(5),
            row.GetString(6) switch { "pending" => ZepErasure.Pending, "removed" => ZepErasure.Removed, _ => ZepErasure.Off });
    }
}
