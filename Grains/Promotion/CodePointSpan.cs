using System.Text;

namespace Actors.Promotion;

/// <summary>Texts counted in Unicode code points, as Postgres counts them.</summary>
internal static class CodePointSpan
{
    /// <summary>A span of a text; null when the text has no such span.</summary>
    public static string? Slice(string text, int start, int end)
    {
        if (start < 0 || end <= start)
        {
            return null;
        }

        var (at, from) = (0, -1);
        for (var i = 0; ; i += char.IsHighSurrogate(text[i]) ? 2 : 1, at++)
        {
            from = at == start ? i : from;
            if (at == end)
            {
                return text[from..i];
            }

            if (i >= text.Length)
            {
                return null;
            }
        }
    }

    /// <summary>As many blanks as a text has code points.</summary>
    public static string Blanks(string text) => new(' ', text.EnumerateRunes().Count());
}
