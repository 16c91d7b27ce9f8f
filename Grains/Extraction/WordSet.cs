using System.Collections.Frozen;

namespace Actors.Extraction;

/// <summary>Words in lower case.</summary>
internal sealed class WordSet(string words)
{
    private readonly FrozenSet<string> _words = words.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries).ToFrozenSet();

    public bool Contains(string word) => _words.Contains(word);
}
