namespace Actors.Sessions.Recall;

/// <summary>
/// The memories that hold one term, ordinals ascending, each with its term frequency. Kept as variable-length integers: the
/// distance from the ordinal before, its lowest bit telling whether a frequency above 1 follows. Two bytes are usual.
/// </summary>
internal struct PostingList
{
    // Frequencies stop here: BM25 is long saturated, and sums of neighbours stay within an int.
    private const int MostFrequent = 255;

    private byte[]? _bytes;
    private int _used;
    private int _last;

    /// <summary>How many memories that are still there hold the term.</summary>
    public int DocumentFrequency { get; private set; }

    /// <summary>Bytes it takes beside the list itself.</summary>
    public readonly int Bytes => _bytes is null ? 0 : _bytes.Length + 24;

    /// <param name="ordinal">Above all added before.</param>
    /// <param name="frequency">How often the memory has the term, at least 1.</param>
    public void Add(int ordinal, int frequency)
    {
        if (_bytes is null)
        {
            _bytes = new byte[4];
            _last = -1;
        }

        if (_used + 7 > _bytes.Length)
        {
            Array.Resize(ref _bytes, Math.Max(_used + 7, _bytes.Length + (_bytes.Length / 2)));
        }

        var distance = (uint)(ordinal - _last) << 1;
        if (frequency == 1)
        {
            Write(distance);
        }
        else
        {
            Write(distance | 1);
            Write((uint)Math.Min(frequency, MostFrequent));
        }

        _last = ordinal;
        DocumentFrequency++;
    }

    /// <summary>A memory with this term was removed; its posting stays until the index is compacted.</summary>
    public void Forget() => DocumentFrequency--;

    public readonly Enumerator GetEnumerator() => new(_bytes.AsSpan(0, _used));

    private void Write(uint value)
    {
        for (; value >= 0x80; value >>= 7)
        {
            _bytes![_used++] = (byte)(value | 0x80);
        }

        _bytes![_used++] = (byte)value;
    }

    /// <summary>Walks the postings, those of removed memories included.</summary>
    public ref struct Enumerator(ReadOnlySpan<byte> bytes)
    {
        private readonly ReadOnlySpan<byte> _bytes = bytes;
        private int _position;
        private int _ordinal = -1;
        private int _frequency;

        public readonly (int Ordinal, int Frequency) Current => (_ordinal, _frequency);

        public bool MoveNext()
        {
            if (_position >= _bytes.Length)
            {
                return false;
            }

            var distance = Read();
            _ordinal += (int)(distance >> 1);
            _frequency = (distance & 1) == 0 ? 1 : (int)Read();
            return true;
        }

        private uint Read()
        {
            uint value = _bytes[_position++];
            if (value < 0x80)
            {
                return value;
            }

            value &= 0x7F;
            for (var shift = 7; ; shift += 7)
            {
                uint next = _bytes[_position++];
                value |= (next & 0x7F) << shift;
                if (next < 0x80)
                {
                    return value;
                }
            }
        }
    }
}
