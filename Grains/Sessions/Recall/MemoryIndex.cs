using System.Collections.Immutable;
using Actors.Facts;

namespace Actors.Sessions.Recall;

/// <summary>
/// A hot index: events and facts in memory, found by id and ranked by BM25 (Robertson and Zaragoza, "The
/// Probabilistic Relevance Framework", 2009) over stemmed terms. Not thread safe.
/// </summary>
internal sealed class MemoryIndex(RankingOptions ranking)
{
    // Below this many removed memories a compaction costs more than it frees.
    private const int LeastRemovedToCompact = 1_024;

    private readonly List<IMemory?> _memories = [];
    private readonly List<int> _lengths = [];
    private readonly List<PostingList> _postings = [];
    private readonly Dictionary<Guid, int> _ordinals = [];
    private TermDictionary _dictionary = new();
    private double[] _scores = [];
    private long _totalLength;

    // No memory is left below this ordinal.
    private int _oldest;

    public int Count { get; private set; }

    /// <summary>An index of beliefs of the past, which are not found by id.</summary>
    public static MemoryIndex Of(IEnumerable<FactRecord> beliefs)
    {
        var index = new MemoryIndex(new RankingOptions());
        foreach (var belief in beliefs)
        {
            index.Add(belief);
        }

        return index;
    }

    public IMemory? Find(Guid id) => _ordinals.TryGetValue(id, out var ordinal) ? _memories[ordinal] : null;

    /// <summary>Adds a memory, or puts a new version in the place of the one with its id.</summary>
    public void Put(IMemory memory)
    {
        Remove(memory.Id);
        _ordinals.Add(memory.Id, _memories.Count);
        Add(memory);
    }

    /// <summary>Adds a memory that is not found by its id, beside others of the same id: a belief of the past.</summary>
    public void Add(IMemory memory)
    {
        var ordinal = _memories.Count;
        var length = 0;
        foreach (var term in TermsOf(memory))
        {
            if (term == _postings.Count)
            {
                _postings.Add(new PostingList());
            }

            _postings[term].Add(ordinal);
            length++;
        }

        _memories.Add(memory);
        _lengths.Add(length);
        _totalLength += length;
        Count++;
    }

    /// <returns>False when no memory has that id.</returns>
    public bool Remove(Guid id)
    {
        if (!_ordinals.Remove(id, out var ordinal))
        {
            return false;
        }

        foreach (var term in TermsOf(_memories[ordinal]!).Distinct())
        {
            _postings[term].Forget();
        }

        _totalLength -= _lengths[ordinal];
        _memories[ordinal] = null;
        Count--;
        CompactIfSparse();
        return true;
    }

    /// <summary>Removes the memory that was put first of those still there.</summary>
    /// <returns>Null when there is none.</returns>
    public IMemory? RemoveOldest()
    {
        while (_oldest < _memories.Count && _memories[_oldest] is null)
        {
            _oldest++;
        }

        if (_oldest == _memories.Count)
        {
            return null;
        }

        var oldest = _memories[_oldest]!;
        Remove(oldest.Id);
        return oldest;
    }

    /// <summary>The best memories that share a term with the question and pass the filter.</summary>
    /// <returns>At most k hits: higher score first, then newer first, then by id, so that the order is always the same.</returns>
    public ImmutableArray<RecallHit> Search(string question, int k, RecallFilter filter)
    {
        var terms = Question.Terms(question, _dictionary);
        if (_scores.Length < _memories.Count)
        {
            _scores = new double[Math.Max(_memories.Count, _scores.Length * 2)];
        }

        var scores = _scores.AsSpan(0, _memories.Count);
        scores.Clear();
        var possible = 0.0;
        foreach (var term in terms)
        {
            var idf = InverseDocumentFrequency(term);
            possible += idf * (ranking.TermSaturation + 1);
            AddScores(term, idf, scores);
        }

        var best = new BestMemories(k);
        for (var ordinal = 0; ordinal < scores.Length; ordinal++)
        {
            if (scores[ordinal] > 0 && _memories[ordinal] is { } memory)
            {
                var hit = new BestMemories.Hit(scores[ordinal], memory, ordinal);
                if (best.Wants(hit) && filter.Admits(memory))
                {
                    best.Add(hit);
                }
            }
        }

        return best.Ranked.Select(hit => new RecallHit(
            hit.Memory as EventRecord,
            hit.Memory as FactRecord,
            Math.Min(1, hit.Score / possible),
            [.. terms.Where(t => t.Number >= 0 && _postings[t.Number].Contains(hit.Ordinal)).Select(t => t.Text)],
            hit.Score)).ToImmutableArray();
    }

    private double InverseDocumentFrequency(Question.Term term)
    {
        var frequency = term.Number < 0 ? 0 : _postings[term.Number].DocumentFrequency;
        return Math.Log(1 + ((Count - frequency + 0.5) / (frequency + 0.5)));
    }

    private void AddScores(Question.Term term, double idf, Span<double> scores)
    {
        if (term.Number < 0)
        {
            return;
        }

        var (k1, b) = (ranking.TermSaturation, ranking.LengthNormalization);
        var averageLength = Math.Max(1.0, (double)_totalLength / Math.Max(1, Count));
        var ordinals = _postings[term.Number].Ordinals;
        var frequencies = _postings[term.Number].Frequencies;
        for (var i = 0; i < ordinals.Length; i++)
        {
            double tf = frequencies[i];
            var norm = k1 * (1 - b + (b * _lengths[ordinals[i]] / averageLength));
            scores[ordinals[i]] += idf * tf * (k1 + 1) / (tf + norm);
        }
    }

    private List<int> TermsOf(IMemory memory)
    {
        var terms = new List<int>();
        var tokenizer = new Tokenizer(Tokenizer.Fold(memory.Content), stackalloc char[Tokenizer.MaxWordLength]);
        for (var word = tokenizer.Next(); !word.IsEmpty; word = tokenizer.Next())
        {
            if (_dictionary.Intern(word) is { } term)
            {
                terms.Add(term);
            }
        }

        return terms;
    }

    private void CompactIfSparse()
    {
        var removed = _memories.Count - Count;
        if (removed < LeastRemovedToCompact || removed < Count)
        {
            return;
        }

        var kept = _memories.OfType<IMemory>().ToArray();
        _memories.Clear();
        _lengths.Clear();
        _postings.Clear();
        _ordinals.Clear();
        _dictionary = new TermDictionary();
        _totalLength = 0;
        _oldest = 0;
        Count = 0;
        foreach (var memory in kept)
        {
            Put(memory);
        }
    }
}
