using System.Collections.Immutable;
using Actors.Embeddings;
using Actors.Facts;

namespace Actors.Sessions.Recall;

/// <summary>
/// A hot index: events and facts in memory, found by id and ranked for questions by <see cref="IndexSearch"/>. What it answers
/// depends on what is in it alone, not on the order in which it came. Not thread safe.
/// </summary>
internal sealed class MemoryIndex
{
    // Below this many removed memories a compaction costs more than it frees.
    private const int LeastRemovedToCompact = 1_024;

    // An event's or fact's object with its times and ids, and its share of the map from ids.
    private const int BytesPerMemory = 300;

    private readonly Dictionary<Guid, int> _ordinals = [];
    private readonly EntryTable _entries = new();
    private readonly ContextLengths _context;
    private readonly MemoryVectors _vectors = new();
    private Conversations _conversations = null!;
    private Speakers _speakers = null!;
    private Postings _postings = null!;
    private IndexedText _text = null!;
    private long _characters;

    // No event, and no fact, is left below these ordinals.
    private int _oldestEvent;
    private int _oldestFact;
    private bool _isEmpty = true;

    /// <param name="ranking">How it ranks.</param>
    public MemoryIndex(RankingOptions ranking) => (Ranking, _context) = (ranking, new ContextLengths(_entries, ranking));

    public RankingOptions Ranking { get; }

    public int Count { get; private set; }

    /// <summary>Terms of all memories, repeats counted.</summary>
    public long TotalLength { get; private set; }

    /// <summary>Those with what neighbours lend them, in hundredths of a term.</summary>
    public long TotalContextLength => _context.Total;

    public EntryTable Entries => _entries;

    public int ConversationCount => _isEmpty ? 0 : _conversations.Count;

    public Postings Postings => _postings;

    public Speakers Speakers => _speakers;

    /// <summary>Null: no memory has a vector.</summary>
    public VectorColumn? Vectors => _vectors.Column;

    /// <summary>Estimate of the bytes that index and memories take.</summary>
    public long Bytes => _vectors.Bytes + (_isEmpty ? 0
        : (Count * (long)BytesPerMemory) + (_characters * sizeof(char)) + _entries.Bytes + _conversations.Bytes + _postings.Bytes);

    /// <summary>An index of beliefs of the past, which are not found by id.</summary>
    public static MemoryIndex Of(IEnumerable<FactRecord> beliefs, RankingOptions ranking)
    {
        var index = new MemoryIndex(ranking);
        foreach (var belief in beliefs)
        {
            index.Add(belief);
        }

        return index;
    }

    public IMemory? Find(Guid id) => _ordinals.TryGetValue(id, out var ordinal) ? _entries[ordinal].Memory : null;

    /// <summary>Adds a memory, or puts a new version in the place of the one with its id.</summary>
    public void Put(IMemory memory)
    {
        var vector = Find(memory.Id)?.Content == memory.Content ? _vectors.Find(_ordinals[memory.Id]) : null;
        Remove(memory.Id);
        var ordinal = _ordinals[memory.Id] = _entries.Count;
        Add(memory);
        if ((vector ?? _vectors.TakeEarly(memory)) is { } known)
        {
            _vectors.Put(ordinal, known);
        }
    }

    /// <summary>Gives a memory its vector, now or when it comes. One of another content than the memory has waits for that content.</summary>
    public void SetVector(Guid id, QuantizedVector vector)
    {
        if (_ordinals.TryGetValue(id, out var ordinal) && vector.IsOf(_entries[ordinal].Memory!.Content))
        {
            _vectors.Put(ordinal, vector);
        }
        else
        {
            _vectors.PutEarly(id, vector);
        }
    }

    /// <summary>Adds a memory that is not found by its id, beside others of the same id: a belief of the past.</summary>
    public void Add(IMemory memory)
    {
        EnsureTables();
        var ordinal = _entries.Count;
        var conversation = (memory as EventRecord)?.ConversationId;
        var speaker = Speakers.None;
        if (conversation is not null && memory is EventRecord { Speaker: { } name })
        {
            speaker = _speakers.Enter(name, out var newNames);
            ReadTraitsAgain(newNames);
        }

        _text.Read(memory);
        _postings.Add(ordinal, _text.Terms);
        _entries.Add() = new IndexEntry
        {
            Memory = memory, Length = _text.Length, Traits = _text.Traits, Speaker = speaker, Ends = memory is EventRecord { ExpiresAt: not null },
            Previous = IndexEntry.None, Next = IndexEntry.None, Conversation = IndexEntry.None,
        };
        TotalLength += _text.Length;
        _characters += CharactersOf(memory);
        Count++;
        if (conversation is not null)
        {
            // Called for its effect on the table too, so the entry is looked up afterwards.
            var number = _conversations.Enter(conversation, ordinal);
            _entries[ordinal].Conversation = number;
        }

        _context.MeasureAround(_entries[ordinal].Previous, ordinal, _entries[ordinal].Next);
    }

    /// <returns>False when no memory has that id.</returns>
    public bool Remove(Guid id)
    {
        if (!_ordinals.Remove(id, out var ordinal))
        {
            return false;
        }

        ref var entry = ref _entries[ordinal];
        _text.Read(entry.Memory!);
        _postings.Forget(_text.Terms);
        TotalLength -= entry.Length;
        _context.Remove(ordinal);
        _characters -= CharactersOf(entry.Memory!);
        if (entry.Conversation != IndexEntry.None)
        {
            var (previous, next) = (entry.Previous, entry.Next);
            _conversations.Leave(ordinal);
            _context.MeasureAround(previous, IndexEntry.None, next);
        }

        _vectors.Remove(ordinal);
        entry.Memory = null;
        Count--;
        if (entry.Speaker != Speakers.None)
        {
            ReadTraitsAgain(_speakers.Leave(entry.Speaker));
        }

        CompactIfSparse();
        return true;
    }

    /// <summary>Notes the first fact an event was promoted to, which no question is about.</summary>
    public void SetPromotion(Guid eventId, Guid factId)
    {
        if (_ordinals.TryGetValue(eventId, out var ordinal) && _entries[ordinal].Memory is EventRecord { PromotedToFactId: null } found)
        {
            _entries[ordinal].Memory = found with { PromotedToFactId = factId };
        }
    }

    /// <summary>The fact is gone: no event is promoted to it.</summary>
    public void ForgetPromotions(Guid factId)
    {
        for (var ordinal = 0; ordinal < _entries.Count; ordinal++)
        {
            if (_entries[ordinal].Memory is EventRecord promoted && promoted.PromotedToFactId == factId)
            {
                _entries[ordinal].Memory = promoted with { PromotedToFactId = null };
            }
        }
    }

    /// <summary>
    /// Removes the event that was put first of those still there, or else such a fact, since facts are what is meant to last. What was
    /// put last of all goes last.
    /// </summary>
    /// <returns>Null when there is none.</returns>
    public IMemory? RemoveOldest()
    {
        var oldest = Oldest<EventRecord>(ref _oldestEvent);
        if (oldest is null || _oldestEvent == _entries.Count - 1)
        {
            oldest = Oldest<FactRecord>(ref _oldestFact) ?? oldest;
        }

        if (oldest is not null)
        {
            Remove(oldest.Id);
        }

        return oldest;
    }

    /// <summary>The best memories that have to do with the question and pass the filter.</summary>
    /// <returns>At most k hits: higher score first, then newer first, then by id, so that the order is always the same.</returns>
    public ImmutableArray<RecallHit> Search(Question question, int k, RecallFilter filter) =>
        Count == 0 ? [] : new IndexSearch(this, question, filter).Best(k);

    /// <summary>What speaks for each memory that has to do with the question and passes the filter; for measurements.</summary>
    public List<(IMemory Memory, Evidence Evidence)> Explain(Question question, RecallFilter filter) =>
        Count == 0 ? [] : new IndexSearch(this, question, filter).All();

    private IMemory? Oldest<T>(ref int ordinal)
        where T : IMemory
    {
        while (ordinal < _entries.Count && _entries[ordinal].Memory is not T)
        {
            ordinal++;
        }

        return ordinal < _entries.Count ? _entries[ordinal].Memory : null;
    }

    private static long CharactersOf(IMemory memory) => memory switch
    {
        EventRecord e => e.Content.Length + (e.MetadataJson.Length > 2 ? e.MetadataJson.Length : 0),
        FactRecord f => f.Content.Length + f.MetadataJson.Length + f.Subject.Id.Length,
        _ => memory.Content.Length,
    };

    private void EnsureTables()
    {
        if (_isEmpty)
        {
            _isEmpty = false;
            _conversations = new Conversations(_entries);
            _speakers = new Speakers();
            _postings = new Postings();
            _text = new IndexedText(_postings.Dictionary, _speakers);
        }
    }

    // A name is no name of a thing, wherever it was written before it was known to be one.
    private void ReadTraitsAgain(IReadOnlyList<string> names)
    {
        foreach (var name in names)
        {
            var term = _postings.Dictionary.Find(Word.Of(name).Term);
            if (term < 0)
            {
                continue;
            }

            foreach (var (ordinal, _) in _postings[term])
            {
                if (_entries[ordinal].Memory is { } memory)
                {
                    _text.Read(memory);
                    _entries[ordinal].Traits = _text.Traits;
                }
            }
        }
    }

    private void CompactIfSparse()
    {
        var removed = _entries.Count - Count;
        if (removed < LeastRemovedToCompact || removed < Count)
        {
            return;
        }

        var kept = new List<IMemory>(Count);
        var newOrdinals = new int[_entries.Count];
        for (var ordinal = 0; ordinal < _entries.Count; ordinal++)
        {
            newOrdinals[ordinal] = IndexEntry.None;
            if (_entries[ordinal].Memory is { } memory)
            {
                newOrdinals[ordinal] = kept.Count;
                kept.Add(memory);
            }
        }

        _vectors.Renumber(newOrdinals);
        _entries.Clear();
        _ordinals.Clear();
        _context.Clear();
        (TotalLength, _characters, _oldestEvent, _oldestFact, Count, _isEmpty) = (0, 0, 0, 0, 0, true);
        kept.ForEach(Put);
    }
}
