using System.Collections.Frozen;
using System.Text;

namespace Actors.Extraction.Rules;

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

    /// <summary>The form of a verb, in lower case, that goes with "I"; what is no form that goes with "she" stays as it is.</summary>
    public static string Base(string verb) => verb switch
    {
        "is" or "are" => "am",
        "has" => "have",
        "does" => "do",
        "goes" => "go",
        "was" or "this" or [.., 's', 's'] or { Length: < 4 } => verb,
        [.., 'i', 'e', 's'] when verb.Length > 4 => verb[..^3] + "y",
        [.., 's', 's', 'e', 's'] or [.., 'x', 'e', 's'] or [.., 'z', 'z', 'e', 's'] or [.., 'c' or 's', 'h', 'e', 's'] => verb[..^2],
        [.., 's'] => verb[..^1],
        _ => verb,
    };

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
            if (i > from)
            {
                // Marks and blanks between words stay, but for runs of blanks.
                AppendGap(text, sentence.Memory.AsSpan(words[i - 1].End, word.Start - words[i - 1].End), isPart: word.IsPart);
            }

            var isContracted = i + 1 < words.Count && words[i + 1].IsPart;
            // The US are nobody's pronoun.
            var isCountry = word.Text == "us" && sentence.Memory.AsSpan(word.Start, word.End - word.Start) is "US";
            if (isSpeaker && !isCountry && Pronouns.TryGetValue(word.Text, out var pronoun) && !word.IsQuoted)
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
        }

        return to > from ? Closed(text, sentence.Memory, words[to - 1].End) : "";
    }

    /// <summary>The same text, beginning with a capital.</summary>
    public static string Capitalised(string text) => text.Length == 0 ? text : char.ToUpperInvariant(text[0]) + text[1..];

    private static void AppendGap(StringBuilder text, ReadOnlySpan<char> gap, bool isPart)
    {
        if (isPart)
        {
            text.Append(' ');
        }

        foreach (var c in gap)
        {
            if (!char.IsWhiteSpace(c))
            {
                text.Append(c);
            }
            else if (text[^1] != ' ')
            {
                text.Append(' ');
            }
        }
    }

    // With the mark that closes what was opened within, when it stands right behind.
    private static string Closed(StringBuilder text, string memory, int end)
    {
        var closing = end < memory.Length ? memory[end] : '\0';
        var opening = closing switch { ')' => '(', ']' => '[', '”' => '“', '"' => '"', _ => '\0' };
        var said = text.ToString();
        if (opening == '\0')
        {
            return said;
        }

        var opened = said.Count(c => c == opening);
        var isOpen = opening == closing ? opened % 2 == 1 : opened > said.Count(c => c == closing);
        return isOpen ? said + closing : said;
    }
}
