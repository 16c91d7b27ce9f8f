using System.Globalization;
using System.Text;

namespace Actors.Sessions.Recall;

/// <summary>
/// Cuts text into words: runs of letters and digits, lower case, accents and width folded away (NFKD without marks).
/// An apostrophe inside a word is dropped, and with it a possessive <c>s</c>: "Mel's" is "mel", "don't" is "dont".
/// </summary>
internal ref struct Tokenizer
{
    /// <summary>Longer words are cut here: nobody asks for them, and they would fill the dictionary.</summary>
    public const int MaxWordLength = 64;

    private const char Reserved = '\uFFFE';

    private readonly ReadOnlySpan<char> _text;
    private readonly Span<char> _word;
    private int _position;

    /// <param name="text">Text as <see cref="Fold"/> returns it.</param>
    /// <param name="word">Room for one word: <see cref="MaxWordLength"/> characters.</param>
    public Tokenizer(ReadOnlySpan<char> text, Span<char> word)
    {
        _text = text;
        _word = word;
        _position = 0;
    }

    /// <summary>Where the current word starts in the text, and how many characters of the text it spans.</summary>
    public (int Start, int Length) Source { get; private set; }

    /// <summary>Brings text to the form in which words compare. Plain ASCII, the usual case, is returned as it is.</summary>
    public static string Fold(string text)
    {
        if (Ascii.IsValid(text))
        {
            return text;
        }

        var folded = new StringBuilder(text.Length);
        // Normalisation throws for the one character that Unicode reserves and Postgres stores all the same.
        foreach (var c in text.Replace(Reserved, ' ').Normalize(NormalizationForm.FormKD))
        {
            if (CharUnicodeInfo.GetUnicodeCategory(c) is not UnicodeCategory.NonSpacingMark)
            {
                folded.Append(c is '\u2019' or '\u02BC' ? '\'' : c);
            }
        }

        return folded.ToString();
    }

    /// <summary>Moves to the next word.</summary>
    /// <returns>The word, valid until the next call; empty at the end of the text.</returns>
    public Span<char> Next()
    {
        var width = 0;
        while (_position < _text.Length && !IsWordCharacter(_position, out width))
        {
            _position += width;
        }

        var start = _position;
        var length = 0;
        var afterApostrophe = -1;
        while (_position < _text.Length)
        {
            if (IsWordCharacter(_position, out width))
            {
                for (var i = 0; i < width && length < MaxWordLength; i++)
                {
                    _word[length++] = char.ToLowerInvariant(_text[_position + i]);
                }

                _position += width;
            }
            else if (_text[_position] == '\'' && _position + 1 < _text.Length && IsWordCharacter(_position + 1, out _))
            {
                afterApostrophe = length;
                _position++;
            }
            else
            {
                break;
            }
        }

        Source = (start, _position - start);
        var possessive = afterApostrophe > 0 && length == afterApostrophe + 1 && _word[afterApostrophe] == 's';
        return _word[..(possessive ? afterApostrophe : length)];
    }

    // A letter outside the basic plane is two characters; an emoji there is none.
    private readonly bool IsWordCharacter(int i, out int width) =>
        Rune.DecodeFromUtf16(_text[i..], out var rune, out width) == System.Buffers.OperationStatus.Done && Rune.IsLetterOrDigit(rune);
}
