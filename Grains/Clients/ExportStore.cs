using System.Data;
using System.Globalization;
using Actors.Storage;
using Microsoft.Extensions.Options;
using Npgsql;

namespace Actors.Clients;

/// <summary>Begins the exports of <see cref="ExportGrain"/>.</summary>
internal sealed class ExportStore(Database database, IOptions<TransferOptions> options, TimeProvider time)
{
    private const string IsKnown = "select is_known_client($1)";

    /// <summary>Takes the moment of an export: what it reads is as it was then.</summary>
    /// <exception cref="ClientNotFoundException">There is no such client.</exception>
    /// <exception cref="StorageUnavailableException">Postgres cannot be reached.</exception>
    public async Task<ClientExport> BeginAsync(string clientId, CancellationToken cancellationToken)
    {
        // Snapshot isolation is all it needs; it takes no number of a transaction, and so keeps no feed of changes back.
        var held = await database.HoldAsync(IsolationLevel.RepeatableRead, writes: false, cancellationToken);
        try
        {
            var isKnown = await held.RunAsync(async connection =>
            {
                await connection.ExecuteAsync(SessionSettings(options.Value));
                return await connection.AskAsync(IsKnown, SqlValues.Text(clientId));
            });
            return isKnown ? new ClientExport(held, clientId, time.GetUtcNow()) : throw new ClientNotFoundException();
        }
        catch
        {
            await held.DisposeAsync();
            throw;
        }
    }

    /// <summary>A statement that suits a transaction to one that waits for its caller, who may be slow. Times are written in UTC.</summary>
    public static string SessionSettings(TransferOptions options) => string.Create(
        CultureInfo.InvariantCulture,
        $"select set_config('timezone', 'UTC', true), set_config('idle_in_transaction_session_timeout', '{(long)options.IdleTime.TotalMilliseconds * 2}', true)");
}
