using Actors.Extraction;
using Actors.Hosting;
using Actors.Idempotency;
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

    private PromotionSweep? _sweep;
    private IGrainTimer _next = null!;
    private SweeperRuns _runs = null!;

    public override Task OnActivateAsync(CancellationToken cancellationToken)
    {
        _runs = new SweeperRuns(time, LogBehind);
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
        if (_sweep is not { } sweep)
        {
            return new PromotionProgress(0, 0, IsDone: true);
        }

        var (done, facts) = (sweep.Done, sweep.Facts);
        var isDone = await _runs.RunAsync(() => sweep.RunAsync(CallLimit, cancellationToken));
        if (!isDone)
        {
            GoOn();
        }

        return new PromotionProgress(sweep.Done - done, sweep.Facts - facts, isDone);
    }

    public async Task<PromotionRecord?> RetryAsync(Guid eventId, TimeSpan delay, IdempotencyKey? key, CancellationToken cancellationToken)
    {
        var promotion = await store.RetryAsync(eventId, delay, key);
        GoOn();
        return promotion;
    }

    private void GoOn() => _next.Change(TimeSpan.Zero, Timeout.InfiniteTimeSpan);

    private Task TickAsync(CancellationToken cancellationToken) => _runs.TickAsync(
        async () =>
        {
            if (_sweep is { } sweep && !await _runs.RunAsync(() => sweep.RunAsync(TickLimit, cancellationToken)))
            {
                GoOn();
            }
        },
        cancellationToken);

    [LoggerMessage(Level = LogLevel.Warning, Message = "Events wait for their promotion until Postgres takes it")]
    private partial void LogBehind(Exception failure);
}
