using System.Collections.Immutable;
using Microsoft.Extensions.Logging;

namespace Actors.Zep;

// What it means for rows that their call failed, or that Zep does not have what it was sent.
internal sealed partial class ZepQueue
{
    private const double Jitter = 0.2;

    // Where nothing else tells whether it is the row: a part of Zep that fails for longer than this costs each client a row a day.
    private static readonly TimeSpan Patience = TimeSpan.FromDays(1);

    // Zep takes things at once, and has them seconds to minutes later: what it does not have after this it will not get.
    private static readonly TimeSpan LongestIngestion = TimeSpan.FromHours(1);

    /// <summary>What a failure means for the rows it was about.</summary>
    /// <param name="rows">Those rows.</param>
    /// <param name="answer">The failure.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <param name="isOfTheClient">Whether nothing of the client could have been done: then no row is set aside for it.</param>
    /// <returns>Whether to go on at once.</returns>
    private async Task<bool> FailedAsync(ImmutableArray<OutboxRow> rows, ZepAnswer answer, CancellationToken cancellationToken, bool isOfTheClient = false)
    {
        var isOfTheRows = answer.Failure switch
        {
            ZepFailure.Refused or ZepFailure.NotFound => true,
            ZepFailure.Throttled or ZepFailure.Paused or ZepFailure.OverBudget => false,
            // Perhaps of what was sent, or of the one route: then it is well.
            _ => await gate.IsWellAsync(cancellationToken),
        };
        if (!isOfTheRows)
        {
            return false;
        }

        if (rows.Length > 1)
        {
            _memoriesAtOnce = 1;
            return true;
        }

        var (row, attempts) = (rows[0], rows[0].Attempts + 1);
        // An erasure is not given up, and what is stored after it is not sent before it.
        var isSetAside = attempts >= options.MaxAttempts && row.Table != OutboxTables.Clients && !isOfTheClient && IsOfTheRow(row, answer);
        if (isSetAside)
        {
            LogSetAside(row.Seq, attempts, answer.Detail);
        }

        await store.RefusedAsync(row.Seq, answer.Detail, isSetAside ? null : time.GetUtcNow() + DelayAfter(row.Attempts));
        return true;
    }

    // What is refused, may not be done or is no longer possible will not be later. What fails otherwise may be the kind of call: not when another succeeded meanwhile.
    private bool IsOfTheRow(OutboxRow row, ZepAnswer answer) =>
        answer.Failure is ZepFailure.Refused or ZepFailure.NotFound or ZepFailure.Unauthorized or ZepFailure.Removed
        || (row.FirstFailedAt is { } since && (gate.SucceededAt(_kind) > since || time.GetUtcNow() - since >= Patience));

    /// <summary>What it means that Zep does not have what it was sent: for a while, that it has not come there yet.</summary>
    /// <param name="row">The row that takes it out there, or changes it.</param>
    /// <param name="sentAt">When it was sent; null: it was not.</param>
    /// <returns>Whether the row waits.</returns>
    private async Task<bool> WaitsForAsync(OutboxRow row, DateTimeOffset? sentAt)
    {
        if (sentAt is not { } at)
        {
            return false;
        }

        if (row.Attempts + 1 < options.MaxAttempts && time.GetUtcNow() - at < LongestIngestion)
        {
            await store.RefusedAsync(row.Seq, "not there, or not yet", time.GetUtcNow() + DelayAfter(row.Attempts));
            return true;
        }

        metrics.NotThere();
        LogNotThere(row.Seq);
        return false;
    }

    // Zep has certainly not taken what it answered so. What was sent before with another outcome may be there all the same.
    private async Task ReleaseAsync(ImmutableArray<ZepItem> items, ZepAnswer answer)
    {
        var isRefused = answer.Failure is ZepFailure.Throttled or ZepFailure.Unauthorized or ZepFailure.Removed or ZepFailure.NotFound or ZepFailure.Refused;
        ImmutableArray<ZepItem> released = isRefused ? [.. items.Where(item => item.ClaimedAt is null)] : [];
        if (!released.IsEmpty)
        {
            await store.ReleaseAsync(clientId, released);
        }
    }

    private TimeSpan DelayAfter(int attempts)
    {
        var doubled = options.FirstDelay * Math.Pow(2, Math.Min(attempts, 30));
#pragma warning disable CA5394 // Spreads load; nobody gains by guessing it.
        return (doubled < options.LongestDelay ? doubled : options.LongestDelay) * (1 - Jitter + (2 * Jitter * Random.Shared.NextDouble()));
#pragma warning restore CA5394
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "Zep refused row {Seq} of the outbox {Attempts} times; it is set aside: {Detail}")]
    private partial void LogSetAside(long seq, int attempts, string detail);

    [LoggerMessage(Level = LogLevel.Warning, Message = "Zep does not have what it took before, and what row {Seq} of the outbox takes out there: it is held for gone")]
    private partial void LogNotThere(long seq);
}
