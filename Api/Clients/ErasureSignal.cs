namespace Actors.Clients;

/// <summary>Tells what this process has kept of answers that a client was erased, here or elsewhere. It is heard of with the keys, within a second.</summary>
internal sealed class ErasureSignal
{
    private long? _count;

    /// <summary>A client was erased: what may hold something of it is to be dropped. Which one is not said.</summary>
    public event Action? Erased;

    /// <param name="count">How many erasures there were so far; one call at a time.</param>
    public void Heard(long count)
    {
        // Before the first time nothing was kept.
        var isNew = _count is { } known && known != count;
        _count = count;
        if (isNew)
        {
            Erased?.Invoke();
        }
    }
}
