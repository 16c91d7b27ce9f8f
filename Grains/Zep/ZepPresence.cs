namespace Actors.Zep;

/// <summary>
/// Whether Zep has, or had, anything of a client, as it was read last: while Zep may not be asked, recalls need not read it each for itself. Thread safe.
/// </summary>
internal sealed class ZepPresence(TimeProvider time)
{
    private static readonly TimeSpan KeptFor = TimeSpan.FromMinutes(1);

    private volatile Reading? _last;

    /// <summary>Null: it was not read, or too long ago.</summary>
    public bool? IsThere => _last is { } last && time.GetElapsedTime(last.At) < KeptFor ? last.IsThere : null;

    /// <summary>Takes down what was read. Who is being erased there is there.</summary>
    public void Note(ZepStanding standing) => _last = new Reading(standing.IsThere || standing.IsErasing, time.GetTimestamp());

    private sealed record Reading(bool IsThere, long At);
}
