using System.Collections.Immutable;
using Actors.Facts;

namespace Actors.Sessions.Recall;

/// <summary>
/// One question put to one index: <see cref="TermSums"/> over its terms, nearness in meaning, then what else speaks for a memory,
/// which is looked at only where it can still matter.
/// </summary>
internal sealed class IndexSearch
{
    // More than sums of the same numbers in another order can differ by.
    private const double Rounding = 1e-9;

    private static readonly double[] LogarithmOfLength = [.. Enumerable.Range(0, RankingOptions.LongLength + 1).Select(length => Math.Log(1 + length))];

    private readonly MemoryIndex _index;
    private readonly RankingOptions _ranking;
    private readonly Question _question;
    private readonly RecallFilter _filter;
    private readonly TermSums _terms;
    private readonly int _speaker;
    private readonly VectorColumn? _vectors;

    public IndexSearch(MemoryIndex index, Question question, RecallFilter filter)
    {
        (_index, _ranking, _question, _filter) = (index, index.Ranking, question, filter);
        _terms = new TermSums(index, question, filter);
        _speaker = index.Speakers.NamedIn(question.Words);
        _vectors = question.Vector is { } vector && index.Vectors is { } vectors && vectors.Dimensions == vector.Dimensions ? vectors : null;
    }

    /// <summary>The k best hits, best first.</summary>
    public ImmutableArray<RecallHit> Best(int k)
    {
        var scratch = SearchScratch.For(_index.Entries.Count, _index.ConversationCount);
        try
        {
            Collect(scratch);
            var best = new BestMemories(k);
            var most = MostBesidesText() + Rounding;
            foreach (var ordinal in scratch.Candidates.Span)
            {
                var text = TextScore(ordinal, scratch);
                if (text + most < best.Floor)
                {
                    continue;
                }

                var hit = new BestMemories.Hit(EvidenceFor(ordinal, scratch).Score(_ranking), _index.Entries[ordinal].Memory!, ordinal);
                if (best.Wants(hit) && _filter.Admits(hit.Memory))
                {
                    best.Add(hit);
                }
            }

            var ranked = best.Ranked();
            var hits = ImmutableArray.CreateBuilder<RecallHit>(ranked.Length);
            foreach (ref readonly var hit in ranked)
            {
                hits.Add(ToHit(hit, scratch));
            }

            return hits.MoveToImmutable();
        }
        finally
        {
            scratch.Clear(_index.ConversationCount);
        }
    }

    /// <summary>What speaks for each memory that has to do with the question, in no particular order.</summary>
    public List<(IMemory Memory, Evidence Evidence)> All()
    {
        var scratch = SearchScratch.For(_index.Entries.Count, _index.ConversationCount);
        try
        {
            Collect(scratch);
            var all = new List<(IMemory, Evidence)>();
            foreach (var ordinal in scratch.Candidates.Span)
            {
                if (_index.Entries[ordinal].Memory is { } memory && _filter.Admits(memory))
                {
                    all.Add((memory, EvidenceFor(ordinal, scratch)));
                }
            }

            return all;
        }
        finally
        {
            scratch.Clear(_index.ConversationCount);
        }
    }

    private void Collect(SearchScratch scratch)
    {
        _terms.AddTo(scratch);
        AddMeaning(scratch);
        if (_index.ConversationCount == 0)
        {
            return;
        }

        var sums = scratch.Sums;
        var conversations = scratch.Conversations;
        foreach (var ordinal in scratch.Candidates.Span)
        {
            var conversation = _index.Entries[ordinal].Conversation;
            if (conversation != IndexEntry.None && conversations[conversation] < sums[ordinal].OwnScore)
            {
                conversations[conversation] = sums[ordinal].OwnScore;
            }
        }
    }

    // What is near in meaning is found without a word in common.
    private void AddMeaning(SearchScratch scratch)
    {
        if (_vectors is null)
        {
            return;
        }

        var cosines = scratch.CosinesOf(_index.Entries.Count);
        _vectors.Cosines(_question.Vector!, cosines);
        for (var ordinal = 0; ordinal < cosines.Length; ordinal++)
        {
            if (cosines[ordinal] > _ranking.LeastCosine && scratch.Sums[ordinal].Score == 0)
            {
                scratch.Candidates.Add(ordinal);
            }
        }
    }

    private double TextScore(int ordinal, SearchScratch scratch)
    {
        ref readonly var sum = ref scratch.Sums[ordinal];
        var conversation = _index.Entries[ordinal].Conversation;
        return (sum.Score + (_ranking.Conversation * (conversation == IndexEntry.None ? sum.OwnScore : scratch.Conversations[conversation]))) / _terms.Divisor;
    }

    // No memory gets more for this question, whatever it is: each weight at the end of its evidence's range that is better.
    private double MostBesidesText() =>
        (_speaker == Speakers.None ? 0 : Math.Abs(_ranking.Speaker) + Math.Max(0, _ranking.SelfReport))
        + (_question.Dates.IsEmpty ? 0 : Math.Max(0, _ranking.Date))
        + Math.Max(0, -_ranking.Asking) + Math.Max(0, -_ranking.Addressing) + Math.Max(0, _ranking.Answering)
        + (Math.Max(0, _ranking.Length) * LogarithmOfLength[^1])
        + (_question.AsksWhen ? Math.Max(0, _ranking.TimeWords) : 0)
        + (_question.AsksNumber ? Math.Max(0, _ranking.Numbers) : 0)
        + (_question.AsksName ? Math.Max(0, _ranking.Names) : 0)
        + (_vectors is null ? 0 : Math.Max(0, _ranking.Meaning));

    private Evidence EvidenceFor(int ordinal, SearchScratch scratch)
    {
        ref readonly var entry = ref _index.Entries[ordinal];
        ref readonly var sum = ref scratch.Sums[ordinal];
        var traits = entry.Traits;
        var isSpeaker = _speaker != Speakers.None && entry.Speaker == _speaker;
        return new Evidence
        {
            Text = sum.Score / _terms.Divisor,
            Conversation = (entry.Conversation == IndexEntry.None ? sum.OwnScore : scratch.Conversations[entry.Conversation]) / _terms.Divisor,
            Speaker = _speaker == Speakers.None || entry.Speaker == Speakers.None ? 0 : isSpeaker ? 1 : -1,
            SelfReport = isSpeaker && traits.SpeaksOfSelf ? 1 : 0,
            Date = _question.Dates.IsEmpty ? 0 : _question.DateMatch(TimeOf(entry.Memory!)),
            Asking = traits.EndsAsking ? -1 : 0,
            Addressing = -traits.Addressed / (double)TextTraits.MostAddressed,
            Answering = Answers(entry) ? 1 : 0,
            Length = LogarithmOfLength[Math.Min(entry.Length, RankingOptions.LongLength)],
            TimeWords = _question.AsksWhen ? traits.TimeWords / (double)TextTraits.MostTimeWords : 0,
            Numbers = _question.AsksNumber && traits.HasNumber ? 1 : 0,
            NameWords = _question.AsksName ? traits.Names / (double)TextTraits.MostNames : 0,
            Meaning = _vectors is null ? 0 : Math.Max(0, (scratch.Cosines[ordinal] - _ranking.LeastCosine) / (1 - _ranking.LeastCosine)),
        };
    }

    private bool Answers(in IndexEntry entry)
    {
        if (entry.Previous == IndexEntry.None)
        {
            return false;
        }

        ref readonly var previous = ref _index.Entries[entry.Previous];
        return previous.Traits.Asks && _terms.CountsForOthers(previous);
    }

    private static DateTimeOffset TimeOf(IMemory memory) => memory switch
    {
        EventRecord e => e.OccurredAt,
        FactRecord f => f.ValidFrom,
        _ => memory.CreatedAt,
    };

    private RecallHit ToHit(in BestMemories.Hit hit, SearchScratch scratch)
    {
        ref readonly var sum = ref scratch.Sums[hit.Ordinal];
        return new RecallHit(
            hit.Memory as EventRecord,
            hit.Memory as FactRecord,
            1 / (1 + Math.Exp(_ranking.Steepness * (_ranking.EvenScore - hit.Score))),
            _terms.MatchedIn(hit.Ordinal, sum.Matched),
            sum.Score,
            ReasonsFor(EvidenceFor(hit.Ordinal, scratch), sum.Matched));
    }

    private static RecallReasons ReasonsFor(in Evidence evidence, ulong matched) =>
        ((matched & SearchScratch.ContextBit) != 0 ? RecallReasons.Context : 0)
        | ((matched & SearchScratch.RelatedBit) != 0 ? RecallReasons.RelatedWords : 0)
        | (evidence.Meaning > 0 ? RecallReasons.Meaning : 0)
        | (evidence.Speaker > 0 ? RecallReasons.Speaker : 0)
        | (evidence.Date > 0 ? RecallReasons.Date : 0)
        | (evidence.TimeWords + evidence.Numbers + evidence.NameWords > 0 ? RecallReasons.AnswerType : 0);
}
