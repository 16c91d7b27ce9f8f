using System.Diagnostics;
using Microsoft.Extensions.Logging;

namespace Actors.Postgres;

/// <summary>Owns the running server: starts it again when it dies, on the same port, so that the connection string stays valid.</summary>
internal sealed class Supervision(ServerStart start, Postmaster first, ILogger logger)
{
    private static readonly TimeSpan FirstDelay = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan LongestDelay = TimeSpan.FromSeconds(10);

    // A server that ran this long did not die of its start.
    private static readonly TimeSpan Settled = TimeSpan.FromMinutes(1);

    private readonly int _port = first.Port;
    private volatile Postmaster? _server = first;
    private TimeSpan _delay = FirstDelay;

    /// <summary>Null while the server is down.</summary>
    public int? Pid => _server?.Pid;

    /// <summary>Runs until <paramref name="stopping"/>, then stops the server.</summary>
    public async Task RunAsync(CancellationToken stopping)
    {
        try
        {
            while (true)
            {
                var server = _server!;
                var running = Stopwatch.GetTimestamp();
                await server.ExitAsync(stopping);
                _server = null;
                ReportDeath(server);
                server.Dispose();
                if (Stopwatch.GetElapsedTime(running) > Settled)
                {
                    _delay = FirstDelay;
                }

                _server = await RestartAsync(stopping);
            }
        }
        catch (OperationCanceledException) when (stopping.IsCancellationRequested)
        {
            if (_server is { } server)
            {
                await server.StopAsync(start.Options.StopLimit);
                server.Dispose();
            }
        }
    }

    private void ReportDeath(Postmaster server)
    {
        string logTail;
        try
        {
            logTail = start.Cluster.LogTail(5);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // The server is started again all the same.
            logTail = e.Message;
        }

        PostgresLog.Died(logger, server.Pid, server.ExitCode, logTail);
    }

    private async Task<Postmaster> RestartAsync(CancellationToken stopping)
    {
        while (true)
        {
            await Task.Delay(_delay, stopping);
            _delay = TimeSpan.FromTicks(Math.Min(_delay.Ticks * 2, LongestDelay.Ticks));
            try
            {
                await LeftoverServer.RemoveAsync(start.Cluster, start.Options.StopLimit, logger, stopping);
                return await Postmaster.StartAsync(start, _port, logger, stopping);
            }
            catch (Exception e) when (e is not OperationCanceledException)
            {
                // Whatever it is (disk full, port taken, files gone), an operator can mend it while the service runs.
                PostgresLog.RestartFailed(logger, e, _delay.TotalMilliseconds);
            }
        }
    }
}
