using System.Collections.Immutable;
using Actors.Embeddings;

namespace Actors.Sessions.Recall;

/// <summary>What a question says by itself, whatever index it is put to: its terms, in the order asked, its dates, the kind of answer it wants.</summary>
internal sealed class Question
{
    private Question(ImmutableArray<Term> terms, List<string> words, ImmutableArray<NamedDate> dates)
    {
        Terms = terms;
        Words = words;
        Dates = dates;
        AsksWhen = words is ["when", ..] || Has("what", "date") || Has("which", "date") || Has("what", "year") || Has("which", "year") || Has("what", "month") || Has("which", "month");
        AsksNumber = Has("how", "many") || Has("how", "much") || Has("how", "long") || Has("how", "old") || Has("how", "often");
        AsksName = words.Exists(word => WordClass.AsksName.Contains(word));
    }

    /// <summary>One distinct term of a question.</summary>
    /// <param name="Text">The stem.</param>
    /// <param name="Source">The word as the question wrote it, but for accents.</param>
    /// <param name="Word">The word in lower case.</param>
    /// <param name="Class">How much such a word says.</param>
    public readonly record struct Term(string Text, string Source, string Word, TermClass Class);

    /// <summary>How much a question's word says.</summary>
    public enum TermClass
    {
        /// <summary>As much as it is rare.</summary>
        Plain,

        /// <summary>Less: it gives the question its form.</summary>
        Generic,

        /// <summary>Less: it is part of a date, which counts by itself.</summary>
        Date,
    }

    public ImmutableArray<Term> Terms { get; }

    /// <summary>All words, stop words included, in lower case.</summary>
    public IReadOnlyList<string> Words { get; }

    public ImmutableArray<NamedDate> Dates { get; }

    public bool AsksWhen { get; }

    public bool AsksNumber { get; }

    public bool AsksName { get; }

    /// <summary>What it means, in numbers; null: not known.</summary>
    public QuantizedVector? Vector { get; private init; }

    public static Question Parse(string text, QuantizedVector? vector = null)
    {
        var folded = FoldedText.Of(text);
        var words = new List<string>();
        var sources = new List<string>();
        var tokenizer = new Tokenizer(folded, stackalloc char[Tokenizer.MaxWordLength]);
        for (var word = tokenizer.Next(); !word.IsEmpty; word = tokenizer.Next())
        {
            words.Add(word.ToString());
            sources.Add(folded.Substring(tokenizer.Source.Start, tokenizer.Source.Length));
        }

        var isDate = new bool[words.Count];
        var dates = NamedDate.AllIn(words, isDate);
        return new Question(TermsOf(words, sources, isDate), words, [.. dates]) { Vector = vector };
    }

    /// <summary>How well a time fits the dates named, in 0..1; 0 when none is.</summary>
    public double DateMatch(DateTimeOffset time)
    {
        var best = 0.0;
        foreach (var date in Dates)
        {
            best = Math.Max(best, date.Match(time));
        }

        return best;
    }

    private static ImmutableArray<Term> TermsOf(List<string> words, List<string> sources, bool[] isDate)
    {
        var terms = ImmutableArray.CreateBuilder<Term>();
        var seen = new HashSet<string>(StringComparer.Ordinal);
        for (var i = 0; i < words.Count; i++)
        {
            var term = Word.Of(words[i]).Term;
            if (term.Length > 0 && seen.Add(term))
            {
                var kind = isDate[i] ? TermClass.Date : WordClass.Generic.Contains(words[i]) ? TermClass.Generic : TermClass.Plain;
                terms.Add(new Term(term, sources[i], words[i], kind));
            }
        }

        return terms.ToImmutable();
    }

    private bool Has(string first, string second)
    {
        for (var i = 1; i < Words.Count; i++)
        {
            if (Words[i] == second && Words[i - 1] == first)
            {
                return true;
            }
        }

        return false;
    }
}
