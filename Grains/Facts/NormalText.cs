using System.Security.Cryptography;
using System.Text;
using Actors.Sessions.Recall;

namespace Actors.Facts;

/// <summary>What a text says, whatever its case, punctuation, accents and white space.</summary>
internal static class NormalText
{
    // Words that say nothing by themselves: with or without them a sentence is the same.
    private static readonly HashSet<string> Empty = ["a", "an", "the", "that", "just", "very", "really", "also", "too", "so"];

    private static readonly HashSet<string> Negations =
    [
        "not", "no", "nor", "never", "none", "cannot", "cant", "dont", "doesnt", "didnt", "isnt", "arent", "wasnt", "werent", "wont", "hasnt", "havent", "hadnt",
        "shouldnt", "wouldnt", "couldnt", "mustnt", "without", "nobody", "nothing", "hardly", "rarely", "seldom", "former", "formerly", "ex", "except", "unless", "almost",
    ];

    /// <summary>Least share of common words of two texts one of which only adds words to the other: five words and one more are one fact, four and one are two.</summary>
    private const double LeastOverlap = 0.9;

    /// <summary>Its words, lower case, without accents, with one blank between two.</summary>
    public static string Of(string text) => string.Join(' ', Words(text));

    /// <summary>By what the same words are recognised: the MD5 of <see cref="Of"/>.</summary>
    public static Guid HashOf(string text) => Md5(Of(text));

    /// <summary>The MD5 of a text's UTF-8, as Postgres' <c>md5(text)::uuid</c> has it.</summary>
#pragma warning disable CA5351 // Compared with md5() of Postgres, and nobody gains by two contents of one hash.
    public static Guid Md5(string text) => new(MD5.HashData(Encoding.UTF8.GetBytes(text)), bigEndian: true);
#pragma warning restore CA5351

    /// <summary>How many words it has.</summary>
    public static int CountWords(string text) => Words(text).Count;

    /// <summary>
    /// Whether two sentences about one subject say the same: the same words in the same order, by their stems, without words that say nothing
    /// (<c>the</c>, <c>really</c>); or all of one in the order of the other, which has at most a word in ten more, and among those no number, no
    /// negation and no function word, since <c>before 9</c> is not <c>after 9</c>.
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
        foreach (var written in Words(text))
        {
            if (Empty.Contains(written))
            {
                continue;
            }

            var word = Word.Of(written);
            stems.Add((word.IsStop ? written : word.Term, !word.IsStop && !word.IsNumber && !written.AsSpan().ContainsAnyInRange('0', '9') && !Negations.Contains(written)));
        }

        return stems;
    }

    private static List<string> Words(string text)
    {
        var words = new List<string>();
        Span<char> room = stackalloc char[Tokenizer.MaxWordLength];
        var tokenizer = new Tokenizer(FoldedText.Of(text), room);
        for (var word = tokenizer.Next(); !word.IsEmpty; word = tokenizer.Next())
        {
            words.Add(word.ToString());
        }

        return words;
    }
}
