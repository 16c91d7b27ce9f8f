using System.Diagnostics.CodeAnalysis;
using System.Threading.RateLimiting;

namespace Actors.Access;

/// <summary>How many requests a key may still send: a bucket of as many as its limit a minute, refilled evenly.</summary>
[SuppressMessage("Design", "CA1001", Justification = "Without timer and queue the bucket holds nothing; requests under way still use it.")]
internal sealed class RequestBudget(int perMinute)
{
    // Filled up when asked, by the time that went by: ten thousand keys need no timers.
    private readonly TokenBucketRateLimiter _bucket = new(new TokenBucketRateLimiterOptions
    {
        TokenLimit = perMinute,
        TokensPerPeriod = 1,
        ReplenishmentPeriod = TimeSpan.FromTicks(Math.Max(1, TimeSpan.TicksPerMinute / perMinute)),
        AutoReplenishment = false,
    });

    public int PerMinute => perMinute;

    /// <summary>Takes one request from the budget.</summary>
    /// <returns>Null when there was one, else the whole seconds after which there will be.</returns>
    public int? TrySpend()
    {
        _bucket.TryReplenish();
        using var lease = _bucket.AttemptAcquire();
        if (lease.IsAcquired)
        {
            return null;
        }

        return lease.TryGetMetadata(MetadataName.RetryAfter, out var wait) ? Math.Max(1, (int)Math.Ceiling(wait.TotalSeconds)) : 1;
    }
}
