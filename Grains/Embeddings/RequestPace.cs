namespace Actors.Embeddings;

/// <summary>
/// Spreads requests over the minute, with a burst of ten seconds' worth (generic cell rate algorithm, ITU-T I.371). Background work
/// leaves half of a burst to questions. Thread safe.
/// </summary>
internal sealed class RequestPace(TimeProvider time, int perMinute)
{
    private readonly Lock _lock = new();
    private readonly TimeSpan _interval = TimeSpan.FromMinutes(1) / perMinute;
    private readonly TimeSpan _burst = TimeSpan.FromMinutes(1) / perMinute * Math.Max(0, (perMinute / 6) - 1);
    private readonly long _start = time.GetTimestamp();
    private TimeSpan _next = TimeSpan.Zero;

    /// <returns>Whether a request may be sent now, which then counts as sent.</returns>
    public bool TryTake(bool isQuestion)
    {
        lock (_lock)
        {
            var now = time.GetElapsedTime(_start);
            if (now < _next - (isQuestion ? _burst : _burst / 2))
            {
                return false;
            }

            _next = (now > _next ? now : _next) + _interval;
            return true;
        }
    }
}
