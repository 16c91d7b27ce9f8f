using System.Globalization;
using System.Text;

namespace Actors.Sessions.Recall;

/// <summary>
/// Brings text to the form in which words compare: compatibility forms (full and half width, ligatures) unified, accents off, and
/// letters that Unicode does not take apart written as their language's writers do without them.
/// </summary>
internal static class FoldedText
{
    private const char Reserved = '\uFFFE';

    /// <summary>Plain ASCII, the usual case, is returned as it is.</summary>
    public static string Of(string text)
    {
        if (Ascii.IsValid(text))
        {
            return text;
        }

        var folded = new StringBuilder(text.Length);
        // Normalisation throws for the one character that Unicode reserves and Postgres stores all the same.
        foreach (var c in text.Replace(Reserved, ' ').Normalize(NormalizationForm.FormKD))
        {
            if (CharUnicodeInfo.GetUnicodeCategory(c) is not UnicodeCategory.NonSpacingMark || IsPartOfLetter(c))
            {
                Append(folded, c);
            }
        }

        // Hangul syllables and voiced kana were taken apart too, and are not what is meant by accents.
        return folded.ToString().Normalize(NormalizationForm.FormC);
    }

    private static bool IsPartOfLetter(char c) => c is '\u3099' or '\u309A';

    private static void Append(StringBuilder folded, char c) => _ = c switch
    {
        '\u2019' or '\u02BC' => folded.Append('\''),
        'ß' => folded.Append("ss"),
        'æ' => folded.Append("ae"),
        'Æ' => folded.Append("Ae"),
        'œ' => folded.Append("oe"),
        'Œ' => folded.Append("Oe"),
        'ø' => folded.Append('o'),
        'Ø' => folded.Append('O'),
        'ł' => folded.Append('l'),
        'Ł' => folded.Append('L'),
        'đ' => folded.Append('d'),
        'Đ' => folded.Append('D'),
        'ı' => folded.Append('i'),
        _ => folded.Append(c),
    };
}

/// <summary>What has to be known of scripts.</summary>
internal static class Scripts
{
    /// <summary>Han, kana, Hangul, Thai, Lao, Myanmar, Khmer: written without spaces between words, or with endings joined to them.</summary>
    public static bool HasNoSpaces(Rune rune) => rune.Value
        is (>= 0x3005 and <= 0x3007) or (>= 0x3040 and <= 0x30FF) or (>= 0x31F0 and <= 0x31FF) or (>= 0x3400 and <= 0x4DBF)
        or (>= 0x4E00 and <= 0x9FFF) or (>= 0xAC00 and <= 0xD7A3) or (>= 0xF900 and <= 0xFAFF) or (>= 0x20000 and <= 0x323AF)
        or (>= 0x0E00 and <= 0x0EFF) or (>= 0x1000 and <= 0x109F) or (>= 0x1780 and <= 0x17FF);
}
