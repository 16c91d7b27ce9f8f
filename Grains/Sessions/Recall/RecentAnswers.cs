namespace Actors.Sessions.Recall;

/// <summary>Answers a session gave at its present version. The owner clears it whenever the version moves.</summary>
internal sealed class RecentAnswers(int limit)
{
    private readonly Dictionary<string, (RecallAnswer Answer, DateTimeOffset? ValidUntil)> _answers = new(StringComparer.Ordinal);

    public RecallAnswer? Find(string key, DateTimeOffset now) =>
        _answers.TryGetValue(key, out var known) && (known.ValidUntil is not { } end || now < end) ? known.Answer : null;

    /// <param name="key">As <see cref="RecallKey"/> makes it.</param>
    /// <param name="answer">The answer.</param>
    /// <param name="validUntil">When it stops being true by itself, exclusive; null: never.</param>
    public void Keep(string key, RecallAnswer answer, DateTimeOffset? validUntil)
    {
        if (_answers.Count >= limit)
        {
            _answers.Clear();
        }

        if (limit > 0)
        {
            _answers[key] = (answer, validUntil);
        }
    }

    public void Clear() => _answers.Clear();
}
