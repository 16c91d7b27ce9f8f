using Actors.Embeddings;

namespace Actors.Sessions.Recall;

/// <summary>
/// The vectors of an index's memories. One that comes before its memory waits for it; those of another size than the first are left
/// out. Not thread safe.
/// </summary>
internal sealed class MemoryVectors
{
    // So many may wait for their memories.
    private const int MostEarly = 4_096;

    // Of a vector that waits: its object, and its share of the map.
    private const int BytesPerEarly = 120;

    private readonly Dictionary<Guid, QuantizedVector> _early = [];
    private long _earlyBytes;

    /// <summary>Null: no memory has a vector.</summary>
    public VectorColumn? Column { get; private set; }

    /// <summary>Memory held, those that wait included; estimated.</summary>
    public long Bytes => (Column?.Bytes ?? 0) + _earlyBytes;

    /// <summary>A copy of an ordinal's vector; null when it has none.</summary>
    public QuantizedVector? Find(int ordinal) => Column?.Find(ordinal);

    public void Put(int ordinal, QuantizedVector vector)
    {
        Column ??= new VectorColumn(vector.Dimensions);
        if (vector.Dimensions == Column.Dimensions)
        {
            Column.Put(ordinal, vector.Values, vector.Scale);
        }
    }

    /// <summary>Keeps a vector for a memory that is not there yet.</summary>
    public void PutEarly(Guid memoryId, QuantizedVector vector)
    {
        if (_early.Count < MostEarly)
        {
            RemoveEarly(memoryId);
            _early.Add(memoryId, vector);
            _earlyBytes += BytesPerEarly + vector.Dimensions;
        }
    }

    /// <summary>The vector that waited for this memory, as it is now; null: none did.</summary>
    public QuantizedVector? TakeEarly(IMemory memory)
    {
        if (!_early.TryGetValue(memory.Id, out var vector) || !vector.IsOf(memory.Content))
        {
            return null;
        }

        RemoveEarly(memory.Id);
        return vector;
    }

    private void RemoveEarly(Guid memoryId)
    {
        if (_early.Remove(memoryId, out var vector))
        {
            _earlyBytes -= BytesPerEarly + vector.Dimensions;
        }
    }

    public void Remove(int ordinal) => Column?.Remove(ordinal);

    /// <summary>As <see cref="VectorColumn.Renumber"/>.</summary>
    public void Renumber(ReadOnlySpan<int> newOrdinals) => Column?.Renumber(newOrdinals);
}
