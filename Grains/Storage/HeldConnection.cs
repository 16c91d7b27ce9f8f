using Npgsql;

namespace Actors.Storage;

/// <summary>
/// A connection in a transaction that lasts over several calls: an export, an import. Whatever fails on it ends the transaction; disposing of
/// it rolls back what was not committed.
/// </summary>
internal sealed class HeldConnection(Database database, NpgsqlConnection connection, NpgsqlTransaction transaction) : IAsyncDisposable
{
    public NpgsqlConnection Connection => connection;

    public NpgsqlTransaction Transaction => transaction;

    /// <summary>Runs statements of the transaction.</summary>
    /// <exception cref="StorageUnavailableException">Postgres cannot be reached or is too busy; the transaction is lost.</exception>
    public async Task<T> RunAsync<T>(Func<NpgsqlConnection, Task<T>> run)
    {
        try
        {
            return await run(connection);
        }
        catch (Exception failure) when (database.FailureInTransaction(failure) is { } unavailable)
        {
            throw unavailable;
        }
    }

    /// <summary>Commits, after some last statements.</summary>
    /// <exception cref="StorageUnavailableException">Nothing was written.</exception>
    /// <exception cref="OutcomeUnknownException">The connection broke before the commit was confirmed.</exception>
    /// <exception cref="Hosting.WritesSuspendedException">This host may not write now; nothing was written.</exception>
    public Task CommitAsync(Func<NpgsqlConnection, Task> last) => database.WriteOnAsync(connection, async open =>
    {
        await last(open);
        await transaction.CommitAsync();
        return true;
    });

    public async ValueTask DisposeAsync()
    {
        try
        {
            await transaction.DisposeAsync();
        }
        catch (Exception failure) when (database.FailureInTransaction(failure) is not null)
        {
            // Postgres rolls back what it has no connection for any more.
        }

        await connection.DisposeAsync();
    }
}
