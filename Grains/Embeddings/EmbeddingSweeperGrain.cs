using Actors.Hosting;
using Actors.Storage;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Actors.Embeddings;

/// <summary>See <see cref="IEmbeddingSweeperGrain"/>.</summary>
[GrainType("embedding-sweeper")]
internal sealed partial class EmbeddingSweeperGrain(IServiceProvider services, IOptions<EmbeddingsOptions> options, TimeProvider time, ILogger<EmbeddingSweeperGrain> logger)
    : Grain, IEmbeddingSweeperGrain, IRemindable
{
    private const string Sweep = "sweep";
    private static readonly TimeSpan ReminderPeriod = TimeSpan.FromMinutes(1);

    // A tick that has much to do makes room for others now and then, and a caller gets its answer within its time.
    private static readonly TimeSpan TickLimit = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan CallLimit = TimeSpan.FromSeconds(15);

    private Task _lastRun = Task.CompletedTask;
    private EmbeddingSweep? _sweep;
    private bool _isBehind;

    public override Task OnActivateAsync(CancellationToken cancellationToken)
    {
        if (options.Value.IsOn)
        {
            _sweep = new EmbeddingSweep(
                services.GetRequiredService<EmbeddingStore>(), services.GetRequiredService<EmbeddingEndpoint>(),
                services.GetRequiredService<EmbeddingMetrics>(), options.Value, logger);
            // Interleaves, since a request to the endpoint may take long.
            this.RegisterGrainTimer(TickAsync, new GrainTimerCreationOptions(options.Value.PollInterval, options.Value.PollInterval) { Interleave = true });
        }

        return Task.CompletedTask;
    }

    public async Task StartAsync() => await this.RegisterOrUpdateReminder(Sweep, ReminderPeriod, ReminderPeriod);

    // Keeps the activation, and so its timer, alive; the embeddings may have been turned off since it was registered.
    public async Task ReceiveReminder(string reminderName, TickStatus status)
    {
        if (_sweep is not null)
        {
            _sweep.LookThroughClients();
        }
        else if (await this.GetReminder(reminderName) is { } reminder)
        {
            await this.UnregisterReminder(reminder);
        }
    }

    public async Task<EmbeddingProgress> SweepAsync(CancellationToken cancellationToken)
    {
        if (_sweep is null)
        {
            return new EmbeddingProgress(0, 0, null);
        }

        _sweep.LookThroughClients();
        var before = _sweep.Stored;
        var isDone = await RunAsync(_sweep, CallLimit, cancellationToken);
        return new EmbeddingProgress(_sweep.Stored - before, _sweep.Waiting, isDone && _sweep.Waiting > 0 ? _sweep.LastFailure?.Code() : null);
    }

    private async Task TickAsync(CancellationToken cancellationToken)
    {
        try
        {
            await RunAsync(_sweep!, TickLimit, cancellationToken);
            _isBehind = false;
        }
        catch (Exception failure) when (failure is StorageUnavailableException or OutcomeUnknownException or WritesSuspendedException)
        {
            // Once for an outage, not at every tick.
            if (!_isBehind)
            {
                LogBehind(failure);
            }

            _isBehind = true;
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            // The activation goes; the next one looks for itself.
        }
    }

    /// <returns>Whether it ended before its time.</returns>
    private async Task<bool> RunAsync(EmbeddingSweep sweep, TimeSpan limit, CancellationToken cancellationToken)
    {
        // Ticks and calls interleave, and the sweep has one at a time.
        var before = _lastRun;
        var run = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        _lastRun = run.Task;
        await before;
        try
        {
            var started = time.GetTimestamp();
            while (await sweep.StepAsync(cancellationToken))
            {
                if (time.GetElapsedTime(started) > limit)
                {
                    return false;
                }
            }

            return true;
        }
        finally
        {
            run.SetResult();
        }
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "Memories wait for their vectors until Postgres takes them")]
    private partial void LogBehind(Exception failure);
}
