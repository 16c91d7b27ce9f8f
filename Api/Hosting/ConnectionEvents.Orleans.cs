namespace Actors.Hosting;

/// <summary>Hears of the client's connections to silos, and has it try until there is one.</summary>
internal sealed partial class ConnectionEvents(SiloWatch watch, TimeProvider time, ILogger<ConnectionEvents> logger)
    : IClientConnectionRetryFilter, IClusterConnectionStatusObserver
{
    private static readonly TimeSpan RetryPeriod = TimeSpan.FromSeconds(1);

    private string? _lastFault;

    /// <summary>Always: silos may come up at any time.</summary>
    public async Task<bool> ShouldRetryConnectionAttempt(Exception exception, CancellationToken cancellationToken)
    {
        // Once for a reason, not every second.
        if (_lastFault != exception.Message)
        {
            _lastFault = exception.Message;
            LogNotConnected(exception.Message);
        }

        await Task.Delay(RetryPeriod, time, cancellationToken);
        return true;
    }

    public void NotifyGatewayCountChanged(int currentNumberOfGateways, int previousNumberOfGateways, bool connectionRecovered)
    {
        if (currentNumberOfGateways < previousNumberOfGateways && currentNumberOfGateways > 0)
        {
            LogLostOne(currentNumberOfGateways);
            watch.LostOne();
        }
    }

    public void NotifyClusterConnectionLost()
    {
        LogLostAll();
        watch.LostAll();
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "No connection to a silo yet, trying on: {Reason}")]
    private partial void LogNotConnected(string reason);

    [LoggerMessage(Level = LogLevel.Warning, Message = "The connection to a silo broke; {Count} are left")]
    private partial void LogLostOne(int count);

    [LoggerMessage(Level = LogLevel.Error, Message = "The connection to the last silo broke; requests are refused until one is back")]
    private partial void LogLostAll();
}
