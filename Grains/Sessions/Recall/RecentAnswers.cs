using Actors.Caching;

namespace Actors.Sessions.Recall;

/// <summary>
/// Answers a session gave at its present version; of more than the limit, those used last. The owner clears it whenever the
/// version moves.
/// </summary>
internal sealed class RecentAnswers(int limit)
{
    private readonly LeastRecentlyUsed<Kept> _kept = new(limit, static (_, _) => 1);

    // Callers keep tags beyond the life of an activation, and must not meet one of theirs again for another answer.
    private long _lastTag = Random.Shared.NextInt64();

    private readonly record struct Kept(RecallAnswer Answer, DateTimeOffset? ValidUntil, long SharedGeneration);

    /// <param name="key">As <see cref="RecallKey"/> makes it.</param>
    /// <param name="sharedGeneration">Generation of the shared facts now.</param>
    /// <param name="now">The clock.</param>
    /// <returns>The answer, marked as repeated and with its tag; null when there is none that is still true.</returns>
    public RecallAnswer? Find(string key, long sharedGeneration, DateTimeOffset now)
    {
        if (!_kept.TryGet(key, out var known))
        {
            return null;
        }

        if (known.SharedGeneration == sharedGeneration && !(now >= known.ValidUntil))
        {
            return known.Answer;
        }

        _kept.Remove(key);
        return null;
    }

    /// <param name="key">As <see cref="RecallKey"/> makes it.</param>
    /// <param name="answer">The answer.</param>
    /// <param name="sharedGeneration">Generation of the shared facts it holds.</param>
    /// <param name="validUntil">When it stops being true by itself, exclusive; null: never.</param>
    public void Keep(string key, RecallAnswer answer, long sharedGeneration, DateTimeOffset? validUntil) =>
        _kept.Put(key, new Kept(answer with { Cached = true, Tag = unchecked(++_lastTag) }, validUntil, sharedGeneration));

    public void Clear() => _kept.Clear();
}
