using System.Text.Json;

namespace Actors.Facts;

/// <summary>What a subject holds in memory: its facts that hold, and the latest of those that ended.</summary>
internal sealed class HotSubject
{
    // What came in over HTTP is not deep; what psql stored may be.
    private static readonly JsonDocumentOptions AnyDepth = new() { MaxDepth = int.MaxValue };

    private readonly Dictionary<Guid, FactRecord> _facts;
    private readonly int _maxFacts;
    private DateTimeOffset? _latest;
    private bool _hasNode;

    public HotSubject(SubjectSnapshot snapshot, int maxFacts)
    {
        _facts = snapshot.Facts.ToDictionary(fact => fact.Id);
        _maxFacts = maxFacts;
        _latest = snapshot.LatestTime;
        _hasNode = snapshot.HasNode;
    }

    public FactRecord? Find(Guid id) => _facts.GetValueOrDefault(id);

    /// <summary>Now, but later than everything recorded about the subject.</summary>
    public DateTimeOffset Instant(DateTimeOffset now) => Sessions.SessionRules.NextTime(now, _latest);

    /// <summary>Follows the changes from a fact to the one that holds at a time.</summary>
    /// <returns>Null when it, or a step on the way, is not in memory.</returns>
    public Guid? FindSuccessor(FactRecord fact, DateTimeOffset at)
    {
        var steps = 0;
        for (var next = fact; steps <= _facts.Count && next.SupersededBy is { } id && Find(id) is { } successor; steps++)
        {
            next = successor;
            if (next.ValidFrom <= at && !(next.ValidTo <= at))
            {
                return next.Id;
            }
        }

        return null;
    }

    /// <summary>The write, with the entity graph in mind: most writes do not change it.</summary>
    public FactWrite Linked(FactWrite write) => write with
    {
        Links = write.Operation is not (FactOperation.Retract or FactOperation.Confirm)
            && (!_hasNode || HasRelations(write.Before) || HasRelations(write.Added)),
    };

    /// <summary>Facts of a type that are believed, as far as they are in memory.</summary>
    public IEnumerable<FactRecord> Believed(string factType) => _facts.Values.Where(fact => fact.FactType == factType && fact.RetractedAt is null);

    public void Apply(FactWrite write, FactAnswer answer, DateTimeOffset now)
    {
        if (write.Operation == FactOperation.Confirm)
        {
            return;
        }

        if (write.Before is { } before)
        {
            _facts.Remove(before.Id);
        }

        foreach (var fact in (FactRecord?[])[answer.Replaced, answer.Fact])
        {
            if (fact is { RetractedAt: null })
            {
                _facts[fact.Id] = fact;
            }
        }

        _latest = Later(answer.Fact.RetractedAt, answer.Fact.RecordedAt);
        _hasNode |= write.Links;
        if (_facts.Count > _maxFacts)
        {
            DropEnded(now);
        }
    }

    // Half of the room, so that it is not done for every write.
    private void DropEnded(DateTimeOffset now)
    {
        var ended = _facts.Values.Where(fact => fact.ValidTo <= now).OrderBy(fact => fact.ValidTo).ToList();
        foreach (var fact in ended.Take(ended.Count - (_maxFacts / 2)))
        {
            _facts.Remove(fact.Id);
        }
    }

    private static DateTimeOffset Later(DateTimeOffset? some, DateTimeOffset other) => some > other ? some.Value : other;

    private static bool HasRelations(FactRecord? fact)
    {
        if (fact is null or { MetadataJson: "{}" })
        {
            return false;
        }

        using var metadata = JsonDocument.Parse(fact.MetadataJson, AnyDepth);
        return metadata.RootElement.TryGetProperty("relations", out _);
    }
}
