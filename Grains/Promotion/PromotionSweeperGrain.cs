using Actors.Extraction;
using Actors.Hosting;
using Actors.Idempotency;
using Actors.Storage;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Actors.Promotion;

/// <summary>See <see cref="IPromotionSweeperGrain"/>.</summary>
[GrainType("promotion-sweeper")]
internal sealed partial class PromotionSweeperGrain(
    IServiceProvider services, PromotionStore store, PromotionMetrics metrics, IOptions<PromotionOptions> options, TimeProvider time, ILogger<PromotionSweeperGrain> logger)
    : Grain, IPromotionSweeperGrain, IRemindable
{
    private const string Sweep = "sweep";
    private static readonly TimeSpan ReminderPeriod = TimeSpan.FromMinutes(1);

    // A tick that has much to do makes room for others now and then, and a caller gets its answer within its time.
    private static readonly TimeSpan TickLimit = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan CallLimit = TimeSpan.FromSeconds(15);

    private Task _lastRun = Task.CompletedTask;
    private PromotionSweep? _sweep;
    private IGrainTimer _next = null!;
    private bool _isBehind;

    public override Task OnActivateAsync(CancellationToken cancellationToken)
    {
        if (options.Value.Enabled && services.GetService<IFactExtractor>() is { } extractor)
        {
            var extraction = new EventExtraction(store, extractor, options.Value);
            var promotion = new EventPromotion(store, extraction, GrainFactory, metrics, options.Value, time, logger);
            _sweep = new PromotionSweep(store, promotion, metrics, options.Value, time);
        }

        // Interleaves: an extractor may take long, and who asks for something does not wait for it.
        _next = this.RegisterGrainTimer(TickAsync, new GrainTimerCreationOptions(Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan) { Interleave = true });
        return Task.CompletedTask;
    }

    public async Task StartAsync() => await this.RegisterOrUpdateReminder(Sweep, ReminderPeriod, ReminderPeriod);

    public Task ReceiveReminder(string reminderName, TickStatus status)
    {
        GoOn();
        return Task.CompletedTask;
    }

    public async Task<PromotionProgress> SweepAsync(CancellationToken cancellationToken)
    {
        if (_sweep is null)
        {
            return new PromotionProgress(0, 0, IsDone: true);
        }

        var (done, facts) = (_sweep.Done, _sweep.Facts);
        var isDone = await RunAsync(_sweep, CallLimit, cancellationToken);
        if (!isDone)
        {
            GoOn();
        }

        return new PromotionProgress(_sweep.Done - done, _sweep.Facts - facts, isDone);
    }

    public async Task<PromotionRecord?> RetryAsync(Guid eventId, TimeSpan delay, IdempotencyKey? key, CancellationToken cancellationToken)
    {
        var promotion = await store.RetryAsync(eventId, delay, key);
        GoOn();
        return promotion;
    }

    private void GoOn() => _next.Change(TimeSpan.Zero, Timeout.InfiniteTimeSpan);

    private async Task TickAsync(CancellationToken cancellationToken)
    {
        try
        {
            if (_sweep is not null && !await RunAsync(_sweep, TickLimit, cancellationToken))
            {
                GoOn();
            }

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

    private async Task<bool> RunAsync(PromotionSweep sweep, TimeSpan limit, CancellationToken cancellationToken)
    {
        // Ticks and calls interleave, and the sweep has one at a time.
        var before = _lastRun;
        var run = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        _lastRun = run.Task;
        await before;
        try
        {
            return await sweep.RunAsync(limit, cancellationToken);
        }
        finally
        {
            run.SetResult();
        }
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "Events wait for their promotion until Postgres takes it")]
    private partial void LogBehind(Exception failure);
}
