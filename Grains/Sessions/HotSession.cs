using System.Collections.Immutable;
using Actors.Embeddings;
using Actors.Facts;
using Actors.Retention;
using Actors.Sessions.Recall;
using Actors.Storage;

namespace Actors.Sessions;

/// <summary>
/// What a session holds in memory: its version, and the index of its newest events and facts. Changes only after a commit,
/// and only between two awaits of the activation's turns.
/// </summary>
internal sealed class HotSession
{
    private const long BytesWhenEmpty = 8_192;
    private const long BytesPerMemory = 512;

    // Of an answer kept: its hit and the words that matched; the memory is the session's own.
    private const long BytesPerHit = 256;

    private readonly RankingOptions _ranking;
    private readonly RecentAnswers _answers;
    private readonly bool _isHouse;
    private readonly int _maxMemories;
    private readonly long _maxCharacters;
    private readonly int _maxAnswers;
    private MemoryIndex _present;
    private SharedTexts _texts;
    private RecentMemories _recent = new();
    private long _characters;
    private long _answersKept;
    private long _hitsKept;
    private MemoryIndex? _past;
    private bool _isComplete;
    private bool _isPastComplete = true;
    private int _factChanges;

    public HotSession(SessionSnapshot snapshot, SessionOptions options, RankingOptions ranking, bool isHouse, DateTimeOffset now)
    {
        _ranking = ranking;
        _present = new MemoryIndex(ranking);
        _answers = new RecentAnswers(options.RecentAnswers);
        _isHouse = isHouse;
        _maxMemories = options.MaxHotEvents;
        _maxCharacters = options.MaxHotCharacters;
        _maxAnswers = options.RecentAnswers;
        _texts = snapshot.Texts;
        _isComplete = snapshot.IsComplete;
        Head = snapshot.Head;
        foreach (var memory in snapshot.Memories)
        {
            _present.Put(memory);
            _characters += MemoryTexts.Characters(memory);
            if (memory is EventRecord e && e.CreatedAt > now - RecentMemories.Window)
            {
                _recent.Add(e);
            }
        }
    }

    /// <summary>How much memory so many memories take with their index (measured, docs/cluster.md); a character of theirs is 2 bytes.</summary>
    public static long EstimateBytes(int memories, long characters) => BytesWhenEmpty + (BytesPerMemory * memories) + (2 * characters);

    /// <summary>Up to where it knows what was written.</summary>
    public SessionHead Head { get; private set; }

    /// <summary>How many events and facts it holds.</summary>
    public int Count => _present.Count;

    /// <summary>How much memory it takes, estimated.</summary>
    public long Bytes =>
        BytesWhenEmpty + _present.Bytes + (_past?.Bytes ?? 0)
        + (BytesPerHit * (_answersKept <= _maxAnswers ? _hitsKept : _hitsKept * _maxAnswers / _answersKept));

    /// <summary>Whether the beliefs of the past have to be read before <see cref="Search"/> can answer for <c>known_at</c>.</summary>
    public bool NeedsPast => _past is null;

    /// <summary>Whether <see cref="Search"/> looks at everything there is.</summary>
    /// <param name="inThePast">Whether for a question with <c>known_at</c>.</param>
    public bool IsComplete(bool inThePast) => _isComplete && (!inThePast || _isPastComplete);

    public IMemory? Find(Guid id) => _present.Find(id);

    public EventRecord? FindEvent(Guid id) => Find(id) as EventRecord;

    /// <summary>The memory that one with this mark (<see cref="RecentMemories.MarkOf(NewMemory)"/>) repeats, if it was stored in the last 60 s and is still there.</summary>
    public EventRecord? FindRepeated(UInt128 mark, DateTimeOffset now) =>
        _recent.Find(mark, now) is { } id && FindEvent(id) is { } stored && !(stored.ExpiresAt <= now)
        // Somebody may have edited it since.
        && RecentMemories.MarkOf(stored) == mark ? stored : null;

    public void Apply(SessionCommitted committed)
    {
        // What was read since knows better: its rows may have been erased.
        if (committed.Version <= Head.Version)
        {
            return;
        }

        foreach (var memory in committed.Added)
        {
            Put(memory);
            _recent.Add(memory);
        }

        foreach (var id in committed.Removed)
        {
            Remove(id);
        }

        foreach (var change in committed.Facts)
        {
            Apply(change);
        }

        MakeRoom();

        MoveTo(Head with { Version = committed.Version, LastRecordedAt = committed.LastRecordedAt ?? Head.LastRecordedAt });
    }

    /// <summary>Takes over what others have written.</summary>
    public void Apply(SessionChanges changes)
    {
        // A commit that went through while the changes were read is newer than they are.
        if (changes.Head.Version < Head.Version)
        {
            return;
        }

        foreach (var memory in changes.Written)
        {
            Put(memory);
        }

        foreach (var id in changes.Removed)
        {
            Remove(id);
        }

        MakeRoom();
        if (changes.HasFacts)
        {
            ForgetPast();
        }

        MoveTo(changes.Head);
    }

    /// <summary>Takes over all that another one holds of the same client, which nobody uses any more. Vectors have to be given to it anew.</summary>
    public void Become(HotSession fresh)
    {
        (_present, _texts, _recent, _characters) = (fresh._present, fresh._texts, fresh._recent, fresh._characters);
        _isComplete = fresh._isComplete;
        ForgetPast();
        MoveTo(fresh.Head);
    }

    /// <summary>The client was erased: drops everything, unless it has been heard of before.</summary>
    /// <param name="head">The client's head right after it.</param>
    public void Erase(SessionHead head)
    {
        if (head.EraseEpoch <= Head.EraseEpoch)
        {
            return;
        }

        (_present, _texts, _recent, _characters) = (new MemoryIndex(_ranking), new SharedTexts(), new RecentMemories(), 0);
        _isComplete = true;
        ForgetPast();
        MoveTo(head);
    }

    /// <summary>To be taken before the beliefs of the past are read.</summary>
    public int FactChangesSoFar => _factChanges;

    /// <summary>Takes over the beliefs of the past, unless a fact changed while they were read.</summary>
    /// <param name="past">Their index.</param>
    /// <param name="isComplete">Whether it holds all of them.</param>
    /// <param name="factChanges"><see cref="FactChangesSoFar"/> before they were read.</param>
    public void SetPast(MemoryIndex past, bool isComplete, int factChanges)
    {
        if (factChanges == _factChanges)
        {
            (_past, _isPastComplete) = (past, isComplete);
        }
    }

    public RecallAnswer? FindAnswer(string key, long sharedGeneration, DateTimeOffset now) => _answers.Find(key, sharedGeneration, now);

    public void Keep(string key, RecallAnswer answer, long sharedGeneration, DateTimeOffset? validUntil)
    {
        _answers.Keep(key, answer, sharedGeneration, validUntil);
        _answersKept++;
        _hitsKept += 1 + answer.Hits.Length;
    }

    public ImmutableArray<RecallHit> Search(RecallRequest request, Question question, RecallFilter filter)
    {
        var hits = _present.Search(question, request.K, filter);
        return request.KnownAt is null || _past is not { Count: > 0 } past
            ? hits
            : RankedHits.Merge(hits, past.Search(question, request.K, filter), request.K);
    }

    /// <summary>Takes vectors of its memories; answers are ranked anew.</summary>
    public void Apply(IReadOnlyCollection<(Guid MemoryId, QuantizedVector Vector)> vectors)
    {
        foreach (var (memoryId, vector) in vectors)
        {
            _present.SetVector(memoryId, vector);
        }

        ForgetAnswers();
    }

    private void ForgetPast()
    {
        _past = null;
        _factChanges++;
    }

    private void Apply(FactChange change)
    {
        if (change.Write.Promotion is { } found)
        {
            _present.SetPromotion(found.EventId, change.Answer.Fact.Id);
        }

        if (change.Write.Operation == FactOperation.Confirm)
        {
            return;
        }

        ForgetPast();
        // Shared facts are searched in the index of the process.
        if (_isHouse)
        {
            return;
        }

        if (change.Before is { } before && change.After is null)
        {
            Remove(before.Id);
            _present.ForgetPromotions(before.Id);
        }

        if (change.After is { } after)
        {
            Put(after);
        }

        if (change.Added is { } added)
        {
            Put(added);
        }
    }

    // Not removed first: the index keeps the vector of a content that stays.
    private void Put(IMemory memory)
    {
        _characters -= _present.Find(memory.Id) is { } before ? MemoryTexts.Characters(before) : 0;
        _present.Put(MemoryTexts.Sharing(memory, _texts));
        _characters += MemoryTexts.Characters(memory);
    }

    private void Remove(Guid id)
    {
        if (_present.Find(id) is { } memory)
        {
            _present.Remove(id);
            _characters -= MemoryTexts.Characters(memory);
        }
    }

    // The newest always has room.
    private void MakeRoom()
    {
        while (_present.Count > 1 && (_present.Count > _maxMemories || _characters > _maxCharacters))
        {
            _characters -= MemoryTexts.Characters(_present.RemoveOldest()!);
            _isComplete = false;
        }
    }

    private void MoveTo(SessionHead head)
    {
        Head = head;
        ForgetAnswers();
    }

    private void ForgetAnswers()
    {
        _answers.Clear();
        (_answersKept, _hitsKept) = (0, 0);
    }
}
