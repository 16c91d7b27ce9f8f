using System.Collections.Immutable;

namespace Actors.Sessions.Recall;

/// <summary>A question cut into its distinct terms, in the order asked.</summary>
internal static class Question
{
    /// <summary>One term of a question.</summary>
    /// <param name="Number">The index' number of the term; -1: no memory has it.</param>
    /// <param name="Text">The word as the question wrote it.</param>
    public readonly record struct Term(int Number, string Text);

    public static ImmutableArray<Term> Terms(string question, TermDictionary dictionary)
    {
        var terms = ImmutableArray.CreateBuilder<Term>();
        var seen = new HashSet<string>(StringComparer.Ordinal);
        var folded = Tokenizer.Fold(question);
        var tokenizer = new Tokenizer(folded, stackalloc char[Tokenizer.MaxWordLength]);
        for (var word = tokenizer.Next(); !word.IsEmpty; word = tokenizer.Next())
        {
            var source = tokenizer.Source;
            // TryFind stems in place, so that afterwards the known part of the word tells whether it is a repeat.
            if (dictionary.TryFind(ref word, out var number) && seen.Add(word.ToString()))
            {
                terms.Add(new Term(number, folded.Substring(source.Start, source.Length)));
            }
        }

        return terms.ToImmutable();
    }
}
