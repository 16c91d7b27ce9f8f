using System.Text;
using System.Text.RegularExpressions;

namespace Actors.Zep;

/// <summary>Makes Zep's words fit for logs and operators: they may quote what was sent.</summary>
internal static partial class ZepWords
{
    private const int ShortestWord = 3;

    // Told as they are: nobody has to guess what was left out of them.
    private static readonly string[] Known = ["404 page not found", "not found", "unauthorized", "user not found", "too many concurrent writes to the same record"];

    /// <summary>
    /// A text in which each word is left out that is part of what was sent, but for the shortest, or that Zep would not use: its words are English.
    /// White space is one blank.
    /// </summary>
    public static string WithoutWhatWasSent(string words, params ReadOnlySpan<string> sent)
    {
        if (Known.Contains(words) || OverRate().IsMatch(words))
        {
            return words;
        }

        var all = string.Join('\n', sent.ToArray());
        var fit = Word().Replace(words, word => !Ascii.IsValid(word.Value) || (IsTelling(word.Value) && all.Contains(word.Value, StringComparison.OrdinalIgnoreCase)) ? "…" : word.Value);
        return White().Replace(fit, " ").Trim();
    }

    // Short words are everywhere; short numbers may be somebody's.
    private static bool IsTelling(string word) => word.Length >= ShortestWord || word.Any(char.IsAsciiDigit);

    [GeneratedRegex("^Rate limit exceeded for [A-Z]+ plan$")]
    private static partial Regex OverRate();

    [GeneratedRegex(@"[A-Za-z0-9\u0080-\uFFFF]+")]
    private static partial Regex Word();

    [GeneratedRegex(@"[\x00-\x20\x7F]+")]
    private static partial Regex White();
}
