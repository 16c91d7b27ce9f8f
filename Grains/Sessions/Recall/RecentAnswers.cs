namespace Actors.Sessions.Recall;

/// <summary>
/// Answers a session gave at its present version; of more than the limit, those used last. The owner clears it whenever the
/// version moves.
/// </summary>
internal sealed class RecentAnswers(int limit)
{
    private readonly Dictionary<string, LinkedListNode<Kept>> _byKey = new(StringComparer.Ordinal);
    private readonly LinkedList<Kept> _lastUsedFirst = [];

    // Callers keep tags beyond the life of an activation, and must not meet one of theirs again for another answer.
    private long _lastTag = Random.Shared.NextInt64();

    private readonly record struct Kept(string Key, RecallAnswer Answer, DateTimeOffset? ValidUntil, long SharedGeneration);

    /// <param name="key">As <see cref="RecallKey"/> makes it.</param>
    /// <param name="sharedGeneration">Generation of the shared facts now.</param>
    /// <param name="now">The clock.</param>
    /// <returns>The answer, marked as repeated and with its tag; null when there is none that is still true.</returns>
    public RecallAnswer? Find(string key, long sharedGeneration, DateTimeOffset now)
    {
        if (!_byKey.TryGetValue(key, out var node))
        {
            return null;
        }

        ref readonly var known = ref node.ValueRef;
        if (known.SharedGeneration != sharedGeneration || now >= known.ValidUntil)
        {
            Remove(node);
            return null;
        }

        if (node.Previous is not null)
        {
            _lastUsedFirst.Remove(node);
            _lastUsedFirst.AddFirst(node);
        }

        return known.Answer;
    }

    /// <param name="key">As <see cref="RecallKey"/> makes it.</param>
    /// <param name="answer">The answer.</param>
    /// <param name="sharedGeneration">Generation of the shared facts it holds.</param>
    /// <param name="validUntil">When it stops being true by itself, exclusive; null: never.</param>
    public void Keep(string key, RecallAnswer answer, long sharedGeneration, DateTimeOffset? validUntil)
    {
        if (limit == 0)
        {
            return;
        }

        // Kept already, where two asked at once.
        if (_byKey.TryGetValue(key, out var before))
        {
            Remove(before);
        }
        else if (_byKey.Count >= limit)
        {
            Remove(_lastUsedFirst.Last!);
        }

        var kept = new Kept(key, answer with { Cached = true, Tag = unchecked(++_lastTag) }, validUntil, sharedGeneration);
        _byKey.Add(key, _lastUsedFirst.AddFirst(kept));
    }

    public void Clear()
    {
        _byKey.Clear();
        _lastUsedFirst.Clear();
    }

    private void Remove(LinkedListNode<Kept> node)
    {
        _byKey.Remove(node.Value.Key);
        _lastUsedFirst.Remove(node);
    }
}
