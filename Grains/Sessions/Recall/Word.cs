namespace Actors.Sessions.Recall;

/// <summary>A word as texts and questions have it, and what is known of it wherever it stands. Found out once while it is in use. Thread safe.</summary>
internal sealed class Word
{
    // By hash; who comes to a place takes it. Some 2 MB, which texts of one language fill half at most.
    private static readonly Word?[] Recent = new Word?[16_384];

    private Word(string text)
    {
        Text = text;
        IsStop = WordClass.Stop.Contains(text);
        IsTime = WordClass.Time.Contains(text);
        IsSelf = WordClass.Self.Contains(text);
        IsAddressed = WordClass.Addressed.Contains(text);
        IsNumber = !text.AsSpan().ContainsAnyExceptInRange('0', '9') || WordClass.Number.Contains(text);
        Term = IsStop ? "" : IrregularForms.StemOf(text) ?? PorterStemmer.Stem(text);
    }

    /// <summary>As <see cref="Tokenizer"/> cut it.</summary>
    public string Text { get; }

    /// <summary>What it is indexed by: its stem, or that of its base form; empty for a stop word.</summary>
    public string Term { get; }

    /// <summary>A word for a time.</summary>
    public bool IsTime { get; }

    /// <summary>The writer speaks of himself.</summary>
    public bool IsSelf { get; }

    /// <summary>The writer speaks to somebody.</summary>
    public bool IsAddressed { get; }

    /// <summary>Digits, or a word for a number.</summary>
    public bool IsNumber { get; }

    /// <summary>Says nothing about what a text is about.</summary>
    public bool IsStop { get; }

    /// <param name="text">As <see cref="Tokenizer"/> cuts it.</param>
    public static Word Of(ReadOnlySpan<char> text)
    {
        ref var place = ref Recent[string.GetHashCode(text) & (Recent.Length - 1)];
        if (Volatile.Read(ref place) is { } known && text.SequenceEqual(known.Text))
        {
            return known;
        }

        var word = new Word(text.ToString());
        Volatile.Write(ref place, word);
        return word;
    }
}
