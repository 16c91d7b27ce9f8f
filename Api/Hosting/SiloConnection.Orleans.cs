namespace Actors.Hosting;

/// <summary>
/// Keeps an API process connected to the silos of its cluster, whichever of them come and go, and asks twice a second
/// whether one answers. The process starts without any, and says so until there is one.
/// </summary>
internal sealed partial class SiloConnection(IClusterClient client, SiloWatch watch, TimeProvider time, ILogger<SiloConnection> logger)
    : BackgroundService
{
    private static readonly TimeSpan ProbePeriod = TimeSpan.FromMilliseconds(500);

    /// <summary>How long the start waits for a silo, so that usually the first request finds one.</summary>
    private static readonly TimeSpan StartPatience = TimeSpan.FromSeconds(5);

    // Questions with different keys go to different silos, so that one which hangs does not speak for all.
    private const int Ways = 16;

    public override async Task StartAsync(CancellationToken cancellationToken)
    {
        await base.StartAsync(cancellationToken);
        await Task.WhenAny(watch.FirstAnswer, Task.Delay(StartPatience, time, cancellationToken));
    }

    public override async Task StopAsync(CancellationToken cancellationToken)
    {
        await base.StopAsync(cancellationToken);
        await ((IHostedService)client).StopAsync(cancellationToken);
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        // Returns once connected; until then every failure is met by ConnectionEvents.
        await ((IHostedService)client).StartAsync(stoppingToken);
        using var timer = new PeriodicTimer(ProbePeriod, time);
        for (var number = 0; await timer.WaitForNextTickAsync(stoppingToken); number++)
        {
            // Not awaited: one silo that does not answer must not keep us from asking the next.
            _ = ProbeAsync($"{number % Ways}", stoppingToken);
            if (watch.CheckSilence())
            {
                LogSilent();
            }
        }
    }

    private async Task ProbeAsync(string way, CancellationToken stoppingToken)
    {
        using var limit = new CancellationTokenSource(SiloWatch.SilenceLimit, time);
        using var ended = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, stoppingToken);
        try
        {
            await client.GetGrain<IPresenceGrain>(way).AnswerAsync(ended.Token);
            if (watch.Answered())
            {
                LogAnswering();
            }
        }
        catch (Exception failure) when (failure is OrleansException or OperationCanceledException or TimeoutException)
        {
            // No answer is what the watch is for.
        }
#pragma warning disable CA1031 // Silos of another version or service: whatever they answer, the next may be the right ones.
        catch (Exception failure)
#pragma warning restore CA1031
        {
            LogStrange(failure);
        }
    }

    [LoggerMessage(Level = LogLevel.Error, Message = "The silos do not answer; requests are refused until one does")]
    private partial void LogSilent();

    [LoggerMessage(Level = LogLevel.Error, Message = "A silo of this cluster does not know what it is asked; is it of another service, or version?")]
    private partial void LogStrange(Exception failure);

    [LoggerMessage(Level = LogLevel.Information, Message = "Silos answer")]
    private partial void LogAnswering();
}
