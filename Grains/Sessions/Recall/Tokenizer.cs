using System.Text;

namespace Actors.Sessions.Recall;

/// <summary>
/// Cuts text into words: runs of letters and digits, lower case, accents and width folded away. An apostrophe inside a word is
/// dropped, and with it a possessive <c>s</c>: "Mel's" is "mel", "don't" is "dont". Scripts without spaces between words
/// (<see cref="Scripts"/>) come as overlapping pairs of characters, a lone one as it is.
/// </summary>
internal ref struct Tokenizer
{
    /// <summary>Longer words are cut here: nobody asks for them, and they would fill the dictionary.</summary>
    public const int MaxWordLength = 64;

    private readonly ReadOnlySpan<char> _text;
    private readonly Span<char> _word;
    private int _position;

    /// <param name="text">Text as <see cref="FoldedText"/> makes it.</param>
    /// <param name="word">Room for one word: <see cref="MaxWordLength"/> characters.</param>
    public Tokenizer(ReadOnlySpan<char> text, Span<char> word)
    {
        _text = text;
        _word = word;
        _position = 0;
    }

    /// <summary>Where the current word starts in the text, and how many characters of the text it spans.</summary>
    public (int Start, int Length) Source { get; private set; }

    /// <summary>Moves to the next word.</summary>
    /// <returns>The word, valid until the next call; empty at the end of the text.</returns>
    public Span<char> Next()
    {
        var width = 0;
        while (_position < _text.Length)
        {
            if (!IsWordCharacter(_position, out width, out var isUnspaced))
            {
                _position += width;
            }
            else if (!isUnspaced)
            {
                return Word();
            }
            else if (TryPair(width, out var pair))
            {
                return pair;
            }
        }

        return [];
    }

    private Span<char> Word()
    {
        var start = _position;
        var length = 0;
        var afterApostrophe = -1;
        while (_position < _text.Length)
        {
            if (IsWordCharacter(_position, out var width, out var isUnspaced) && !isUnspaced)
            {
                for (var i = 0; i < width && length < MaxWordLength; i++)
                {
                    _word[length++] = char.ToLowerInvariant(_text[_position + i]);
                }

                _position += width;
            }
            else if (_text[_position] == '\'' && IsWordCharacter(_position + 1, out _, out isUnspaced) && !isUnspaced)
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

    // The last character of a run is in the pair before; one without neighbours stands for itself.
    private bool TryPair(int width, out Span<char> pair)
    {
        var start = _position;
        _position += width;
        var hasNext = IsWordCharacter(_position, out var nextWidth, out var isUnspaced) && isUnspaced;
        var isLast = !hasNext && start > 0 && IsUnspacedBefore(start);
        Source = (start, hasNext ? width + nextWidth : width);
        pair = _word[..Source.Length];
        _text.Slice(start, Source.Length).CopyTo(pair);
        return !isLast;
    }

    private readonly bool IsUnspacedBefore(int i) =>
        Rune.DecodeLastFromUtf16(_text[..i], out var rune, out _) == System.Buffers.OperationStatus.Done && Scripts.HasNoSpaces(rune);

    // A letter outside the basic plane is two characters; an emoji there is none.
    private readonly bool IsWordCharacter(int i, out int width, out bool isUnspaced)
    {
        isUnspaced = false;
        if (i >= _text.Length)
        {
            width = 0;
            return false;
        }

        var c = _text[i];
        if (char.IsAscii(c))
        {
            width = 1;
            return char.IsAsciiLetterOrDigit(c);
        }

        var isLetter = Rune.DecodeFromUtf16(_text[i..], out var rune, out width) == System.Buffers.OperationStatus.Done && Rune.IsLetterOrDigit(rune);
        isUnspaced = isLetter && Scripts.HasNoSpaces(rune);
        return isLetter;
    }
}
