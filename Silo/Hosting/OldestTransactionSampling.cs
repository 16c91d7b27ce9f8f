using System.Data.Common;
using System.Diagnostics.Metrics;
using Actors.Changes;
using Actors.Storage;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Actors.Hosting;

/// <summary>
/// Tells how old the oldest open transaction is that writes: the feed waits for none, but what such a one writes is not in it before it
/// ends, and vacuum cannot clean up behind it. Looked at every five seconds, not when somebody asks for metrics.
/// </summary>
internal sealed partial class OldestTransactionSampling : BackgroundService
{
    private static readonly TimeSpan Period = TimeSpan.FromSeconds(5);

    private readonly ChangeFeedStore _store;
    private readonly TimeProvider _time;
    private readonly ILogger<OldestTransactionSampling> _logger;
    private double _seconds;

    public OldestTransactionSampling(ChangeFeedStore store, IMeterFactory meterFactory, TimeProvider time, ILogger<OldestTransactionSampling> logger)
    {
        (_store, _time, _logger) = (store, time, logger);
        meterFactory.Create(WebhookMetrics.MeterName).CreateObservableGauge(
            "actors.changes.oldest_transaction_seconds", () => Volatile.Read(ref _seconds), "s", "Age of the oldest open transaction of this database that has written something; 0: there is none.");
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Period, _time);
        var isBehind = false;
        while (await timer.WaitForNextTickAsync(stoppingToken))
        {
            try
            {
                Volatile.Write(ref _seconds, await _store.OldestTransactionAsync(stoppingToken));
                isBehind = false;
            }
            catch (Exception failure) when (failure is StorageUnavailableException or DbException)
            {
                // Once for an outage, not at every tick.
                if (!isBehind)
                {
                    LogBehind(failure);
                }

                isBehind = true;
            }
        }
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "The age of open transactions is not known while Postgres cannot be asked")]
    private partial void LogBehind(Exception failure);
}
