using System.Data;
using Actors.Storage;
using Microsoft.Extensions.Options;
using Npgsql;

namespace Actors.Clients;

/// <summary>Begins the imports of <see cref="ImportGrain"/>.</summary>
internal sealed class ImportStore(Database database, IOptions<TransferOptions> options)
{
    // Raised by begin_import.
    private const string ClientNotEmpty = "PM009";

    private const string Begin = "select begin_import($1)";

    /// <summary>Locks a client that has nothing, until the import ends.</summary>
    /// <exception cref="ClientNotEmptyException">It has something.</exception>
    /// <exception cref="StorageUnavailableException">Postgres cannot be reached, or another writer holds the client for long.</exception>
    /// <exception cref="Hosting.WritesSuspendedException">This host may not write now.</exception>
    public Task<ClientImport> BeginAsync(string clientId, CancellationToken cancellationToken) =>
        Transactions.AgainAfterDeadlockAsync(() => BeginOnceAsync(clientId, cancellationToken));

    private async Task<ClientImport> BeginOnceAsync(string clientId, CancellationToken cancellationToken)
    {
        var held = await database.HoldAsync(IsolationLevel.ReadCommitted, writes: true, cancellationToken);
        try
        {
            var version = await held.RunAsync(async connection =>
            {
                await connection.ExecuteAsync(ExportStore.SessionSettings(options.Value));
                return (await connection.QueryAsync(Begin, row => row.GetInt64(0), SqlValues.Text(clientId))).Single();
            });
            return new ClientImport(held, clientId, version);
        }
        catch (PostgresException failure) when (failure.SqlState == ClientNotEmpty)
        {
            await held.DisposeAsync();
            throw new ClientNotEmptyException();
        }
        catch
        {
            await held.DisposeAsync();
            throw;
        }
    }
}
