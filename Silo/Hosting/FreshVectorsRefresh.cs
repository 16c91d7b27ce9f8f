using System.Data.Common;
using Actors.Embeddings;
using Actors.Storage;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Actors.Hosting;

/// <summary>Looks for new vectors of this process' hot sessions, when an embeddings endpoint is configured.</summary>
internal sealed partial class FreshVectorsRefresh(
    FreshVectors vectors, IOptions<EmbeddingsOptions> options, TimeProvider time, ILogger<FreshVectorsRefresh> logger) : BackgroundService
{
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        if (!options.Value.IsOn)
        {
            return;
        }

        using var timer = new PeriodicTimer(options.Value.PollInterval, time);
        var isBehind = false;
        while (await timer.WaitForNextTickAsync(stoppingToken))
        {
            try
            {
                await vectors.RefreshAsync(stoppingToken);
                isBehind = false;
            }
            catch (Exception failure) when (failure is StorageUnavailableException or DbException)
            {
                // Once for an outage, not twice a second.
                if (!isBehind)
                {
                    LogBehind(failure);
                }

                isBehind = true;
            }
        }
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "Hot sessions get no new vectors while they cannot be read from Postgres")]
    private partial void LogBehind(Exception failure);
}
