using Actors.Facts;
using Actors.Sessions.Recall;

namespace Actors.Extraction;

/// <summary>Words of two texts, compared. Pure.</summary>
internal static class ExtractionWords
{
    private const int LeastLettersOfName = 2;
    private const int LeastWordsOfQuote = 2;

    // From here on scripts put no marks between words.
    private const char FirstUnspaced = '\u2E80';

    /// <summary>Whether a text names somebody: in these letters, as words of their own, of two letters at least. "Ana" is not named by "banana", nor by "ana@example.com".</summary>
    public static bool Names(string text, string name)
    {
        name = name.Trim();
        if (name.Count(char.IsLetter) < LeastLettersOfName)
        {
            return false;
        }

        for (var at = text.IndexOf(name, StringComparison.Ordinal); at >= 0; at = at + 1 < text.Length ? text.IndexOf(name, at + 1, StringComparison.Ordinal) : -1)
        {
            if (!(IsOfWord(name[0]) && GoesOn(text, at - 1, -1)) && !(IsOfWord(name[^1]) && GoesOn(text, at + name.Length, 1)))
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>Whether a quote says enough of a text to bear something out: two words, or the whole text.</summary>
    public static bool IsEnough(string quote, string text) => NormalText.CountWords(quote) is var words && (words >= LeastWordsOfQuote || (words > 0 && words == NormalText.CountWords(text)));

    /// <summary>Whether two texts have a word in common, by its stem, that says something.</summary>
    public static bool Meet(string one, string other) => Terms(one).Overlaps(Terms(other));

    private static HashSet<string> Terms(string text) => [.. NormalText.Of(text).Split(' ').Select(word => Word.Of(word)).Where(word => word.Term.Length > 0 && !word.IsStop).Select(word => word.Term)];

    // A hyphen, a dot or an at sign joins when a letter is on its other side.
    private static bool GoesOn(string text, int at, int step) =>
        at >= 0 && at < text.Length
        && (IsOfWord(text[at]) || (text[at] is '-' or '_' or '.' or '@' && at + step >= 0 && at + step < text.Length && IsOfWord(text[at + step])));

    private static bool IsOfWord(char c) => char.IsLetterOrDigit(c) && c < FirstUnspaced;
}
