using Actors.Facts;

namespace Actors.Sessions.Recall;

/// <summary>Reads a memory's text once: its terms with their repeats, and its traits. Reused; not thread safe.</summary>
internal sealed class IndexedText(TermDictionary dictionary, Speakers speakers)
{
    private int[] _terms = new int[64];
    private int _timeWords;
    private int _addressed;
    private int _names;
    private bool _hasNumber;
    private bool _speaksOfSelf;

    /// <summary>Terms in all, repeats counted.</summary>
    public int Length { get; private set; }

    public TextTraits Traits { get; private set; }

    /// <summary>The terms' numbers, ascending, repeats included.</summary>
    public ReadOnlySpan<int> Terms => _terms.AsSpan(0, Length);

    /// <param name="memory">What to read. A fact is also found by what it is about, and of what kind it is.</param>
    public void Read(IMemory memory)
    {
        (Length, _timeWords, _addressed, _names, _hasNumber, _speaksOfSelf) = (0, 0, 0, 0, false, false);
        var content = FoldedText.Of(memory.Content);
        Read(content);
        Traits = new TextTraits(
            content.Contains('?'), content.AsSpan().TrimEnd().EndsWith("?"), _hasNumber, _speaksOfSelf, _timeWords, _addressed, _names);
        if (memory is FactRecord fact)
        {
            Read(FoldedText.Of(fact.Subject.Type));
            Read(FoldedText.Of(fact.Subject.Id));
            Read(FoldedText.Of(fact.FactType));
            Read(FoldedText.Of(fact.FactKey ?? ""));
            Read(FoldedText.Of(fact.Category ?? ""));
        }

        _terms.AsSpan(0, Length).Sort();
    }

    private void Read(string text)
    {
        var tokenizer = new Tokenizer(text, stackalloc char[Tokenizer.MaxWordLength]);
        for (var word = tokenizer.Next(); !word.IsEmpty; word = tokenizer.Next())
        {
            Notice(word, text, tokenizer.Source.Start);
            if (dictionary.Intern(word) is { } term)
            {
                if (Length == _terms.Length)
                {
                    Array.Resize(ref _terms, Length * 2);
                }

                _terms[Length++] = term;
            }
        }
    }

    private void Notice(ReadOnlySpan<char> word, string text, int start)
    {
        _timeWords += WordClass.Time.Contains(word) ? 1 : 0;
        _addressed += WordClass.Addressed.Contains(word) ? 1 : 0;
        _speaksOfSelf |= WordClass.Self.Contains(word);
        _hasNumber |= !word.ContainsAnyExceptInRange('0', '9') || WordClass.Number.Contains(word);
        if (char.IsUpper(text[start]) && !StartsSentence(text, start) && !WordClass.Stop.Contains(word) && !speakers.IsName(word))
        {
            _names++;
        }
    }

    private static bool StartsSentence(string text, int start)
    {
        var before = text.AsSpan(0, start).TrimEnd();
        return before.IsEmpty || before[^1] is '.' or '!' or '?' or ':' or '"' || text.AsSpan(before.Length, start - before.Length).Contains('\n');
    }
}
