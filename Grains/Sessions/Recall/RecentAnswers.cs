namespace Actors.Sessions.Recall;

/// <summary>Answers a session gave at its present version. The owner clears it whenever the version moves.</summary>
internal sealed class RecentAnswers(int limit)
{
    private readonly Dictionary<string, Kept> _answers = new(StringComparer.Ordinal);

    private readonly record struct Kept(RecallAnswer Answer, DateTimeOffset? ValidUntil, long SharedVersion);

    /// <param name="key">As <see cref="RecallKey"/> makes it.</param>
    /// <param name="sharedVersion">Version of the shared facts now.</param>
    /// <param name="now">The clock.</param>
    /// <returns>Null when there is none that is still true.</returns>
    public RecallAnswer? Find(string key, long sharedVersion, DateTimeOffset now) =>
        _answers.TryGetValue(key, out var known)
        && known.SharedVersion == sharedVersion
        && (known.ValidUntil is not { } end || now < end)
            ? known.Answer
            : null;

    /// <param name="key">As <see cref="RecallKey"/> makes it.</param>
    /// <param name="answer">The answer.</param>
    /// <param name="sharedVersion">Version of the shared facts it holds.</param>
    /// <param name="validUntil">When it stops being true by itself, exclusive; null: never.</param>
    public void Keep(string key, RecallAnswer answer, long sharedVersion, DateTimeOffset? validUntil)
    {
        if (_answers.Count >= limit)
        {
            _answers.Clear();
        }

        if (limit > 0)
        {
            _answers[key] = new Kept(answer, validUntil, sharedVersion);
        }
    }

    public void Clear() => _answers.Clear();
}
