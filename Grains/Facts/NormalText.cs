using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Actors.Sessions.Recall;

namespace Actors.Facts;

/// <summary>
/// What a text says, whatever its case, accents and white space, and whatever punctuation stands around its words. What stands within a word is kept, and
/// so are signs: <c>UTC+2</c> is not <c>UTC-2</c>, <c>C#</c> not <c>C</c>, and one address not another.
/// </summary>
internal static class NormalText
{
    // Words that say nothing by themselves: with or without them a sentence is the same.
    private static readonly HashSet<string> Empty = ["a", "an", "the", "that", "just", "very", "really", "also", "too", "so"];

    private static readonly HashSet<string> Negations =
    [
        "not", "no", "nor", "never", "none", "cannot", "cant", "dont", "doesnt", "didnt", "isnt", "arent", "wasnt", "werent", "wont", "hasnt", "havent", "hadnt",
        "shouldnt", "wouldnt", "couldnt", "mustnt", "without", "nobody", "nothing", "hardly", "rarely", "seldom", "former", "formerly", "ex", "except", "unless", "almost",
    ];

    /// <summary>Least share of common words of two texts one of which only adds words to the other: ten words and one more are one fact, nine and one are two.</summary>
    private const double LeastOverlap = 0.95;

    // Around words they say nothing. A dot, a dash or a hash before one does: ".NET", "-5", "#1".
    private static readonly char[] Opening = [.. "\"'`\u201C\u201D\u201E\u2018\u00AB\u00BB([{*,;:!?\u00A1\u00BF\u2013\u2014"];
    private static readonly char[] Closing = [.. "\"'`\u201C\u201D\u2018\u00AB\u00BB)]}*,;:!?.-\u2013\u2014"];

    /// <summary>Its words as they are written, lower case, without accents and the punctuation around them, with one blank between two.</summary>
    public static string Of(string text) => string.Join(' ', Written(text));

    /// <summary>By what the same words are recognised: the MD5 of <see cref="Of"/>.</summary>
    public static Guid HashOf(string text) => Md5(Of(text));

    /// <summary>The MD5 of a text's UTF-8, as Postgres' <c>md5(text)::uuid</c> has it.</summary>
#pragma warning disable CA5351 // Compared with md5() of Postgres, and nobody gains by two contents of one hash.
    public static Guid Md5(string text) => new(MD5.HashData(Encoding.UTF8.GetBytes(text)), bigEndian: true);
#pragma warning restore CA5351

    /// <summary>Its words without any sign, as they are indexed.</summary>
    public static IReadOnlyList<string> WordsOf(string text) => Words(FoldedText.Of(text));

    /// <summary>How many words it has.</summary>
    public static int CountWords(string text) => WordsOf(text).Count;

    /// <summary>
    /// Whether two sentences about one subject say the same: the same words in the same order, by their stems, without words that say nothing
    /// (<c>the</c>, <c>really</c>); or all of one in the order of the other, which has at most a word in ten more, and among those no number, no
    /// negation and no function word, since <c>before 9</c> is not <c>after 9</c>. A word with a sign in it is compared as it is written, and what was
    /// (<c>owned</c>) is not what is (<c>owns</c>).
    /// </summary>
    public static bool SaysTheSame(string one, string other)
    {
        var (shorter, longer) = (Stems(one), Stems(other));
        if (shorter.Count > longer.Count)
        {
            (shorter, longer) = (longer, shorter);
        }

        if (shorter.Count == 0 || 2.0 * shorter.Count / (shorter.Count + longer.Count) < LeastOverlap)
        {
            return false;
        }

        var next = 0;
        foreach (var (stem, isPlain) in longer)
        {
            if (next < shorter.Count && shorter[next].Stem == stem)
            {
                next++;
            }
            else if (!isPlain)
            {
                return false;
            }
        }

        return next == shorter.Count;
    }

    private static List<(string Stem, bool IsPlain)> Stems(string text)
    {
        var stems = new List<(string, bool)>();
        foreach (var written in Written(text))
        {
            // Also one that stands by itself: "< 5", "5 %".
            if (HasSign(written))
            {
                stems.Add((written, false));
                continue;
            }

            foreach (var plain in Words(written).Where(word => !Empty.Contains(word)))
            {
                var word = Word.Of(plain);
                stems.Add((
                    word.IsStop ? plain : IsPast(word) ? word.Term + " (past)" : word.Term,
                    !word.IsStop && !word.IsNumber && !plain.AsSpan().ContainsAnyInRange('0', '9') && !Negations.Contains(plain)));
            }
        }

        return stems;
    }

    private static bool IsPast(Word word) => word.Term != word.Text && (word.Text.EndsWith("ed", StringComparison.Ordinal) || IrregularForms.IsPast(word.Text));

    // A hyphen between letters only joins words.
    private static bool HasSign(string written)
    {
        for (var i = 0; i < written.Length; i++)
        {
            var isSign = written[i] is '#' or '%' or '@' or '.' or '/' or '_' or '\\' or '&' || char.GetUnicodeCategory(written[i])
                is UnicodeCategory.MathSymbol or UnicodeCategory.CurrencySymbol;
            if (isSign || (written[i] == '-' && !(i > 0 && i + 1 < written.Length && char.IsLetter(written[i - 1]) && char.IsLetter(written[i + 1]))))
            {
                return true;
            }
        }

        return false;
    }

    private static IEnumerable<string> Written(string text)
    {
        foreach (var part in FoldedText.Of(text).Replace('\u2212', '-').Split(default(char[]), StringSplitOptions.RemoveEmptyEntries))
        {
            var written = part.TrimStart(Opening).TrimEnd(Closing);
            if (written.Length > 0)
            {
                yield return written.Replace("'", "", StringComparison.Ordinal).ToLowerInvariant();
            }
        }
    }

    private static List<string> Words(string folded)
    {
        var words = new List<string>();
        Span<char> room = stackalloc char[Tokenizer.MaxWordLength];
        var tokenizer = new Tokenizer(folded, room);
        for (var word = tokenizer.Next(); !word.IsEmpty; word = tokenizer.Next())
        {
            words.Add(word.ToString());
        }

        return words;
    }
}
