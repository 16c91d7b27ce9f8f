using System.Collections.Immutable;
using Actors.Sessions.Recall;

namespace Actors.Sessions;

/// <summary>
/// What a session holds in memory: its version, and the index of its newest events. Changes only after a commit, and only
/// between two awaits of the activation's turns.
/// </summary>
internal sealed class HotSession
{
    private readonly RecentAnswers _answers;
    private readonly MemoryIndex _index = new(new RankingOptions());
    private readonly int _maxEvents;
    private bool _isComplete;
    private int _doubts;
    private int _settledDoubts;

    public HotSession(SessionSnapshot snapshot, SessionOptions options)
    {
        _answers = new RecentAnswers(options.RecentAnswers);
        _maxEvents = options.MaxHotEvents;
        _isComplete = snapshot.IsComplete;
        Version = snapshot.Head.Version;
        LastRecordedAt = snapshot.Head.LastRecordedAt;
        snapshot.Events.ForEach(_index.Put);
    }

    public long Version { get; private set; }

    public DateTimeOffset? LastRecordedAt { get; private set; }

    /// <summary>Others may have written, or a commit of our own may have happened unseen: catch up before the next write.</summary>
    public bool IsBehind => _doubts != _settledDoubts;

    /// <summary>Marks the session as behind.</summary>
    public void Doubt() => _doubts++;

    /// <summary>To be taken before changes are read: a doubt that comes up while they are read is not settled by them.</summary>
    public int DoubtsSoFar => _doubts;

    public EventRecord? Find(Guid id) => _index.Find(id);

    public void Apply(SessionCommitted committed)
    {
        Apply(committed.Added, committed.Removed);
        MoveTo(new SessionHead(committed.Version, committed.Added.IsEmpty ? LastRecordedAt : committed.Added[^1].CreatedAt));
    }

    /// <param name="changes">What was read.</param>
    /// <param name="doubts"><see cref="DoubtsSoFar"/> before it was read.</param>
    public void Apply(SessionChanges changes, int doubts)
    {
        // A commit that went through while the changes were read is newer than they are.
        if (changes.Head.Version < Version)
        {
            return;
        }

        Apply(changes.Written, changes.Removed);
        MoveTo(changes.Head);
        _settledDoubts = doubts;
    }

    public RecallAnswer Recall(RecallRequest request, DateTimeOffset now)
    {
        var key = RecallKey.Of(request);
        if (_answers.Find(key, now) is { } known)
        {
            return known with { Cached = true };
        }

        var hits = _index.Search(request.Query, request.K, new RecallFilter(request, now));
        var answer = new RecallAnswer(hits, Cached: false, _isComplete ? [] : ["hot_index"]);
        // Without as_of the answer holds until the first of its memories expires; with it, for good.
        _answers.Keep(key, answer, request.AsOf is null ? hits.Min(hit => hit.Memory.ExpiresAt) : null);
        return answer;
    }

    private void Apply(ImmutableArray<EventRecord> written, IEnumerable<Guid> removed)
    {
        foreach (var memory in written)
        {
            _index.Put(memory);
        }

        foreach (var id in removed)
        {
            _index.Remove(id);
        }

        while (_index.Count > _maxEvents)
        {
            _index.RemoveOldest();
            _isComplete = false;
        }
    }

    private void MoveTo(SessionHead head)
    {
        Version = head.Version;
        LastRecordedAt = head.LastRecordedAt;
        _answers.Clear();
    }
}
