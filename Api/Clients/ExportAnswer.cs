using Actors.Api;
using Actors.Hosting;
using Actors.Storage;

namespace Actors.Clients;

/// <summary>Sends an export as it is read: piece by piece, each when the caller has taken the one before.</summary>
internal static partial class ExportAnswer
{
    public const string ContentType = "application/x-ndjson";

    public static async Task SendAsync(string id, HttpContext http, IGrainFactory grains, ILogger<Errors> logger)
    {
        var clientId = ClientPath.Of(id);
        var export = grains.GetGrain<IExportGrain>($"{Guid.NewGuid():N}");
        try
        {
            await export.BeginAsync(clientId, http.RequestAborted);
            // Before the status is sent: what goes wrong later, goes wrong in the middle of an answer.
            var piece = await export.ReadAsync(http.RequestAborted);
            http.Response.ContentType = ContentType;
            http.Response.Headers.ContentDisposition = $"attachment; filename=\"client_{clientId.Replace(':', '_')}.ndjson\"";
            while (true)
            {
                await http.Response.Body.WriteAsync(piece.Bytes.AsMemory(), http.RequestAborted);
                if (piece.IsLast)
                {
                    return;
                }

                piece = await export.ReadAsync(http.RequestAborted);
            }
        }
        catch (Exception failure) when (http.Response.HasStarted && failure is not OperationCanceledException)
        {
            // The last line is missing, and so is the end of the answer: nobody takes it for a whole one.
            LogCutOff(logger, failure);
            http.Abort();
        }
        finally
        {
            await TryEndAsync(export);
        }
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "An export was cut off")]
    private static partial void LogCutOff(ILogger logger, Exception failure);

    // It would end by itself.
    private static async Task TryEndAsync(IExportGrain export)
    {
        try
        {
            await export.EndAsync();
        }
        catch (Exception failure) when (failure is OrleansException or TimeoutException or NotHostedException or StorageUnavailableException)
        {
        }
    }
}
