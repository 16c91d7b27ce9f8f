using System.Collections.Immutable;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace Actors.Zep;

/// <summary>
/// Brings texts into what Zep takes. Lengths are counted in UTF-16 units, never fewer than the characters Zep counts. No text is cut within a
/// character.
/// </summary>
internal static class ZepText
{
    /// <summary>Ends a text of which something is missing.</summary>
    public const string Marker = " …";

    // Names that were cut have to differ where the names did.
    private const int HashLength = 8;

    /// <summary>
    /// Takes a text apart at ends of sentences; at ends of words when a sentence is too long, and within a word that is. Parts are not empty and
    /// neither begin nor end with white space; nothing else is missing.
    /// </summary>
    /// <param name="text">The text; of white space alone it has no parts.</param>
    /// <param name="limit">Most characters of a part, at least 2.</param>
    public static ImmutableArray<string> Split(string text, int limit = ZepLimits.MessageLength)
    {
        var parts = ImmutableArray.CreateBuilder<string>();
        var rest = text.AsSpan().Trim();
        while (rest.Length > limit)
        {
            var cut = EndOfPart(rest, limit);
            parts.Add(rest[..cut].TrimEnd().ToString());
            rest = rest[cut..].TrimStart();
        }

        if (!rest.IsEmpty)
        {
            parts.Add(rest.ToString());
        }

        return parts.ToImmutable();
    }

    /// <summary>A text, or its beginning with <see cref="Marker"/>, cut as <see cref="Split"/> does.</summary>
    public static string Truncate(string text, int limit)
    {
        var whole = text.AsSpan().Trim();
        return whole.Length <= limit ? whole.ToString() : string.Concat(whole[..EndOfPart(whole, limit - Marker.Length)].TrimEnd(), Marker);
    }

    /// <summary>The beginning of a question, whole words if it has any.</summary>
    public static string Query(string text)
    {
        var whole = text.AsSpan().Trim();
        return (whole.Length <= ZepLimits.QueryLength ? whole : whole[..EndOfWord(whole, ZepLimits.QueryLength)].TrimEnd()).ToString();
    }

    /// <summary>A fact's type as the name of an edge: <c>^[A-Z][A-Z0-9_]*$</c>.</summary>
    public static string FactName(string factType)
    {
        var name = new StringBuilder();
        foreach (var letter in factType.Normalize(NormalizationForm.FormD))
        {
            if (char.IsAsciiLetterOrDigit(letter))
            {
                name.Append(char.ToUpperInvariant(letter));
            }
            else if (CharUnicodeInfo.GetUnicodeCategory(letter) != UnicodeCategory.NonSpacingMark && name.Length > 0 && name[^1] != '_')
            {
                name.Append('_');
            }
        }

        var plain = name.ToString().TrimEnd('_');
        plain = plain.Length == 0 ? "FACT" : char.IsAsciiDigit(plain[0]) ? $"FACT_{plain}" : plain;
        return plain.Length <= ZepLimits.FactNameLength ? plain : plain[..ZepLimits.FactNameLength].TrimEnd('_');
    }

    /// <summary>An entity's name; of one that is too long the beginning, and a hash which tells it from others that begin like it.</summary>
    public static string NodeName(string name)
    {
        var whole = name.Trim();
        if (whole.Length <= ZepLimits.NodeNameLength)
        {
            return whole;
        }

        var hash = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(whole)))[..HashLength];
        return $"{whole.AsSpan(0, WithinLimit(whole, ZepLimits.NodeNameLength - HashLength - 1)).TrimEnd()}…{hash}";
    }

    // Not so early that parts would be many and small.
    private static int EndOfPart(ReadOnlySpan<char> text, int limit)
    {
        for (var i = limit; i > limit / 4; i--)
        {
            // Chinese and Japanese put no blank after a sentence.
            if (text[i - 1] is '\n' or '。' or '！' or '？' || (char.IsWhiteSpace(text[i]) && EndsSentence(text[..i])))
            {
                return i;
            }
        }

        return EndOfWord(text, limit);
    }

    private static int EndOfWord(ReadOnlySpan<char> text, int limit)
    {
        for (var i = limit; i > limit / 4; i--)
        {
            if (char.IsWhiteSpace(text[i]))
            {
                return i;
            }
        }

        return WithinLimit(text, limit);
    }

    private static bool EndsSentence(ReadOnlySpan<char> text) => text.TrimEnd("\"')]}»”’") is [.., '.' or '!' or '?' or '…'];

    private static int WithinLimit(ReadOnlySpan<char> text, int limit) => char.IsHighSurrogate(text[limit - 1]) && limit > 1 ? limit - 1 : limit;
}
