using System.Collections.Immutable;
using Actors.Storage;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Actors.Changes;

/// <summary>
/// Wakes those of a process who wait for changes: one look at the log for all of them, and none while nobody waits. Thread safe.
/// </summary>
internal sealed partial class ChangeWatch(ChangeFeedStore store, IOptions<ChangeOptions> options, TimeProvider time, ILogger<ChangeWatch> logger)
{
    private readonly Lock _lock = new();
    private readonly HashSet<Waiter> _waiters = [];
    private FeedLook? _last;
    private bool _isLooking;

    /// <summary>
    /// Waits from now on. To be called before reading: each look begins where the one before ended, so what was not there to be read is
    /// found by one that ends later.
    /// </summary>
    /// <param name="clients">Whose changes are waited for, <c>-</c> for the house; default: everybody's.</param>
    public Waiter Join(ImmutableArray<string> clients)
    {
        var waiter = new Waiter(this, clients);
        lock (_lock)
        {
            _waiters.Add(waiter);
            if (!_isLooking)
            {
                _isLooking = true;
                using (ExecutionContext.SuppressFlow())
                {
                    // Beside the turns of whoever waits.
                    _ = Task.Run(LookAsync);
                }
            }
        }

        return waiter;
    }

    private async Task LookAsync()
    {
        using var timer = new PeriodicTimer(options.Value.LookInterval, time);
        var isBehind = false;
        while (await timer.WaitForNextTickAsync())
        {
            lock (_lock)
            {
                if (_waiters.Count == 0)
                {
                    _isLooking = false;
                    return;
                }
            }

            try
            {
                _last = await store.LookAsync(_last, CancellationToken.None);
                isBehind = false;
                Wake(_last.Clients);
            }
#pragma warning disable CA1031 // Whatever the database says: who waits hears of it by reading, and the next look may succeed.
            catch (Exception failure)
#pragma warning restore CA1031
            {
                // A server that crashed may give transaction ids anew; the next look wakes everybody.
                _last = null;
                // Once for an outage, not at every look.
                if (!isBehind)
                {
                    LogBehind(failure);
                }

                isBehind = true;
            }
        }
    }

    private void Wake(ImmutableArray<string> changed)
    {
        if (changed is { IsDefault: false, IsEmpty: true })
        {
            return;
        }

        lock (_lock)
        {
            foreach (var waiter in _waiters)
            {
                waiter.Wake(changed);
            }
        }
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "Nobody who waits for changes hears of them while the log cannot be read from Postgres")]
    private partial void LogBehind(Exception failure);

    /// <summary>One who waits; by disposal no longer.</summary>
    internal sealed class Waiter(ChangeWatch watch, ImmutableArray<string> clients) : IDisposable
    {
        private readonly TaskCompletionSource _woken = new(TaskCreationOptions.RunContinuationsAsynchronously);

        /// <summary>Waits for a change since <see cref="Join"/>.</summary>
        /// <returns>False: there was none in that time.</returns>
        public async Task<bool> WaitAsync(TimeSpan limit, CancellationToken cancellationToken)
        {
            try
            {
                await _woken.Task.WaitAsync(limit, watch.Time, cancellationToken);
                return true;
            }
            catch (TimeoutException)
            {
                return false;
            }
        }

        public void Wake(ImmutableArray<string> changed)
        {
            if (changed.IsDefault || clients.IsDefault || clients.Any(changed.Contains))
            {
                _woken.TrySetResult();
            }
        }

        public void Dispose()
        {
            lock (watch._lock)
            {
                watch._waiters.Remove(this);
            }
        }
    }

    private TimeProvider Time => time;
}
