using System.Text;

namespace Actors.Extraction.Rules;

/// <summary>Names of what facts are single-valued in.</summary>
internal static class Keys
{
    private const int MaxLength = 64;

    /// <summary>Words as a key: letters and digits in lower case, the rest an underscore; null when nothing is left, or too much.</summary>
    public static string? Of(string words)
    {
        var key = new StringBuilder();
        foreach (var c in words)
        {
            if (char.IsLetterOrDigit(c))
            {
                key.Append(char.ToLowerInvariant(c));
            }
            else if (key.Length > 0 && key[^1] != '_')
            {
                key.Append('_');
            }
        }

        var text = key.ToString().TrimEnd('_');
        return text.Length is > 0 and <= MaxLength ? text : null;
    }
}
