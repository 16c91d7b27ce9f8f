namespace Actors.Support;

/// <summary>Counts requests in minutes that begin with a request.</summary>
internal sealed class FakeZepRate
{
    private readonly Lock _lock = new();
    private DateTimeOffset _windowEnds = DateTimeOffset.MinValue;
    private int _inWindow;
    private int _total;

    /// <summary>Counts one.</summary>
    /// <returns>The limit, what is left, which may be below 0, and when all is there again; null: there is no limit.</returns>
    public (int Limit, int Remaining, DateTimeOffset Reset)? Count(ZepQuirks quirks, DateTimeOffset now)
    {
        lock (_lock)
        {
            _total++;
            if (now >= _windowEnds)
            {
                (_windowEnds, _inWindow) = (now + TimeSpan.FromMinutes(1), 0);
            }

            _inWindow++;
            var limit = quirks.Quota is { } quota && _total > quota ? quirks.PenaltyPerMinute : quirks.RequestsPerMinute;
            return limit is { } most ? (most, most - _inWindow, _windowEnds) : null;
        }
    }
}
