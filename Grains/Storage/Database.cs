using System.Collections.Immutable;
using System.Data;
using System.Net.Sockets;
using Npgsql;

namespace Actors.Storage;

/// <summary>
/// The way of every store to Postgres: opens connections, asks the write gate, and turns what goes wrong on the way into
/// typed errors. What Postgres says about the data itself (SQLSTATE classes 22 and 23) is left to the store.
/// </summary>
internal sealed class Database(NpgsqlDataSource source, WriteGate gate)
{
    // Raised by ensure_silo_is_alive (sql/008).
    private const string SiloIsDead = "PM007";

    /// <summary>Where a page of large rows ends, in characters.</summary>
    public const int MaxPageCharacters = 8 * 1024 * 1024;

    // idle_in_transaction_session_timeout
    private const string IdleInTransaction = "25P03";

    /// <summary>Runs reads on one connection, and once more on a fresh one when that turns out to be broken.</summary>
    /// <exception cref="StorageUnavailableException">Postgres cannot be reached or is too busy.</exception>
    public async Task<T> ReadAsync<T>(Func<NpgsqlConnection, Task<T>> read, CancellationToken cancellationToken)
    {
        try
        {
            return await ReadOnceAsync(read, cancellationToken);
        }
        catch (Exception failure) when (IsBroken(failure))
        {
            source.Clear();
        }

        try
        {
            return await ReadOnceAsync(read, cancellationToken);
        }
        catch (Exception failure) when (IsBroken(failure))
        {
            throw new StorageUnavailableException("Postgres did not answer a read.", failure);
        }
    }

    /// <summary>Selects rows.</summary>
    /// <param name="sql">One statement.</param>
    /// <param name="read">Reads the row a reader stands on.</param>
    /// <param name="cancellationToken">Ends the read.</param>
    /// <param name="values">The statement's parameters.</param>
    /// <exception cref="StorageUnavailableException">Postgres cannot be reached or is too busy.</exception>
    public Task<ImmutableArray<T>> SelectAsync<T>(
        string sql, Func<NpgsqlDataReader, T> read, CancellationToken cancellationToken, params NpgsqlParameter[] values) =>
        ReadAsync(
            async connection =>
            {
                await using var select = new NpgsqlCommand(sql, connection);
                // A broken connection has it run twice, and a parameter belongs to one command.
                select.Parameters.AddRange(Array.ConvertAll(values, value => value.Clone()));
                await using var reader = await select.ExecuteReaderAsync(cancellationToken);
                var rows = ImmutableArray.CreateBuilder<T>();
                while (await reader.ReadAsync(cancellationToken))
                {
                    rows.Add(read(reader));
                }

                return rows.DrainToImmutable();
            },
            cancellationToken);

    /// <summary>Selects one page of a list. Large rows make short pages: it ends where it holds <see cref="MaxPageCharacters"/>.</summary>
    /// <param name="sql">One statement, which gives at most one row more than the page may have.</param>
    /// <param name="read">Reads the row a reader stands on.</param>
    /// <param name="charactersOf">How large a row is.</param>
    /// <param name="limit">Most rows of the page.</param>
    /// <param name="cancellationToken">Ends the read.</param>
    /// <param name="values">The statement's parameters.</param>
    /// <returns>The rows, and whether there are more.</returns>
    /// <exception cref="StorageUnavailableException">Postgres cannot be reached or is too busy.</exception>
    public Task<(ImmutableArray<T> Rows, bool HasMore)> SelectPageAsync<T>(
        string sql, Func<NpgsqlDataReader, T> read, Func<T, long> charactersOf, int limit, CancellationToken cancellationToken, params NpgsqlParameter[] values) =>
        ReadAsync(
            async connection =>
            {
                await using var select = new NpgsqlCommand(sql, connection);
                select.Parameters.AddRange(Array.ConvertAll(values, value => value.Clone()));
                await using var reader = await select.ExecuteReaderAsync(cancellationToken);
                var rows = ImmutableArray.CreateBuilder<T>();
                var characters = 0L;
                while (await reader.ReadAsync(cancellationToken))
                {
                    if (rows.Count == limit || characters >= MaxPageCharacters)
                    {
                        return (rows.DrainToImmutable(), true);
                    }

                    rows.Add(read(reader));
                    characters += charactersOf(rows[^1]);
                }

                return (rows.DrainToImmutable(), false);
            },
            cancellationToken);

    /// <summary>Runs one write transaction. Once sent it is not cancelled: its outcome must become known.</summary>
    /// <exception cref="StorageUnavailableException">Nothing was written; repeating is safe.</exception>
    /// <exception cref="OutcomeUnknownException">The connection broke before the commit was confirmed.</exception>
    /// <exception cref="Hosting.WritesSuspendedException">This host does not hold its lock, or was declared dead; nothing was written.</exception>
    public async Task<T> WriteAsync<T>(Func<NpgsqlConnection, Task<T>> write)
    {
        gate.EnsureOpen();
        await using var connection = await OpenAsync(CancellationToken.None);
        return await WriteOnAsync(connection, write);
    }

    /// <summary>The same on a connection that is open, for the end of a transaction that lasts over several calls.</summary>
    internal async Task<T> WriteOnAsync<T>(NpgsqlConnection connection, Func<NpgsqlConnection, Task<T>> write)
    {
        gate.EnsureOpen();
        try
        {
            return await write(connection);
        }
        catch (PostgresException failure) when (failure.SqlState == SiloIsDead)
        {
            throw new Hosting.WritesSuspendedException("The cluster has declared this silo dead; its grains are served elsewhere.", isServedElsewhere: true);
        }
        catch (Exception failure) when (IsPassing(failure))
        {
            throw new StorageUnavailableException("Postgres put the write off; nothing was written.", failure);
        }
        catch (Exception failure) when (IsBroken(failure))
        {
            // The server has gone, most likely; what the pool still holds would fail the next writes one by one.
            source.Clear();
            throw new OutcomeUnknownException("The connection to Postgres broke before the commit was confirmed.", failure);
        }
    }

    /// <summary>Begins a transaction that lasts over several calls. It holds a connection of the process: few at a time, and none for long.</summary>
    /// <param name="isolation">What it sees.</param>
    /// <param name="writes">Whether it is to write: then this host must be one that may.</param>
    /// <param name="cancellationToken">Ends the attempt.</param>
    /// <exception cref="StorageUnavailableException">Postgres cannot be reached.</exception>
    /// <exception cref="Hosting.WritesSuspendedException">This host may not write now.</exception>
    public async Task<HeldConnection> HoldAsync(IsolationLevel isolation, bool writes, CancellationToken cancellationToken)
    {
        if (writes)
        {
            gate.EnsureOpen();
        }

        var connection = await OpenAsync(cancellationToken);
        try
        {
            return new HeldConnection(this, connection, await connection.BeginTransactionAsync(isolation, cancellationToken));
        }
        catch (Exception failure)
        {
            await connection.DisposeAsync();
            throw FailureInTransaction(failure) ?? failure;
        }
    }

    /// <summary>What a failure before the commit means: nothing was written. Null: it is an answer of Postgres, or no failure of storage.</summary>
    internal StorageUnavailableException? FailureInTransaction(Exception failure)
    {
        if (IsBroken(failure))
        {
            source.Clear();
        }

        return IsPassing(failure) || IsBroken(failure) ? new StorageUnavailableException("Postgres ended the transaction; nothing was written.", failure) : null;
    }

    private async Task<T> ReadOnceAsync<T>(Func<NpgsqlConnection, Task<T>> read, CancellationToken cancellationToken)
    {
        await using var connection = await OpenAsync(cancellationToken);
        try
        {
            return await read(connection);
        }
        catch (Exception failure) when (IsPassing(failure))
        {
            throw new StorageUnavailableException("Postgres put the read off.", failure);
        }
    }

    private async Task<NpgsqlConnection> OpenAsync(CancellationToken cancellationToken)
    {
        try
        {
            return await source.OpenConnectionAsync(cancellationToken);
        }
        catch (Exception failure) when (failure is NpgsqlException or SocketException or TimeoutException or IOException)
        {
            throw new StorageUnavailableException(
                failure is PostgresException { SqlState: PostgresErrorCodes.TooManyConnections }
                    ? "Postgres has no connection left for this host." : "Postgres cannot be reached.",
                failure);
        }
    }

    // Postgres rolled the transaction back itself, for a reason that passes.
    private static bool IsPassing(Exception failure) => failure is PostgresException
    {
        SqlState: PostgresErrorCodes.LockNotAvailable
            or PostgresErrorCodes.DeadlockDetected
            or PostgresErrorCodes.SerializationFailure
            or PostgresErrorCodes.QueryCanceled
            or PostgresErrorCodes.DiskFull
            or PostgresErrorCodes.OutOfMemory
            or PostgresErrorCodes.TooManyConnections
            or PostgresErrorCodes.ReadOnlySqlTransaction
            or PostgresErrorCodes.CannotConnectNow,
    };

    // Everything that is no answer to the statement: the socket, a time limit, a server that shuts down or ends an idle transaction.
    private static bool IsBroken(Exception failure) =>
        failure is PostgresException postgres
            ? postgres.SqlState.StartsWith("57P", StringComparison.Ordinal) || postgres.SqlState.StartsWith("08", StringComparison.Ordinal)
                || postgres.SqlState == IdleInTransaction
            : failure is NpgsqlException or IOException or SocketException or TimeoutException;
}
