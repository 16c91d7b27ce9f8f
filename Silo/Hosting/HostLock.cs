using Actors.Storage;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Actors.Hosting;

/// <summary>
/// Held by every host that serves a database: exclusively by the single-process host, shared by the silos of a cluster.
/// It is a lock of a database session, so it goes with its connection; whoever loses the connection writes nothing until
/// it holds the lock again. Between the server's loss and our notice lies a moment: what is written then is guarded by
/// the versions and constraints of the tables.
/// </summary>
internal sealed partial class HostLock(
    string connectionString, HostLockMode mode, WriteGate gate, TimeProvider timeProvider, ILogger<HostLock> logger) : IHostedService, IDisposable
{
    private static readonly TimeSpan FirstRetry = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan LastRetry = TimeSpan.FromSeconds(2);

    private readonly CancellationTokenSource _stopping = new();
    private HostLockSession? _session;
    private Task _watch = Task.CompletedTask;

    /// <exception cref="HostLockHeldException">Another host serves this database.</exception>
    /// <exception cref="StorageUnavailableException">Postgres cannot be reached.</exception>
    public async Task StartAsync(CancellationToken cancellationToken)
    {
        _session = await HostLockSession.TakeAsync(connectionString, mode, cancellationToken);
        gate.Open();
        LogTaken(mode);
        _watch = Task.Run(WatchAsync, CancellationToken.None);
    }

    public async Task StopAsync(CancellationToken cancellationToken)
    {
        await _stopping.CancelAsync();
        try
        {
            await _watch.WaitAsync(cancellationToken);
        }
        finally
        {
            gate.Close("The host has stopped.");
            if (_session is not null)
            {
                await _session.DisposeAsync();
            }
        }
    }

    public void Dispose() => _stopping.Dispose();

    private async Task WatchAsync()
    {
        try
        {
            while (true)
            {
                var loss = await _session!.WhenLostAsync(_stopping.Token);
                gate.Close("This host lost the connection that holds its lock on the database; writes wait until it has the lock again.");
                LogLost(loss);
                await _session.DisposeAsync();
                _session = await TakeAgainAsync();
                gate.Open();
                LogTakenAgain(mode);
            }
        }
        catch (OperationCanceledException) when (_stopping.IsCancellationRequested)
        {
            // The host stops; StopAsync lets go of the lock.
        }
    }

    private async Task<HostLockSession> TakeAgainAsync()
    {
        for (var retry = FirstRetry; ; retry = retry * 2 < LastRetry ? retry * 2 : LastRetry)
        {
            Task delay;
            try
            {
                return await HostLockSession.TakeAsync(connectionString, mode, _stopping.Token);
            }
#pragma warning disable CA1031 // The database is an outside service: whatever it does, the host goes on trying, or its writes wait for ever.
            catch (Exception failure) when (failure is not OperationCanceledException || !_stopping.IsCancellationRequested)
#pragma warning restore CA1031
            {
                delay = Task.Delay(retry, timeProvider, _stopping.Token);
                var unexpected = failure is HostLockHeldException or StorageUnavailableException ? null : failure;
                LogNotTaken(unexpected, failure.Message, retry.TotalMilliseconds);
            }

            await delay;
        }
    }

    [LoggerMessage(1, LogLevel.Information, "Host lock taken ({Mode})")]
    private partial void LogTaken(HostLockMode mode);

    [LoggerMessage(2, LogLevel.Error, "The connection of the host lock is lost; writes are suspended")]
    private partial void LogLost(Exception exception);

    [LoggerMessage(3, LogLevel.Warning, "The host lock could not be taken again: {Reason} Next try in {DelayMs} ms")]
    private partial void LogNotTaken(Exception? unexpected, string reason, double delayMs);

    [LoggerMessage(4, LogLevel.Warning, "Host lock taken again ({Mode}); writes go on")]
    private partial void LogTakenAgain(HostLockMode mode);
}
