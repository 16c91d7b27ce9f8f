using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Actors.Changes;

/// <summary>
/// Sends one webhook what the feed has, step by step. What was delivered is noted afterwards, so a crash in between sends it again. The row
/// is read at each step: what others change of it counts at once.
/// </summary>
internal sealed partial class WebhookDelivery(
    Guid id, WebhookStore store, ChangeFeed feed, ChangeFeedStore changes, WebhookSender sender, WebhookMetrics metrics, IOptions<WebhookOptions> options,
    TimeProvider time, ILogger<WebhookDelivery> logger)
{
    /// <summary>In place of a cursor: the oldest change that is kept.</summary>
    private const string Oldest = "oldest";

    private const double Jitter = 0.2;

    private static readonly TimeSpan LongestWait = TimeSpan.FromSeconds(10);

    // An idle webhook's position moves on now and then, so that it stays within what is kept.
    private static readonly TimeSpan PositionPeriod = TimeSpan.FromMinutes(10);

    private long _movedAt = time.GetTimestamp();

    /// <summary>Sends the next changes, or waits for some.</summary>
    /// <param name="nudge">Ends a wait, when the webhook was changed.</param>
    /// <param name="cancellationToken">Ends everything.</param>
    /// <returns>False: the webhook is disabled or gone.</returns>
    /// <exception cref="Storage.StorageUnavailableException">Postgres cannot be reached.</exception>
    /// <exception cref="Storage.OutcomeUnknownException">The note of a delivery may be lost: then it is sent again.</exception>
    /// <exception cref="Hosting.WritesSuspendedException">This host may not write now.</exception>
    public async Task<bool> StepAsync(CancellationToken nudge, CancellationToken cancellationToken)
    {
        if (await store.FindTargetAsync(id, cancellationToken) is not { Webhook.DisabledAt: null } target)
        {
            metrics.Left(id);
            return false;
        }

        if (await store.FindDueLetterAsync(id, cancellationToken) is { } letter)
        {
            await SendAsync(target, letter, cancellationToken);
            return true;
        }

        using var wait = CancellationTokenSource.CreateLinkedTokenSource(nudge, cancellationToken);
        try
        {
            var delay = target.Webhook.NextAttemptAt - time.GetUtcNow();
            if (delay > TimeSpan.Zero)
            {
                await Task.Delay(delay < LongestWait ? delay.Value : LongestWait, time, wait.Token);
                return true;
            }

            if (await ReadAsync(target.Webhook, wait.Token) is { } page)
            {
                await SendAsync(target, page, cancellationToken);
            }
        }
        catch (OperationCanceledException) when (nudge.IsCancellationRequested && !cancellationToken.IsCancellationRequested)
        {
            // Looks again.
        }

        return true;
    }

    private async Task<ChangePage?> ReadAsync(WebhookRecord webhook, CancellationToken cancellationToken)
    {
        try
        {
            return await feed.ReadAsync(
                new ChangeFeedRequest(
                    webhook.Position == Oldest ? null : webhook.Position, new(webhook.ClientId is { } client ? [client] : default), webhook.ClientId,
                    options.Value.BatchSize, LongestWait),
                cancellationToken);
        }
        catch (Exception failure) when (failure is CursorExpiredException or MalformedCursorException)
        {
            metrics.Skipped();
            LogSkipped(id);
            await store.MoveAsync(webhook, Oldest);
            return null;
        }
    }

    private async Task SendAsync(WebhookTarget target, ChangePage page, CancellationToken cancellationToken)
    {
        var webhook = target.Webhook;
        var wanted = webhook.Events.IsEmpty ? page.Changes : page.Changes.RemoveAll(change => !webhook.Events.Contains(ChangeNames.EventOf(change)));
        metrics.Waits(id, wanted.IsEmpty ? null : wanted[0].ChangedAt);
        if (wanted.IsEmpty)
        {
            if (!page.Changes.IsEmpty || page.HasMore || time.GetElapsedTime(_movedAt) > PositionPeriod)
            {
                await store.MoveAsync(webhook, page.Next);
                _movedAt = time.GetTimestamp();
            }

            return;
        }

        var outcome = await sender.SendAsync(target, wanted, cancellationToken);
        metrics.Attempted(outcome);
        if (outcome.Error is null)
        {
            await store.DeliveredAsync(webhook, page.Next);
            metrics.Delivered(wanted.Length);
            metrics.Waits(id, null);
        }
        else if (outcome.IsGone)
        {
            LogGone(id);
            await store.DisableAsync(webhook, outcome.Error);
        }
        else if (webhook.Failures + 1 >= options.Value.MaxAttempts)
        {
            LogGaveUp(id, wanted.Length, webhook.Failures + 1, outcome.Error);
            await store.GiveUpAsync(webhook, page.Next, outcome.Error, [.. wanted.Select(change => change.Seq)]);
            metrics.GaveUp();
        }
        else
        {
            await store.FailedAsync(webhook, outcome.Error, time.GetUtcNow() + DelayAfter(webhook.Failures, outcome.RetryAfter));
        }
    }

    // Once for each time somebody asks.
    private async Task SendAsync(WebhookTarget target, DeadLetter letter, CancellationToken cancellationToken)
    {
        var found = await changes.FindAsync(letter.Seqs, target.Webhook.ClientId, cancellationToken);
        if (found.IsEmpty)
        {
            await store.LetterFailedAsync(letter, "no_longer_kept");
            return;
        }

        var outcome = await sender.SendAsync(target, found, cancellationToken);
        metrics.Attempted(outcome);
        if (outcome.Error is null)
        {
            metrics.Delivered(found.Length);
            await store.DeleteLetterAsync(id, letter.Id);
        }
        else
        {
            await store.LetterFailedAsync(letter, outcome.Error);
        }
    }

    private TimeSpan DelayAfter(int failures, TimeSpan? retryAfter)
    {
        var (first, longest) = (options.Value.FirstDelay, options.Value.LongestDelay);
        var doubled = first * Math.Pow(2, Math.Min(failures, 30));
#pragma warning disable CA5394 // Spreads load; nobody gains by guessing it.
        var delay = (doubled < longest ? doubled : longest) * (1 - Jitter + (2 * Jitter * Random.Shared.NextDouble()));
#pragma warning restore CA5394
        var asked = retryAfter < longest ? retryAfter.Value : retryAfter is null ? TimeSpan.Zero : longest;
        return delay > asked ? delay : asked;
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "Webhook {Id} was so far behind that changes it had not sent are no longer kept; it goes on with the oldest")]
    private partial void LogSkipped(Guid id);

    [LoggerMessage(Level = LogLevel.Warning, Message = "The receiver of webhook {Id} wants nothing any more (410); the webhook is disabled")]
    private partial void LogGone(Guid id);

    [LoggerMessage(Level = LogLevel.Warning, Message = "Webhook {Id}: {Count} changes are a dead letter after {Attempts} attempts, the last of which failed with {Error}")]
    private partial void LogGaveUp(Guid id, int count, int attempts, string error);
}
