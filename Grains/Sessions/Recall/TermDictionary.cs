using System.Runtime.InteropServices;

namespace Actors.Sessions.Recall;

/// <summary>The terms of one index (<see cref="Word.Term"/>), numbered from 0. Not thread safe.</summary>
internal sealed class TermDictionary
{
    private const int BytesPerEntry = 80;
    private readonly Dictionary<string, int> _terms = new(StringComparer.Ordinal);
    private long _characters;

    public int Count => _terms.Count;

    /// <summary>Estimate of the bytes it takes.</summary>
    public long Bytes => (_terms.Count * (long)BytesPerEntry) + (_characters * sizeof(char));

    /// <summary>The number of a term, a new one if need be.</summary>
    public int Intern(string term)
    {
        ref var number = ref CollectionsMarshal.GetValueRefOrAddDefault(_terms, term, out var exists);
        if (!exists)
        {
            number = _terms.Count - 1;
            _characters += term.Length;
        }

        return number;
    }

    /// <summary>The number of a term; -1: no indexed text has it.</summary>
    public int Find(string term) => _terms.TryGetValue(term, out var number) ? number : -1;
}
