namespace Actors.Clients;

/// <summary>Tells what this process has kept of answers that a client was erased, here or elsewhere. It is heard of with the keys, within a second.</summary>
internal sealed class ErasureSignal
{
    private long? _count;
    private bool _isToldAgain;

    /// <summary>A client was erased: what may hold something of it is to be dropped. Which one is not said.</summary>
    public event Action? Erased;

    /// <param name="count">How many erasures there were so far; null: as many as the last time. One call at a time.</param>
    public void Heard(long? count)
    {
        var isNew = count is not null && count != _count;
        _count = count ?? _count;
        // And once more with the next look: a session may have answered after the erasure could be heard of, and before it dropped what it had.
        var isToBeTold = isNew || _isToldAgain;
        _isToldAgain = isNew;
        if (isToBeTold)
        {
            Erased?.Invoke();
        }
    }
}
