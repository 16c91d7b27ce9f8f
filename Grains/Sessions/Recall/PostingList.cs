namespace Actors.Sessions.Recall;

/// <summary>The memories that hold one term: ordinals ascending, each with its term frequency.</summary>
internal sealed class PostingList
{
    private int[] _ordinals = new int[2];
    private byte[] _frequencies = new byte[2];

    /// <summary>How many memories hold the term, removed ones included.</summary>
    public int Count { get; private set; }

    /// <summary>How many memories that are still there hold the term.</summary>
    public int DocumentFrequency { get; private set; }

    public ReadOnlySpan<int> Ordinals => _ordinals.AsSpan(0, Count);

    public ReadOnlySpan<byte> Frequencies => _frequencies.AsSpan(0, Count);

    /// <summary>Adds one occurrence. Ordinals never go back; a frequency stops at 255, where BM25 is long saturated.</summary>
    public void Add(int ordinal)
    {
        if (Count > 0 && _ordinals[Count - 1] == ordinal)
        {
            if (_frequencies[Count - 1] < byte.MaxValue)
            {
                _frequencies[Count - 1]++;
            }

            return;
        }

        if (Count == _ordinals.Length)
        {
            Array.Resize(ref _ordinals, Count * 2);
            Array.Resize(ref _frequencies, Count * 2);
        }

        _ordinals[Count] = ordinal;
        _frequencies[Count] = 1;
        Count++;
        DocumentFrequency++;
    }

    /// <summary>A memory with this term was removed; its posting stays until the index is compacted.</summary>
    public void Forget() => DocumentFrequency--;

    public bool Contains(int ordinal) => Ordinals.BinarySearch(ordinal) >= 0;
}
