namespace Actors.Sessions.Recall;

/// <summary>
/// The terms of one index, numbered from 0. A term is the stem of a word that is no stop word; irregular forms count as their
/// base form. Not thread safe.
/// </summary>
internal sealed class TermDictionary
{
    private const int BytesPerEntry = 80;
    private readonly Dictionary<string, int> _terms = new(StringComparer.Ordinal);
    private readonly Dictionary<string, int>.AlternateLookup<ReadOnlySpan<char>> _termsBySpan;
    private long _characters;

    public TermDictionary() => _termsBySpan = _terms.GetAlternateLookup<ReadOnlySpan<char>>();

    public int Count => _terms.Count;

    /// <summary>Estimate of the bytes it takes.</summary>
    public long Bytes => (_terms.Count * (long)BytesPerEntry) + (_characters * sizeof(char));

    /// <summary>The term of a word.</summary>
    /// <param name="word">A word; its characters are overwritten.</param>
    /// <returns>Empty for a stop word; valid as long as the word's memory is.</returns>
    public static ReadOnlySpan<char> Term(Span<char> word) =>
        WordClass.Stop.Contains(word) ? []
        : IrregularForms.StemOf(word) is { } stem ? stem
        : word[..PorterStemmer.Stem(word)];

    /// <summary>The number of a word's term, a new one if need be; null for a stop word.</summary>
    public int? Intern(Span<char> word)
    {
        var term = Term(word);
        if (term.IsEmpty)
        {
            return null;
        }

        if (!_termsBySpan.TryGetValue(term, out var number))
        {
            number = _terms.Count;
            _terms.Add(term.ToString(), number);
            _characters += term.Length;
        }

        return number;
    }

    /// <summary>The number of a term; -1: no indexed text has it.</summary>
    public int Find(ReadOnlySpan<char> term) => _termsBySpan.TryGetValue(term, out var number) ? number : -1;
}
