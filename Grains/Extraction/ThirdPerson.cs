using System.Collections.Frozen;
using System.Text;

namespace Actors.Extraction;

/// <summary>Says what somebody said of themselves as it is said of them: "I prefer my tea black" becomes "Prefers their tea black".</summary>
internal static class ThirdPerson
{
    private static readonly FrozenDictionary<string, string> Pronouns = new Dictionary<string, string>
    {
        ["i"] = "they", ["me"] = "them", ["my"] = "their", ["mine"] = "theirs", ["myself"] = "themselves",
        ["we"] = "they", ["us"] = "them", ["our"] = "their", ["ours"] = "theirs", ["ourselves"] = "themselves",
    }.ToFrozenDictionary();

    private static readonly FrozenDictionary<string, string> Irregular = new Dictionary<string, string>
    {
        ["have"] = "has", ["do"] = "does", ["go"] = "goes", ["am"] = "is", ["are"] = "is", ["be"] = "is", ["can"] = "can",
    }.ToFrozenDictionary();

    /// <summary>The form of a verb, in lower case, that goes with "she".</summary>
    public static string Verb(string verb)
    {
        if (Irregular.TryGetValue(verb, out var form))
        {
            return form;
        }

        return verb switch
        {
            [.., 's' or 'x' or 'z' or 'o'] or [.., 'c' or 's', 'h'] => verb + "es",
            [.., not ('a' or 'e' or 'i' or 'o' or 'u'), 'y'] => verb[..^1] + "ies",
            _ => verb + "s",
        };
    }

    /// <summary>The words of a place, contractions written out.</summary>
    /// <param name="sentence">The sentence.</param>
    /// <param name="from">First word.</param>
    /// <param name="to">After the last one.</param>
    /// <param name="isSpeaker">Whether pronouns of the first person speak of whom the fact is about.</param>
    public static string Text(Sentence sentence, int from, int to, bool isSpeaker = true)
    {
        var (words, text) = (sentence.Words, new StringBuilder());
        for (var i = from; i < to; i++)
        {
            var word = words[i];
            text.Append(text.Length > 0 ? " " : "");
            var isContracted = i + 1 < words.Count && words[i + 1].IsPart;
            if (isSpeaker && Pronouns.TryGetValue(word.Text, out var pronoun) && !word.IsQuoted)
            {
                text.Append(pronoun);
            }
            else if (isSpeaker && word.Text == "am" && i > from && words[i - 1].Text == "i")
            {
                text.Append("are");
            }
            else if (word.IsPart || isContracted)
            {
                text.Append(word.Text);
            }
            else
            {
                text.Append(sentence.Memory, word.Start, word.End - word.Start);
            }

            // Marks within, such as the commas of a list, but not those at the end.
            if (i + 1 < to && word.Break is ',' or ':' or ';')
            {
                text.Append(word.Break);
            }
        }

        return text.ToString();
    }

    /// <summary>The same text, beginning with a capital.</summary>
    public static string Capitalised(string text) => text.Length == 0 ? text : char.ToUpperInvariant(text[0]) + text[1..];
}
