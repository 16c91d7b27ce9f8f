using Actors.Hosting;
using Actors.Storage;
using Microsoft.Extensions.Options;

namespace Actors.Zep;

/// <summary>
/// The calls all processes together may make: of a minute as Zep says, of a day as <see cref="ZepQueueOptions.MonthlyCalls"/> allows. It stands in
/// Postgres, so that neither a restart nor another silo starts from anew; without Postgres there is no call. A process that was told when there
/// will be another does not ask before that, for a minute at most. Thread safe.
/// </summary>
internal sealed class ZepBudget(ZepBudgetStore store, IOptions<ZepQueueOptions> options, TimeProvider time)
{
    // What Zep asks for is honoured up to this.
    private static readonly TimeSpan LongestPause = TimeSpan.FromHours(1);

    // Spreads what all processes were told at the same time.
    private const double Jitter = 0.05;

    // A clock that was ahead may have told a time that is far off; Postgres knows better.
    private static readonly TimeSpan LongestWithoutAsking = TimeSpan.FromMinutes(1);

    private static readonly TimeSpan WithoutPostgres = TimeSpan.FromSeconds(1);

    private readonly Lock _lock = new();
    private readonly Denial?[] _denied = new Denial?[2];

    /// <summary>Why there is no call now, as far as this process knows; null: there may be one.</summary>
    public ZepGrant? Denied(ZepUse use)
    {
        lock (_lock)
        {
            return Current(use)?.Grant;
        }
    }

    /// <summary>Takes a call. Who has it makes it, and tells what came of it.</summary>
    public async Task<ZepGrant> TakeAsync(ZepUse use)
    {
        if (Denied(use) is { } known)
        {
            return known;
        }

        var now = time.GetUtcNow();
        ZepGrant grant;
        try
        {
            grant = await store.TakeAsync(use == ZepUse.Write, now, options.Value.MonthlyCalls);
        }
        catch (Exception failure) when (failure is StorageUnavailableException or OutcomeUnknownException or WritesSuspendedException)
        {
            grant = new ZepGrant(IsGranted: false, "postgres", now + WithoutPostgres);
        }

        if (!grant.IsGranted)
        {
            Deny(use, grant);
        }

        return grant;
    }

    /// <summary>Takes notice of what an answer says of the budget.</summary>
    public async Task NoteAsync(ZepAnswer answer)
    {
        var now = time.GetUtcNow();
        // What was not taken in is none of the month's.
        var isGivenBack = answer.Failure is ZepFailure.Unreachable or ZepFailure.TimedOut or ZepFailure.Throttled or ZepFailure.Failed;
        var pausedUntil = answer is { Failure: ZepFailure.Throttled } ? PauseOf(answer, now) : null;
        if (pausedUntil is not null)
        {
            var pause = new ZepGrant(IsGranted: false, "retry_after", pausedUntil);
            Deny(ZepUse.Write, pause);
            Deny(ZepUse.Search, pause);
        }

        if (answer.Rate is not null || isGivenBack)
        {
            await WriteAsync(now, answer.Rate, isGivenBack, pausedUntil);
        }
    }

    /// <summary>Gives back a call that was taken and not made.</summary>
    public Task GiveBackAsync() => WriteAsync(time.GetUtcNow(), rate: null, isGivenBack: true, pausedUntil: null);

    public Task<ZepBudgetState> ReadAsync(CancellationToken cancellationToken) =>
        store.ReadAsync(time.GetUtcNow(), options.Value.MonthlyCalls, cancellationToken);

    /// <summary>Until when a refusal asks to be left alone; null: it does not say so, or that time is over by this clock.</summary>
    public static DateTimeOffset? PauseOf(ZepAnswer answer, DateTimeOffset now)
    {
        var pause = answer.RetryAfter ?? (answer.Rate is { Remaining: <= 0, ResetAt: { } resetAt } ? resetAt - now : TimeSpan.Zero);
        if (pause <= TimeSpan.Zero)
        {
            return null;
        }

#pragma warning disable CA5394 // Spreads load; nobody gains by guessing it.
        return now + (pause < LongestPause ? pause : LongestPause) * (1 + (Jitter * Random.Shared.NextDouble()));
#pragma warning restore CA5394
    }

    private async Task WriteAsync(DateTimeOffset now, ZepRate? rate, bool isGivenBack, DateTimeOffset? pausedUntil)
    {
        try
        {
            await store.NoteAsync(now, rate, isGivenBack, pausedUntil, pausedUntil is null ? null : "retry_after");
        }
        catch (Exception failure) when (failure is StorageUnavailableException or OutcomeUnknownException or WritesSuspendedException)
        {
            // Then the next answer tells.
        }
    }

    private void Deny(ZepUse use, ZepGrant grant)
    {
        lock (_lock)
        {
            if (!(Current(use)?.Grant.NotBefore > grant.NotBefore))
            {
                _denied[(int)use] = new Denial(grant, time.GetTimestamp());
            }
        }
    }

    private Denial? Current(ZepUse use) =>
        _denied[(int)use] is { } denied && denied.Grant.NotBefore > time.GetUtcNow() && time.GetElapsedTime(denied.Since) < LongestWithoutAsking ? denied : null;

    private sealed record Denial(ZepGrant Grant, long Since);
}
