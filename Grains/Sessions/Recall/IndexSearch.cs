using System.Collections.Immutable;
using Actors.Facts;

namespace Actors.Sessions.Recall;

/// <summary>
/// One question put to one index. Term by term, each posting counts for its memory and, in part, for the neighbours in its
/// conversation; BM25 (Robertson and Zaragoza, "The Probabilistic Relevance Framework", 2009) is taken over these sums. They
/// are integers, so that their order does not matter, and neither does that of the postings.
/// </summary>
internal sealed class IndexSearch
{
    private readonly MemoryIndex _index;
    private readonly RankingOptions _ranking;
    private readonly Question _question;
    private readonly RecallFilter _filter;
    private readonly QuestionTerm[] _terms;
    private readonly double _divisor;
    private readonly int _speaker;
    private readonly double _contextAverage;
    private readonly double _average;

    public IndexSearch(MemoryIndex index, Question question, RecallFilter filter)
    {
        (_index, _ranking, _question, _filter) = (index, index.Ranking, question, filter);
        _terms = new QuestionTerm[question.Terms.Length];
        var sum = 0.0;
        for (var i = 0; i < _terms.Length; i++)
        {
            _terms[i] = QuestionTerm.In(index, question.Terms[i]);
            sum += _terms[i].Weight;
        }

        _divisor = Math.Max(sum, _ranking.LeastQuestion);
        _speaker = index.Speakers.NamedIn(question.Words);
        _contextAverage = Math.Max(1, (double)index.TotalContextLength / index.Count);
        _average = Math.Max(1, (double)index.TotalLength / index.Count);
    }

    /// <summary>The k best hits, best first.</summary>
    public ImmutableArray<RecallHit> Best(int k)
    {
        var scratch = SearchScratch.For(_index.Entries.Count, _index.ConversationCount);
        try
        {
            Sum(scratch);
            var best = new BestMemories(k);
            foreach (var ordinal in scratch.Candidates.Span)
            {
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
            Sum(scratch);
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

    private void Sum(SearchScratch scratch)
    {
        for (var i = 0; i < _terms.Length; i++)
        {
            if (_terms[i].Weight > 0)
            {
                Count(_terms[i], i < SearchScratch.MatchBits ? 1UL << i : 0, scratch);
                Saturate(_terms[i].Weight, scratch);
            }
        }

        foreach (var ordinal in scratch.Candidates.Span)
        {
            var conversation = _index.Entries[ordinal].Conversation;
            if (conversation != IndexEntry.None)
            {
                ref var best = ref scratch.Conversations[conversation];
                best = Math.Max(best, scratch.OwnScores[ordinal]);
            }
        }
    }

    private void Count(in QuestionTerm term, ulong bit, SearchScratch scratch)
    {
        foreach (var (column, percent) in term.Columns)
        {
            var mark = percent == 100 ? bit : SearchScratch.RelatedBit;
            foreach (var (ordinal, frequency) in _index.Postings[column])
            {
                ref readonly var entry = ref _index.Entries[ordinal];
                var isInConversation = entry.Conversation != IndexEntry.None;
                if (entry.Memory is null || (isInConversation && (term.IsName || !CountsForOthers(entry))))
                {
                    continue;
                }

                var count = percent * frequency;
                scratch.Own[ordinal] += count;
                scratch.Matched[ordinal] |= mark;
                Lend(ordinal, 100 * count, scratch);
                if (isInConversation)
                {
                    LendToNeighbours(entry, count, scratch);
                }
            }
        }
    }

    // What has ended, or was not known yet, must not bring others into the answer.
    private bool CountsForOthers(in IndexEntry entry) =>
        !(entry.Ends || _filter.LooksBack) || _filter.IsInTime((EventRecord)entry.Memory!);

    private void LendToNeighbours(in IndexEntry entry, int count, SearchScratch scratch)
    {
        if (entry.Next != IndexEntry.None)
        {
            LendContext(entry.Next, count * (entry.Traits.Asks ? _ranking.PreviousQuestionPercent : _ranking.PreviousPercent), scratch);
            LendContext(_index.Entries[entry.Next].Next, count * _ranking.SecondPreviousPercent, scratch);
        }

        if (entry.Previous != IndexEntry.None)
        {
            LendContext(entry.Previous, count * _ranking.NextPercent, scratch);
            LendContext(_index.Entries[entry.Previous].Previous, count * _ranking.SecondNextPercent, scratch);
        }
    }

    private static void LendContext(int ordinal, int amount, SearchScratch scratch)
    {
        if (ordinal != IndexEntry.None && amount > 0)
        {
            Lend(ordinal, amount, scratch);
            scratch.Matched[ordinal] |= SearchScratch.ContextBit;
        }
    }

    private static void Lend(int ordinal, int amount, SearchScratch scratch)
    {
        ref var sum = ref scratch.Context[ordinal];
        if (sum == 0)
        {
            scratch.Touched.Add(ordinal);
        }

        sum += amount;
    }

    private void Saturate(double weight, SearchScratch scratch)
    {
        var (k1, b) = (_ranking.TermSaturation, _ranking.LengthNormalization);
        foreach (var ordinal in scratch.Touched.Span)
        {
            ref readonly var entry = ref _index.Entries[ordinal];
            ref var score = ref scratch.Scores[ordinal];
            if (score == 0)
            {
                scratch.Candidates.Add(ordinal);
            }

            var frequency = scratch.Context[ordinal] / 10_000.0;
            score += weight * frequency * (k1 + 1) / (frequency + (k1 * (1 - b + (b * entry.ContextLength / _contextAverage))));
            if (scratch.Own[ordinal] > 0)
            {
                frequency = scratch.Own[ordinal] / 100.0;
                scratch.OwnScores[ordinal] += weight * frequency * (k1 + 1) / (frequency + (k1 * (1 - b + (b * entry.Length / _average))));
                scratch.Own[ordinal] = 0;
            }

            scratch.Context[ordinal] = 0;
        }

        scratch.Touched.Clear();
    }

    private Evidence EvidenceFor(int ordinal, SearchScratch scratch)
    {
        ref readonly var entry = ref _index.Entries[ordinal];
        var traits = entry.Traits;
        var isSpeaker = _speaker != Speakers.None && entry.Speaker == _speaker;
        return new Evidence
        {
            Text = scratch.Scores[ordinal] / _divisor,
            Conversation = (entry.Conversation == IndexEntry.None ? scratch.OwnScores[ordinal] : scratch.Conversations[entry.Conversation]) / _divisor,
            Speaker = _speaker == Speakers.None || entry.Speaker == Speakers.None ? 0 : isSpeaker ? 1 : -1,
            SelfReport = isSpeaker && traits.SpeaksOfSelf ? 1 : 0,
            Date = _question.Dates.IsEmpty ? 0 : _question.DateMatch(TimeOf(entry.Memory!)),
            Asking = traits.EndsAsking ? -1 : 0,
            Addressing = -traits.Addressed / (double)TextTraits.MostAddressed,
            Answering = entry.Previous != IndexEntry.None && _index.Entries[entry.Previous].Traits.Asks ? 1 : 0,
            Length = Math.Log(1 + Math.Min(entry.Length, RankingOptions.LongLength)),
            TimeWords = _question.AsksWhen ? traits.TimeWords / (double)TextTraits.MostTimeWords : 0,
            Numbers = _question.AsksNumber && traits.HasNumber ? 1 : 0,
            NameWords = _question.AsksName ? traits.Names / (double)TextTraits.MostNames : 0,
        };
    }

    private static DateTimeOffset TimeOf(IMemory memory) => memory switch
    {
        EventRecord e => e.OccurredAt,
        FactRecord f => f.ValidFrom,
        _ => memory.CreatedAt,
    };

    private RecallHit ToHit(in BestMemories.Hit hit, SearchScratch scratch)
    {
        var matched = scratch.Matched[hit.Ordinal];
        var words = ImmutableArray.CreateBuilder<string>();
        for (var i = 0; i < _terms.Length; i++)
        {
            if (i < SearchScratch.MatchBits ? (matched & (1UL << i)) != 0 : IsIn(_terms[i], hit.Ordinal))
            {
                words.Add(_question.Terms[i].Source);
            }
        }

        var evidence = EvidenceFor(hit.Ordinal, scratch);
        return new RecallHit(
            hit.Memory as EventRecord,
            hit.Memory as FactRecord,
            1 / (1 + Math.Exp(_ranking.Steepness * (_ranking.EvenScore - hit.Score))),
            words.DrainToImmutable(),
            scratch.Scores[hit.Ordinal],
            ReasonsFor(evidence, matched));
    }

    private static RecallReasons ReasonsFor(in Evidence evidence, ulong matched) =>
        ((matched & SearchScratch.ContextBit) != 0 ? RecallReasons.Context : 0)
        | ((matched & SearchScratch.RelatedBit) != 0 ? RecallReasons.RelatedWords : 0)
        | (evidence.Speaker > 0 ? RecallReasons.Speaker : 0)
        | (evidence.Date > 0 ? RecallReasons.Date : 0)
        | (evidence.TimeWords + evidence.Numbers + evidence.NameWords > 0 ? RecallReasons.AnswerType : 0);

    // Of the rare question with more terms than there are bits.
    private bool IsIn(in QuestionTerm term, int ordinal)
    {
        if (term.Columns is [(var own, 100), ..])
        {
            foreach (var (found, _) in _index.Postings[own])
            {
                if (found == ordinal)
                {
                    return true;
                }
            }
        }

        return false;
    }
}
