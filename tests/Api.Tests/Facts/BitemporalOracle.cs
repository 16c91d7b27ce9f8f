namespace Actors.Api.Tests.Facts;

/// <summary>What is believed of a fact.</summary>
internal sealed record Belief(
    Guid Id, int Subject, string Type, string? Key, string Content, DateTimeOffset From, DateTimeOffset? To, Guid? Successor = null)
{
    public bool HoldsAt(DateTimeOffset instant) => From <= instant && (To is null || instant < To);

    public bool HasEndedBy(DateTimeOffset instant) => To <= instant;

    public bool SharesKeyWith(Belief other) =>
        Key is not null && Id != other.Id && (Subject, Type, Key) == (other.Subject, other.Type, other.Key);

    public bool Overlaps(Belief other) => (To is null || other.From < To) && (other.To is null || From < other.To);
}

/// <summary>From an instant of transaction time on, this is what is believed of a fact.</summary>
/// <param name="RecordedAt">The instant.</param>
/// <param name="Id">The fact.</param>
/// <param name="Belief">Null: nothing is believed any more.</param>
/// <param name="Operation">What the belief that it ended will be said to have been ended by.</param>
internal sealed record LogEntry(DateTimeOffset RecordedAt, Guid Id, Belief? Belief, string Operation);

/// <summary>
/// Facts on two time axes in the simplest way there is: a list that only grows, replayed up to the transaction time asked for.
/// </summary>
internal sealed class BitemporalOracle
{
    private readonly List<LogEntry> _log = [];
    private readonly List<Guid> _made = [];

    public IReadOnlyList<LogEntry> Log => _log;

    /// <summary>Every fact that ever was, in the order they were made.</summary>
    public IReadOnlyList<Guid> Made => _made;

    public void Append(LogEntry entry)
    {
        _log.Add(entry);
        if (!_made.Contains(entry.Id))
        {
            _made.Add(entry.Id);
        }
    }

    /// <param name="knownAt">Transaction time; null: now.</param>
    public IEnumerable<Belief> BelievedAt(DateTimeOffset? knownAt = null)
    {
        var believed = new Dictionary<Guid, Belief?>();
        foreach (var entry in _log.Where(entry => knownAt is null || entry.RecordedAt <= knownAt))
        {
            believed[entry.Id] = entry.Belief;
        }

        return believed.Values.OfType<Belief>();
    }

    /// <summary>What is believed of a fact now; null: nothing any more, or there never was one.</summary>
    public Belief? Find(Guid id) => _log.LastOrDefault(entry => entry.Id == id)?.Belief;

    /// <summary>What was last believed of a fact; null: there never was one.</summary>
    public Belief? FindLast(Guid id) => _log.LastOrDefault(entry => entry.Id == id && entry.Belief is not null)?.Belief;

    /// <summary>When something was last recorded about a fact.</summary>
    public DateTimeOffset RecordedAt(Guid id) => _log.Last(entry => entry.Id == id).RecordedAt;

    /// <summary>When something was last recorded about a subject; null: never.</summary>
    public DateTimeOffset? LastRecordedAt(int subject) =>
        _log.Where(entry => FindLast(entry.Id)!.Subject == subject).Max(entry => (DateTimeOffset?)entry.RecordedAt);

    /// <summary>The facts by which a fact was replaced by changes, nearest first, also those that were retracted since.</summary>
    public IEnumerable<Guid> SuccessorsOf(Guid id)
    {
        for (var next = FindLast(id)?.Successor; next is { } successor; next = FindLast(successor)?.Successor)
        {
            yield return successor;
        }
    }
}
