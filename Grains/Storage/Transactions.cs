using System.Text.Json.Serialization.Metadata;
using Actors.Idempotency;
using Npgsql;

namespace Actors.Storage;

/// <summary>Writes of several statements, which are one transaction, so all or nothing.</summary>
internal static class Transactions
{
    // Who writes work locks a row before the head of its client, who erases the client after it: one of them has to give way, and comes again.
    private const int MaxAttempts = 5;

    /// <summary>Runs a write in a transaction and commits it; a write that throws is rolled back, and one that ended a deadlock is made again.</summary>
    /// <param name="database">Where.</param>
    /// <param name="write">The statements; called again after a deadlock.</param>
    /// <param name="refusalOf">What an error of the schema means; null: it flies.</param>
    /// <exception cref="StorageUnavailableException">Nothing was written; repeating is safe.</exception>
    /// <exception cref="OutcomeUnknownException">The connection broke before the commit was confirmed.</exception>
    /// <exception cref="Hosting.WritesSuspendedException">This host does not hold its lock, or was declared dead; nothing was written.</exception>
    /// <exception cref="AlreadyAnsweredException">A request with the same idempotency key was faster; nothing was written.</exception>
    public static Task<T> WriteTransactionAsync<T>(
        this Database database, Func<NpgsqlConnection, Task<T>> write, Func<PostgresException, Exception?> refusalOf) => AgainAfterDeadlockAsync(async () =>
    {
        try
        {
            return await database.WriteAsync(async connection =>
            {
                await using var transaction = await connection.BeginTransactionAsync();
                var result = await write(connection);
                await transaction.CommitAsync();
                return result;
            });
        }
        catch (PostgresException failure) when (failure.SqlState == KeptAnswers.Taken)
        {
            throw new AlreadyAnsweredException();
        }
        catch (PostgresException failure) when (refusalOf(failure) is { } refusal)
        {
            throw refusal;
        }
    });

    /// <summary>Makes a transaction again that Postgres has ended so that others, which waited for it and it for them, go on.</summary>
    /// <param name="transaction">All of it; called again after a deadlock, when nothing of it was written.</param>
    public static async Task<T> AgainAfterDeadlockAsync<T>(Func<Task<T>> transaction)
    {
        for (var attempt = 1; ; attempt++)
        {
            try
            {
                return await transaction();
            }
            catch (StorageUnavailableException failure) when (attempt < MaxAttempts && failure.InnerException is PostgresException { SqlState: PostgresErrorCodes.DeadlockDetected })
            {
                // Nothing was written, and the other one goes on.
            }
        }
    }

    /// <summary>Keeps the answer to a request that may be repeated, in the transaction of its write.</summary>
    /// <param name="connection">In the transaction.</param>
    /// <param name="key">The request's key; null: it will not be repeated, so nothing is kept.</param>
    /// <param name="clientId">Whose data it is about; null: the house's.</param>
    /// <param name="answer">What the grain answers.</param>
    /// <param name="type">How it is written.</param>
    /// <param name="now">From when on it is kept.</param>
    public static async Task KeepAnswerAsync<T>(
        this NpgsqlConnection connection, IdempotencyKey? key, string? clientId, T answer, JsonTypeInfo<T> type, DateTimeOffset now)
    {
        if (key is not null)
        {
            await using var batch = new NpgsqlBatch(connection);
            batch.BatchCommands.Add(KeptAnswers.Keep([new KeptWrite(clientId, key, KeptAnswerJson.Write(answer, type), now)]));
            await batch.ExecuteNonQueryAsync();
        }
    }

    /// <summary>Runs one statement and reads the rows it gives.</summary>
    public static async Task<List<T>> QueryAsync<T>(
        this NpgsqlConnection connection, string sql, Func<NpgsqlDataReader, T> read, params NpgsqlParameter[] values)
    {
        await using var command = connection.Command(sql, values);
        await using var reader = await command.ExecuteReaderAsync();
        var rows = new List<T>();
        while (await reader.ReadAsync())
        {
            rows.Add(read(reader));
        }

        return rows;
    }

    /// <summary>Runs one statement.</summary>
    /// <returns>How many rows it changed.</returns>
    public static async Task<int> ExecuteAsync(this NpgsqlConnection connection, string sql, params NpgsqlParameter[] values)
    {
        await using var command = connection.Command(sql, values);
        return await command.ExecuteNonQueryAsync();
    }

    /// <summary>Asks a question whose answer is yes or no.</summary>
    public static async Task<bool> AskAsync(this NpgsqlConnection connection, string sql, params NpgsqlParameter[] values)
    {
        await using var command = connection.Command(sql, values);
        return (bool)(await command.ExecuteScalarAsync())!;
    }

    private static NpgsqlCommand Command(this NpgsqlConnection connection, string sql, NpgsqlParameter[] values)
    {
        var command = new NpgsqlCommand(sql, connection);
        command.Parameters.AddRange(values);
        return command;
    }
}
