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
        for (var next = tokenizer.Next(); !next.IsEmpty; next = tokenizer.Next())
        {
            var word = Word.Of(next);
            Notice(word, text, tokenizer.Source.Start);
            if (!word.IsStop)
            {
                if (Length == _terms.Length)
                {
                    Array.Resize(ref _terms, Length * 2);
                }

                _terms[Length++] = dictionary.Intern(word.Term);
            }
        }
    }

    private void Notice(Word word, string text, int start)
    {
        _timeWords += word.IsTime ? 1 : 0;
        _addressed += word.IsAddressed ? 1 : 0;
        _speaksOfSelf |= word.IsSelf;
        _hasNumber |= word.IsNumber;
        if (char.IsUpper(text[start]) && !StartsSentence(text, start) && !word.IsStop && !speakers.IsName(word.Text))
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
