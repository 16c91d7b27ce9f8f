using System.Collections.Immutable;

namespace Actors.Sessions.Recall;

/// <summary>
/// The text's part of a search. Term by term, each posting counts for its memory and, in part, for the neighbours in its
/// conversation; BM25 (Robertson and Zaragoza, "The Probabilistic Relevance Framework", 2009) is taken over these sums. They
/// are integers, so that their order does not matter, and neither does that of the postings.
/// </summary>
internal sealed class TermSums
{
    private readonly MemoryIndex _index;
    private readonly RankingOptions _ranking;
    private readonly Question _question;
    private readonly RecallFilter _filter;
    private readonly QuestionTerm[] _terms;

    // The length norm of BM25 is a constant and a factor of the length, with context (in hundredths of a term) and without.
    private readonly double _normConstant;
    private readonly double _contextNorm;
    private readonly double _ownNorm;

    public TermSums(MemoryIndex index, Question question, RecallFilter filter)
    {
        (_index, _ranking, _question, _filter) = (index, index.Ranking, question, filter);
        _terms = new QuestionTerm[question.Terms.Length];
        var sum = 0.0;
        for (var i = 0; i < _terms.Length; i++)
        {
            _terms[i] = QuestionTerm.In(index, question.Terms[i]);
            sum += _terms[i].Weight;
        }

        Divisor = Math.Max(sum, _ranking.LeastQuestion);
        var (k1, b) = (_ranking.TermSaturation, _ranking.LengthNormalization);
        _normConstant = k1 * (1 - b);
        _contextNorm = k1 * b / Math.Max(1, (double)index.TotalContextLength / index.Count);
        _ownNorm = k1 * b / Math.Max(1, (double)index.TotalLength / index.Count);
    }

    /// <summary>The sum of the question's inverse document frequencies.</summary>
    public double Divisor { get; }

    /// <summary>Adds scores, and the memories that get any to the candidates.</summary>
    public void AddTo(SearchScratch scratch)
    {
        for (var i = 0; i < _terms.Length; i++)
        {
            ref readonly var term = ref _terms[i];
            if (term.Weight > 0)
            {
                Count(term, i < SearchScratch.MatchBits ? 1UL << i : 0, scratch);
                Saturate(term.Weight, scratch);
            }
        }
    }

    /// <summary>The question's words that a memory has itself, as the question wrote them.</summary>
    public ImmutableArray<string> MatchedIn(int ordinal, ulong matched)
    {
        var words = ImmutableArray.CreateBuilder<string>();
        for (var i = 0; i < _terms.Length; i++)
        {
            if (i < SearchScratch.MatchBits ? (matched & (1UL << i)) != 0 : IsIn(_terms[i], ordinal))
            {
                words.Add(_question.Terms[i].Source);
            }
        }

        return words.DrainToImmutable();
    }

    /// <summary>What has ended, or was not known yet, must not bring others into the answer.</summary>
    public bool CountsForOthers(in IndexEntry entry) =>
        !(entry.Ends || _filter.LooksBack) || _filter.IsInTime((EventRecord)entry.Memory!);

    private void Count(in QuestionTerm term, ulong bit, SearchScratch scratch)
    {
        var sums = scratch.Sums;
        var factor = term.Weight * (_ranking.TermSaturation + 1);
        foreach (var (column, percent) in term.Columns)
        {
            var mark = percent == 100 ? bit : SearchScratch.RelatedBit;
            foreach (var (ordinal, frequency) in _index.Postings[column])
            {
                ref readonly var entry = ref _index.Entries[ordinal];
                if (entry.Memory is null)
                {
                    continue;
                }

                ref var sum = ref sums[ordinal];
                if (entry.Conversation != IndexEntry.None)
                {
                    if (!term.IsName && CountsForOthers(entry))
                    {
                        sum.Matched |= mark;
                        sum.Own += percent * frequency;
                        Lend(ordinal, ref sum, 100 * percent * frequency, scratch);
                        LendToNeighbours(entry, percent * frequency, scratch);
                    }
                }
                else if (term.Columns.Count == 1)
                {
                    // Nothing can come to this sum, so it need not be kept.
                    sum.Matched |= mark;
                    AddScore(ordinal, ref sum, factor, frequency, entry, scratch);
                    sum.OwnScore += factor * frequency / (frequency + _normConstant + (_ownNorm * entry.Length));
                }
                else
                {
                    sum.Matched |= mark;
                    sum.Own += percent * frequency;
                    Lend(ordinal, ref sum, 100 * percent * frequency, scratch);
                }
            }
        }
    }

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
            ref var sum = ref scratch.Sums[ordinal];
            sum.Matched |= SearchScratch.ContextBit;
            Lend(ordinal, ref sum, amount, scratch);
        }
    }

    private static void Lend(int ordinal, ref SearchScratch.Sum sum, int amount, SearchScratch scratch)
    {
        if (sum.Context == 0)
        {
            scratch.Touched.Add(ordinal);
        }

        sum.Context += amount;
    }

    private void Saturate(double weight, SearchScratch scratch)
    {
        var sums = scratch.Sums;
        var factor = weight * (_ranking.TermSaturation + 1);
        foreach (var ordinal in scratch.Touched.Span)
        {
            ref readonly var entry = ref _index.Entries[ordinal];
            ref var sum = ref sums[ordinal];
            AddScore(ordinal, ref sum, factor, sum.Context / 10_000.0, entry, scratch);
            if (sum.Own > 0)
            {
                var frequency = sum.Own / 100.0;
                sum.OwnScore += factor * frequency / (frequency + _normConstant + (_ownNorm * entry.Length));
                sum.Own = 0;
            }

            sum.Context = 0;
        }

        scratch.Touched.Clear();
    }

    private void AddScore(int ordinal, ref SearchScratch.Sum sum, double factor, double frequency, in IndexEntry entry, SearchScratch scratch)
    {
        if (sum.Score == 0)
        {
            scratch.Candidates.Add(ordinal);
        }

        sum.Score += factor * frequency / (frequency + _normConstant + (_contextNorm * entry.ContextLength));
    }

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
