using System.Collections.Concurrent;
using System.Collections.Immutable;
using Actors.Outside;
using Microsoft.Extensions.Logging;

namespace Actors.Zep;

/// <summary>What a call is for.</summary>
internal enum ZepUse
{
    /// <summary>Brings something up to date there; comes before searches.</summary>
    Write,

    /// <summary>Somebody waits for an answer.</summary>
    Search,
}

/// <summary>
/// Zep as this process asks it: within the budget, and not while it is known to fail. A failure pauses it for 1 s, then twice as long up to a minute; a
/// wrong key, or an API that has gone, for five minutes; up to a twentieth longer, as chance has it. Searches that fail or take too long pause searches only. Thread safe.
/// </summary>
/// <param name="zep">The client; null: Zep is off, and nobody may call.</param>
/// <param name="budget">How many calls there may be.</param>
/// <param name="metrics">Counts them.</param>
/// <param name="time">The clock.</param>
/// <param name="logger">Is told when it begins to fail, and when that ends.</param>
internal sealed partial class ZepGate(IZep? zep, ZepBudget budget, ZepMetrics metrics, TimeProvider time, ILogger<ZepGate> logger)
{
    private const int FailedSearches = 3;

    // One failure may be of what was sent: who sent it asks right after whether Zep is well, and it is not when that fails too.
    private const int FailuresToTell = 2;

    // As the budget's pauses.
    private const double Spread = 0.05;

    private static readonly TimeSpan FirstPause = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan LongestPause = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan UntilSomebodyMendsIt = TimeSpan.FromMinutes(5);
    private static readonly TimeSpan FirstSearchPause = TimeSpan.FromSeconds(5);

    private readonly CircuitBreaker _breaker = new(time, failuresToOpen: 1, FirstPause, LongestPause, Spread);
    private readonly CircuitBreaker _searches = new(time, FailedSearches, FirstSearchPause, LongestPause, Spread);
    private readonly CallRecord _record = new(time);
    private readonly ConcurrentDictionary<string, DateTimeOffset> _succeeded = new(StringComparer.Ordinal);

    // In a row.
    private int _failures;

    /// <summary>Whether Zep is configured.</summary>
    public bool IsOn => zep is not null;

    /// <summary>Whether it is known to fail, or wants to be left alone.</summary>
    public bool IsFailing => _breaker.IsOpen || budget.Denied(ZepUse.Write) is { Reason: "retry_after" };

    /// <summary>What the last calls came to.</summary>
    public CallState State => _record.State;

    /// <summary>Whether a call would be refused now, as far as this process knows. False is no promise.</summary>
    public bool IsClosedFor(ZepUse use) => _breaker.IsPausing || (use == ZepUse.Search && _searches.IsPausing) || budget.Denied(use) is not null;

    /// <summary>Calls, unless it is not the time to.</summary>
    /// <param name="use">What for.</param>
    /// <param name="call">The call; what it throws flies.</param>
    /// <param name="cancellationToken">Gives up, which is no answer but an exception. A search that is given up was too slow.</param>
    /// <param name="nobodyWaits">Why it is given up, when Zep has no part in it: whoever asked has gone.</param>
    /// <returns>What the call gave; <see cref="ZepFailure.Paused"/> or <see cref="ZepFailure.OverBudget"/> when it was not made.</returns>
    public Task<ZepAnswer<T>> CallAsync<T>(
        ZepUse use, Func<IZep, CancellationToken, Task<ZepAnswer<T>>> call, CancellationToken cancellationToken, CancellationToken nobodyWaits = default) =>
        AskAsync(use, call, cancellationToken, nobodyWaits);

    /// <inheritdoc cref="CallAsync{T}"/>
    public Task<ZepAnswer> CallAsync(
        ZepUse use, Func<IZep, CancellationToken, Task<ZepAnswer>> call, CancellationToken cancellationToken, CancellationToken nobodyWaits = default) =>
        AskAsync(use, call, cancellationToken, nobodyWaits);

    /// <summary>When a kind of call succeeded last, for whomever, since this process began; null: it did not.</summary>
    public DateTimeOffset? SucceededAt(string kind) => _succeeded.TryGetValue(kind, out var at) ? at : null;

    /// <summary>Takes down that a kind of call succeeded.</summary>
    public void Worked(string kind) => _succeeded[kind] = time.GetUtcNow();

    /// <summary>Asks whether Zep is well, also right after a failure: then it was what was sent that failed, and others go on.</summary>
    public async Task<bool> IsWellAsync(CancellationToken cancellationToken)
    {
        var grant = await budget.TakeAsync(ZepUse.Write);
        return grant.IsGranted && (await MakeAsync(ZepUse.Write, (client, stop) => client.PingAsync(stop), cancellationToken, nobodyWaits: default)).Failure is null;
    }

    private async Task<TAnswer> AskAsync<TAnswer>(
        ZepUse use, Func<IZep, CancellationToken, Task<TAnswer>> call, CancellationToken cancellationToken, CancellationToken nobodyWaits)
        where TAnswer : ZepAnswer, new()
    {
        if (use == ZepUse.Search && !_searches.TryPass())
        {
            return Refuse<TAnswer>(use, ZepFailure.Paused, "slow");
        }

        var isPassed = false;
        try
        {
            if (!_breaker.TryPass())
            {
                return Refuse<TAnswer>(use, ZepFailure.Paused, "failing");
            }

            isPassed = true;
            var grant = await budget.TakeAsync(use);
            if (!grant.IsGranted)
            {
                return Refuse<TAnswer>(use, grant.Reason is "retry_after" or "postgres" ? ZepFailure.Paused : ZepFailure.OverBudget, grant.Reason!) with
                {
                    RetryAfter = grant.NotBefore - time.GetUtcNow(),
                };
            }

            if (cancellationToken.IsCancellationRequested)
            {
                // Postgres took the time: the call is not made, and Zep not to blame.
                await budget.GiveBackAsync();
                cancellationToken.ThrowIfCancellationRequested();
            }

            return await MakeAsync(use, call, cancellationToken, nobodyWaits);
        }
        finally
        {
            // Where an answer was reported this changes nothing.
            if (isPassed)
            {
                _breaker.Withdrew();
            }

            if (use == ZepUse.Search)
            {
                _searches.Withdrew();
            }
        }
    }

    private async Task<TAnswer> MakeAsync<TAnswer>(
        ZepUse use, Func<IZep, CancellationToken, Task<TAnswer>> call, CancellationToken cancellationToken, CancellationToken nobodyWaits)
        where TAnswer : ZepAnswer
    {
        var started = time.GetTimestamp();
        TAnswer answer;
        try
        {
            answer = await call(zep!, cancellationToken);
        }
        catch (OperationCanceledException) when (use == ZepUse.Search && cancellationToken.IsCancellationRequested)
        {
            metrics.Called(use, "gave_up");
            if (!nobodyWaits.IsCancellationRequested)
            {
                _searches.Failed();
            }

            throw;
        }

        metrics.Called(use, answer.Failure is { } failure ? ZepNames.Of(failure) : "ok");
        Report(use, answer, time.GetElapsedTime(started));
        await budget.NoteAsync(answer);
        return answer;
    }

    private void Report(ZepUse use, ZepAnswer answer, TimeSpan took)
    {
        switch (answer.Failure)
        {
            case null or ZepFailure.NotFound or ZepFailure.Refused:
                Succeeded(use, took);
                break;
            case ZepFailure.Throttled when ZepBudget.PauseOf(answer, time.GetUtcNow()) is not null:
                // The budget of all processes knows until when.
                _breaker.Withdrew();
                break;
            case ZepFailure.TimedOut when use == ZepUse.Search:
                _searches.Failed();
                break;
            case ZepFailure.Throttled:
                Failed(answer, answer.RetryAfter);
                break;
            default:
                var pause = answer.Failure is ZepFailure.Unauthorized or ZepFailure.Removed ? UntilSomebodyMendsIt : answer.RetryAfter;
                if (use == ZepUse.Search)
                {
                    SearchFailed(answer, pause);
                }
                else
                {
                    Failed(answer, pause);
                }

                break;
        }
    }

    // It may be the one route: writes find out for themselves.
    private void SearchFailed(ZepAnswer answer, TimeSpan? pauseAtLeast)
    {
        var failures = answer.Failure is ZepFailure.Unauthorized or ZepFailure.Removed ? _searches.FailedForSure(pauseAtLeast) : _searches.Failed(pauseAtLeast);
        var failure = answer.Failure!.Value;
        if (failures == FailedSearches)
        {
            LogSearchFailing(failure, answer.Detail);
        }

        _record.Failed($"{ZepNames.Of(failure)}: {answer.Detail}");
    }

    private void Succeeded(ZepUse use, TimeSpan took)
    {
        if (use == ZepUse.Search)
        {
            _searches.Succeeded();
        }

        _breaker.Succeeded();
        if (Interlocked.Exchange(ref _failures, 0) >= FailuresToTell)
        {
            LogRecovered();
        }

        _record.Succeeded(took);
    }

    private void Failed(ZepAnswer answer, TimeSpan? pauseAtLeast)
    {
        var failure = answer.Failure!.Value;
        _breaker.Failed(pauseAtLeast);
        // Once for an outage, not once a minute.
        if (Interlocked.Increment(ref _failures) == FailuresToTell)
        {
            LogFailing(failure, answer.Detail);
        }

        _record.Failed($"{ZepNames.Of(failure)}: {answer.Detail}");
    }

    private TAnswer Refuse<TAnswer>(ZepUse use, ZepFailure failure, string why)
        where TAnswer : ZepAnswer, new()
    {
        metrics.Called(use, ZepNames.Of(failure));
        return new TAnswer { Failure = failure, Detail = why };
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "Zep fails: {Failure} ({Detail}); what is to be sent waits, and recall goes on without it")]
    private partial void LogFailing(ZepFailure failure, string detail);

    [LoggerMessage(Level = LogLevel.Warning, Message = "Searches of Zep fail: {Failure} ({Detail}); recall goes on without it")]
    private partial void LogSearchFailing(ZepFailure failure, string detail);

    [LoggerMessage(Level = LogLevel.Information, Message = "Zep answers again")]
    private partial void LogRecovered();
}

/// <summary>Failures as metrics, the outbox and the API write them.</summary>
internal static class ZepNames
{
    private static readonly ImmutableArray<string> Names =
    [
        "unreachable", "timed_out", "throttled", "unauthorized", "api_removed", "not_found", "refused", "failed", "unreadable", "paused", "over_budget",
    ];

    public static string Of(ZepFailure failure) => Names[(int)failure];
}
