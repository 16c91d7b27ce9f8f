namespace Actors.Extraction.Rules;

/// <summary>A word of a sentence. Of a contraction each part is a word of its own; all but the first have no text of their own.</summary>
/// <param name="Text">In lower case, without punctuation around it, apostrophes straight.</param>
/// <param name="Start">Its first character in the memory.</param>
/// <param name="End">After its last one.</param>
/// <param name="Break">The mark after it that parts clauses, one of <c>, ; : -</c>; none: <c>\0</c>.</param>
/// <param name="IsCapital">Begins with a capital.</param>
/// <param name="IsQuoted">Stands within double quotes.</param>
internal readonly record struct SentenceWord(string Text, int Start, int End, char Break, bool IsCapital, bool IsQuoted)
{
    /// <summary>The later part of a contraction.</summary>
    public bool IsPart => Start == End;
}

/// <summary>A sentence of a memory.</summary>
/// <param name="Memory">The memory's whole text, in which the words lie.</param>
/// <param name="Words">At least one.</param>
/// <param name="IsQuestion">Ends with a question mark.</param>
/// <param name="IsMarked">Has a mark of sarcasm: a face that laughs, winks or rolls its eyes.</param>
internal sealed record Sentence(string Memory, IReadOnlyList<SentenceWord> Words, bool IsQuestion, bool IsMarked)
{
    // Who writes longer ones writes no plain statements.
    private const int MaxWords = 80;

    /// <summary>Whether it is short enough to be understood.</summary>
    public bool IsReadable => Words.Count <= MaxWords;

    /// <summary>The words of a place as they are written, without the marks around them.</summary>
    public string TextOf(int from, int to) => to <= from ? "" : Memory[Words[from].Start..Words[to - 1].End];
}
