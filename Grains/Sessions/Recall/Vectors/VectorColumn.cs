using System.Runtime.InteropServices;
using Actors.Embeddings;

namespace Actors.Sessions.Recall;

/// <summary>
/// The vectors of an index's memories by their ordinals, in chunks of bytes that never move: growth allocates and does not copy, and
/// the room of a removed vector is given to the next. Not thread safe.
/// </summary>
/// <param name="dimensions">Bytes per vector, 1 to <see cref="QuantizedVector.MaxDimensions"/>.</param>
internal sealed class VectorColumn(int dimensions)
{
    // 24 KiB at 1,536 dimensions: below the large object heap, and little for a client with a handful of memories.
    private const int SlotsPerChunk = 16;

    private const int None = -1;

    private readonly List<sbyte[]> _chunks = [];
    private readonly List<float> _scales = [];
    private readonly Stack<int> _free = new();
    private readonly List<int> _slots = [];

    public int Dimensions => dimensions;

    /// <summary>How many ordinals have a vector.</summary>
    public int Count { get; private set; }

    /// <summary>Memory held, without the objects' own headers.</summary>
    public long Bytes =>
        ((long)_chunks.Count * SlotsPerChunk * dimensions) + (sizeof(float) * (long)_scales.Capacity) + (sizeof(int) * (long)(_slots.Capacity + _free.Count));

    /// <summary>Gives an ordinal its vector, in the place of the one it may have.</summary>
    /// <param name="ordinal">At least 0; the column is as long as the largest one.</param>
    /// <param name="vector">As many bytes as there are dimensions, none of them -128.</param>
    /// <param name="scale">What makes the vector's length 1.</param>
    /// <exception cref="ArgumentException">The vector has another number of dimensions.</exception>
    public void Put(int ordinal, ReadOnlySpan<sbyte> vector, float scale)
    {
        if (vector.Length != dimensions)
        {
            throw new ArgumentException($"A vector of {vector.Length} dimensions is no vector of {dimensions}.", nameof(vector));
        }

        var slot = SlotOf(ordinal);
        if (slot == None)
        {
            slot = TakeSlot();
            Assign(ordinal, slot);
            Count++;
        }

        vector.CopyTo(At(slot));
        _scales[slot] = scale;
    }

    /// <returns>False when the ordinal has no vector.</returns>
    public bool Remove(int ordinal)
    {
        var slot = SlotOf(ordinal);
        if (slot == None)
        {
            return false;
        }

        _slots[ordinal] = None;
        _free.Push(slot);
        Count--;
        return true;
    }

    /// <summary>A copy of an ordinal's vector; null when it has none.</summary>
    public QuantizedVector? Find(int ordinal) => SlotOf(ordinal) is >= 0 and var slot ? QuantizedVector.Stored(At(slot), _scales[slot]) : null;

    /// <summary>Gives the vectors to other ordinals, without moving them: what an index needs that closes its gaps.</summary>
    /// <param name="newOrdinals">For each ordinal its new one, all different; negative: the vector is removed. Ordinals beyond its end lose theirs.</param>
    public void Renumber(ReadOnlySpan<int> newOrdinals)
    {
        var old = _slots.ToArray();
        _slots.Clear();
        for (var ordinal = 0; ordinal < old.Length; ordinal++)
        {
            if (old[ordinal] == None)
            {
                continue;
            }

            if (ordinal < newOrdinals.Length && newOrdinals[ordinal] >= 0)
            {
                Assign(newOrdinals[ordinal], old[ordinal]);
            }
            else
            {
                _free.Push(old[ordinal]);
                Count--;
            }
        }
    }

    /// <summary>Cosines of the question's angles with all vectors.</summary>
    /// <param name="question">Of as many dimensions.</param>
    /// <param name="cosines">By ordinal, -1 to 1; 0 where there is no vector. May be shorter or longer than the column.</param>
    public void Cosines(QuantizedVector question, Span<float> cosines)
    {
        if (question.Dimensions != dimensions)
        {
            throw new ArgumentException($"A question of {question.Dimensions} dimensions is none for vectors of {dimensions}.", nameof(question));
        }

        var slots = CollectionsMarshal.AsSpan(_slots);
        for (var ordinal = 0; ordinal < cosines.Length; ordinal++)
        {
            cosines[ordinal] = ordinal < slots.Length ? Cosine(question, slots[ordinal]) : 0;
        }
    }

    // Sums of integers: the same on every machine, however wide its registers are.
    private float Cosine(QuantizedVector question, int slot) => slot == None
        ? 0
        : Math.Clamp(Int8Dot.Of(question.Values, At(slot)) * question.Scale * _scales[slot], -1, 1);

    private void Assign(int ordinal, int slot)
    {
        while (_slots.Count <= ordinal)
        {
            _slots.Add(None);
        }

        _slots[ordinal] = slot;
    }

    private int SlotOf(int ordinal) => ordinal < _slots.Count ? _slots[ordinal] : None;

    private Span<sbyte> At(int slot) => _chunks[slot / SlotsPerChunk].AsSpan(slot % SlotsPerChunk * dimensions, dimensions);

    private int TakeSlot()
    {
        if (_free.TryPop(out var free))
        {
            return free;
        }

        var slot = _scales.Count;
        if (slot == _chunks.Count * SlotsPerChunk)
        {
            _chunks.Add(GC.AllocateUninitializedArray<sbyte>(SlotsPerChunk * dimensions));
        }

        _scales.Add(0);
        return slot;
    }
}
