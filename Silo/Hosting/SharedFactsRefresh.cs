using Actors.Facts;
using Actors.Storage;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Actors.Hosting;

/// <summary>Loads the shared facts before the first recall, and looks for changes of them from then on.</summary>
internal sealed partial class SharedFactsRefresh(
    SharedFacts shared, IOptions<SharedFactsOptions> options, TimeProvider time, ILogger<SharedFactsRefresh> logger) : BackgroundService
{
    public override async Task StartAsync(CancellationToken cancellationToken)
    {
        await shared.RefreshAsync(cancellationToken);
        await base.StartAsync(cancellationToken);
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(options.Value.RefreshInterval, time);
        var isBehind = false;
        while (await timer.WaitForNextTickAsync(stoppingToken))
        {
            try
            {
                await shared.RefreshAsync(stoppingToken);
                isBehind = false;
            }
            catch (StorageUnavailableException failure)
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

    [LoggerMessage(Level = LogLevel.Warning, Message = "Shared facts are not kept up to date while Postgres cannot be reached")]
    private partial void LogBehind(Exception failure);
}
