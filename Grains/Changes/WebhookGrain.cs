using System.Diagnostics.CodeAnalysis;
using Actors.Hosting;
using Actors.Idempotency;
using Actors.Storage;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Actors.Changes;

/// <summary>See <see cref="IWebhookGrain"/>.</summary>
[GrainType("webhook")]
[SuppressMessage("Design", "CA1001", Justification = "Without a timer the source holds nothing, and a tick may still be about to ask for its token.")]
internal sealed partial class WebhookGrain(IServiceProvider services, WebhookStore store, WebhookMetrics metrics, TimeProvider time, ILogger<WebhookGrain> logger)
    : Grain, IWebhookGrain
{
    private static readonly TimeSpan TickPeriod = TimeSpan.FromSeconds(1);

    // Then the timer makes room for whatever else the host has to do.
    private static readonly TimeSpan TickLimit = TimeSpan.FromSeconds(30);

    private CancellationTokenSource _nudge = new();
    private WebhookDelivery _delivery = null!;
    private bool _isBehind;

    private Guid Id => Guid.ParseExact(this.GetPrimaryKeyString(), "D");

    public override Task OnActivateAsync(CancellationToken cancellationToken)
    {
        _delivery = ActivatorUtilities.CreateInstance<WebhookDelivery>(services, Id);
        // Interleaves: receivers may take long, and who changes the webhook does not wait for them.
        this.RegisterGrainTimer(TickAsync, new GrainTimerCreationOptions(TimeSpan.Zero, TickPeriod) { Interleave = true });
        return Task.CompletedTask;
    }

    public override Task OnDeactivateAsync(DeactivationReason reason, CancellationToken cancellationToken)
    {
        metrics.Left(Id);
        return Task.CompletedTask;
    }

    public Task<WebhookAnswer> CreateAsync(NewWebhook webhook, CancellationToken cancellationToken) =>
        NudgeAsync(store.CreateAsync(Id, webhook, cancellationToken));

    public Task<WebhookAnswer?> ChangeAsync(WebhookChange change, CancellationToken cancellationToken) => NudgeAsync(store.ChangeAsync(Id, change));

    public Task<bool> DeleteAsync(CancellationToken cancellationToken) => NudgeAsync(store.DeleteAsync(Id));

    public Task<DeadLetter?> RetryLetterAsync(Guid letterId, TimeSpan delay, IdempotencyKey? key, CancellationToken cancellationToken) =>
        NudgeAsync(store.RetryLetterAsync(Id, letterId, delay, key));

    public Task<bool> DeleteLetterAsync(Guid letterId, CancellationToken cancellationToken) => store.DeleteLetterAsync(Id, letterId);

    public Task WakeAsync() => Task.CompletedTask;

    // Whatever it waits for: there may be something else to do now.
    private async Task<T> NudgeAsync<T>(Task<T> write)
    {
        var result = await write;
        var waiting = _nudge;
        _nudge = new CancellationTokenSource();
        await waiting.CancelAsync();
        return result;
    }

    private async Task TickAsync(CancellationToken cancellationToken)
    {
        var started = time.GetTimestamp();
        try
        {
            while (time.GetElapsedTime(started) < TickLimit)
            {
                if (!await _delivery.StepAsync(_nudge.Token, cancellationToken))
                {
                    return;
                }

                _isBehind = false;
            }
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
            // The activation goes; the next one goes on from the position that was noted.
        }
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "A webhook is sent nothing while Postgres cannot be asked")]
    private partial void LogBehind(Exception failure);
}

/// <summary>See <see cref="IWebhookQueryGrain"/>.</summary>
[GrainType("webhook-query"), Orleans.Concurrency.StatelessWorker(8)]
internal sealed class WebhookQueryGrain(WebhookQueryStore store) : Grain, IWebhookQueryGrain
{
    public Task<WebhookPage> ListAsync(int limit, Guid? after, CancellationToken cancellationToken) => store.ListAsync(limit, after, cancellationToken);

    public Task<WebhookRecord?> FindAsync(Guid webhookId, CancellationToken cancellationToken) => store.FindAsync(webhookId, cancellationToken);

    public async Task<DeadLetterPage?> ListLettersAsync(Guid webhookId, int limit, Guid? after, CancellationToken cancellationToken)
    {
        var page = await store.ListLettersAsync(webhookId, limit, after, cancellationToken);
        return page.Letters.IsEmpty && await store.FindAsync(webhookId, cancellationToken) is null ? null : page;
    }
}

/// <summary>See <see cref="IWebhookSweeperGrain"/>.</summary>
[GrainType("webhook-sweeper")]
internal sealed class WebhookSweeperGrain(WebhookQueryStore store) : Grain, IWebhookSweeperGrain, IRemindable
{
    private const string Sweep = "sweep";
    private static readonly TimeSpan Period = TimeSpan.FromMinutes(1);

    public async Task StartAsync()
    {
        await this.RegisterOrUpdateReminder(Sweep, Period, Period);
        await WakeAllAsync();
    }

    public Task ReceiveReminder(string reminderName, TickStatus status) => WakeAllAsync();

    private async Task WakeAllAsync()
    {
        foreach (var id in await store.ListEnabledAsync())
        {
            await GrainFactory.GetGrain<IWebhookGrain>($"{id}").WakeAsync();
        }
    }
}
