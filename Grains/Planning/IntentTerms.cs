using System.Collections.Frozen;
using Actors.Sessions.Recall;

namespace Actors.Planning;

/// <summary>Texts as the terms recall indexes them by, without stop words and words that say little.</summary>
internal static class IntentTerms
{
    /// <summary>The terms of a text, each once.</summary>
    public static HashSet<string> Of(params IEnumerable<string?> texts)
    {
        var terms = new HashSet<string>(StringComparer.Ordinal);
        Span<char> room = stackalloc char[Tokenizer.MaxWordLength];
        foreach (var text in texts)
        {
            var tokenizer = new Tokenizer(FoldedText.Of(text ?? ""), room);
            for (var found = tokenizer.Next(); !found.IsEmpty; found = tokenizer.Next())
            {
                var word = Word.Of(found);
                if (!word.IsStop && !WordClass.Generic.Contains(word.Text))
                {
                    terms.Add(word.Term);
                }
            }
        }

        return terms;
    }

    /// <summary>The terms that mean the same as one of these.</summary>
    public static FrozenSet<string> SynonymsOf(IEnumerable<string> terms) =>
        terms.SelectMany(term => RelatedWords.Of(term)).Where(relation => relation.IsSynonym).Select(relation => relation.Term).ToFrozenSet(StringComparer.Ordinal);
}
