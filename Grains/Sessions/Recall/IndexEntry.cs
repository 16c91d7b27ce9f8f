namespace Actors.Sessions.Recall;

/// <summary>What the index knows of a memory beside its terms.</summary>
internal struct IndexEntry
{
    /// <summary>No entry, no conversation.</summary>
    public const int None = -1;

    /// <summary>Null: removed.</summary>
    public IMemory? Memory;

    /// <summary>Terms, repeats counted.</summary>
    public int Length;

    /// <summary>Length together with what neighbours lend it, in hundredths of a term.</summary>
    public int ContextLength;

    /// <summary>Ordinals of the neighbours in the conversation.</summary>
    public int Previous, Next;

    /// <summary>Numbers of conversation and speaker; a speaker only within a conversation.</summary>
    public int Conversation, Speaker;

    public TextTraits Traits;

    /// <summary>Whether it ends by itself, so that a search has to ask whether it still counts for its neighbours.</summary>
    public bool Ends;
}

/// <summary>Entries by ordinal. Grows by a quarter, since doubling wastes half of a large index.</summary>
internal sealed class EntryTable
{
    private IndexEntry[] _entries = [];

    public int Count { get; private set; }

    /// <summary>Bytes the table takes.</summary>
    public long Bytes => _entries.Length * (long)System.Runtime.CompilerServices.Unsafe.SizeOf<IndexEntry>();

    public ref IndexEntry this[int ordinal] => ref _entries[ordinal];

    public ref IndexEntry Add()
    {
        if (Count == _entries.Length)
        {
            Array.Resize(ref _entries, Math.Max(8, Count < 1_024 ? Count * 2 : Count + (Count / 4)));
        }

        return ref _entries[Count++];
    }

    public void Clear()
    {
        _entries = [];
        Count = 0;
    }
}
