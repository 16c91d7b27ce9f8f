namespace Actors.Sessions.Recall;

/// <summary>
/// The terms of one index, numbered from 0. A term is a stemmed word that is no stop word; words seen before skip the
/// stemmer. Not thread safe.
/// </summary>
internal sealed class TermDictionary
{
    private const int StopWord = -1;
    private readonly Dictionary<string, int> _terms = new(StringComparer.Ordinal);
    private readonly Dictionary<string, int>.AlternateLookup<ReadOnlySpan<char>> _termsBySpan;
    private readonly Dictionary<string, int> _words = new(StringComparer.Ordinal);
    private readonly Dictionary<string, int>.AlternateLookup<ReadOnlySpan<char>> _wordsBySpan;

    public TermDictionary()
    {
        _termsBySpan = _terms.GetAlternateLookup<ReadOnlySpan<char>>();
        _wordsBySpan = _words.GetAlternateLookup<ReadOnlySpan<char>>();
    }

    public int Count => _terms.Count;

    /// <summary>The number of a word's term, a new one if need be; null for a stop word.</summary>
    public int? Intern(Span<char> word)
    {
        if (_wordsBySpan.TryGetValue(word, out var term))
        {
            return term == StopWord ? null : term;
        }

        var key = word.ToString();
        if (StopWords.Contains(word))
        {
            _words.Add(key, StopWord);
            return null;
        }

        var stem = word[..PorterStemmer.Stem(word)];
        if (!_termsBySpan.TryGetValue(stem, out term))
        {
            term = _terms.Count;
            _terms.Add(stem.ToString(), term);
        }

        _words.Add(key, term);
        return term;
    }

    /// <summary>Stems a question's word and looks it up without keeping it.</summary>
    /// <param name="word">The word; shortened to its stem unless it is a stop word.</param>
    /// <param name="term">The term's number, or -1 when no indexed text has the term.</param>
    /// <returns>False for a stop word.</returns>
    public bool TryFind(ref Span<char> word, out int term)
    {
        term = -1;
        if (StopWords.Contains(word))
        {
            return false;
        }

        word = word[..PorterStemmer.Stem(word)];
        if (!_termsBySpan.TryGetValue(word, out term))
        {
            term = -1;
        }

        return true;
    }
}
