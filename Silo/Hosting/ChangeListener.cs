using Actors.Clients;
using Actors.Storage;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Actors.Hosting;

/// <summary>
/// Hears from Postgres which clients' rows others have changed, and tells those activations of this process that hold them. It has one
/// connection of its own. What is notified while that is lost is lost too, so all activations are told once it listens again.
/// </summary>
/// <remarks>
/// All of them, rather than those whose version differs: to compare versions takes a query over all clients, and a race with each of their
/// commits, while being told costs an activation one short look at its next request.
/// </remarks>
internal sealed partial class ChangeListener(
    IConfiguration configuration, HotClients clients, ErasedAnswers erased, ChangeListenerMetrics metrics, TimeProvider time, ILogger<ChangeListener> logger)
    : BackgroundService
{
    private static readonly TimeSpan FirstRetry = TimeSpan.FromMilliseconds(50);
    private static readonly TimeSpan LastRetry = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan StartPatience = TimeSpan.FromSeconds(3);

    private readonly TaskCompletionSource _listens = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Returns when it listens for the first time, since what sessions have kept until then is forgotten; a Postgres that is slow keeps no host from starting.</summary>
    public override async Task StartAsync(CancellationToken cancellationToken)
    {
        await base.StartAsync(cancellationToken);
        await Task.WhenAny(_listens.Task, Task.Delay(StartPatience, time, cancellationToken));
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        var connectionString = configuration.GetConnectionString("Postgres") ?? throw new InvalidOperationException("No connection string 'Postgres' is configured.");
        var isLost = false;
        var retry = TimeSpan.Zero;
        while (true)
        {
            await Task.Delay(retry, time, stoppingToken);
            var since = time.GetTimestamp();
            try
            {
                await using var session = await ListenerSession.OpenAsync(connectionString, Take, stoppingToken);
                await ListenAsync(session, isLost, stoppingToken);
            }
#pragma warning disable CA1031 // The database is an outside service: whatever it does, the listener goes on trying.
            catch (Exception failure)
#pragma warning restore CA1031
            {
                stoppingToken.ThrowIfCancellationRequested();
                // Once for an outage, not once a second.
                if (metrics.IsListening || !isLost)
                {
                    LogLost(failure);
                }

                isLost = true;
            }
            finally
            {
                metrics.IsListening = false;
            }

            // At once, unless connections break as soon as they are there.
            retry = time.GetElapsedTime(since) > LastRetry ? TimeSpan.Zero : Next(retry);
        }
    }

    private async Task ListenAsync(ListenerSession session, bool isAgain, CancellationToken cancellationToken)
    {
        clients.ChangedAll();
        erased.Forget(clientId: null);
        foreach (var clientId in await session.SelectErasedAsync(clients.ClientIds, cancellationToken))
        {
            clients.Erased(clientId);
        }

        metrics.IsListening = true;
        _listens.TrySetResult();
        if (isAgain)
        {
            metrics.Reconnected();
            LogListensAgain();
        }

        await session.WaitAsync(cancellationToken);
    }

    private void Take(string channel, string payload)
    {
        metrics.Heard(channel);
        if (channel == ListenerSession.Erasures)
        {
            clients.Erased(payload);
            erased.Forget(payload);
        }
        else if (payload == ListenerSession.SeveralClients)
        {
            clients.ChangedAll();
        }
        else
        {
            clients.Changed(payload);
        }
    }

    private static TimeSpan Next(TimeSpan retry) => retry == TimeSpan.Zero ? FirstRetry : retry * 2 < LastRetry ? retry * 2 : LastRetry;

    [LoggerMessage(Level = LogLevel.Warning, Message = "Changes by other programs are not heard: the listener has no connection. Sessions catch up when it has one again")]
    private partial void LogLost(Exception failure);

    [LoggerMessage(Level = LogLevel.Information, Message = "Changes by other programs are heard again")]
    private partial void LogListensAgain();
}
