using System.Collections.Immutable;

namespace Actors.Embeddings;

/// <summary>What came for a session.</summary>
/// <param name="Vectors">In the order in which they were stored: of two for the same memory the later one counts.</param>
/// <param name="IsComplete">False: there was no room for more, and all vectors are to be loaded anew.</param>
internal sealed record VectorDelivery(ImmutableArray<(Guid MemoryId, QuantizedVector Vector)> Vectors, bool IsComplete);

/// <summary>New vectors of one client's memories, until its session takes them. Thread safe.</summary>
internal sealed class VectorInbox(Action<VectorInbox> end) : IDisposable
{
    // 3 MB at 1,536 dimensions, for a session that nobody asks anything while its memories are embedded.
    internal const int MostVectors = 2_000;

    private readonly Lock _lock = new();
    private ImmutableArray<(Guid, QuantizedVector)>.Builder _waiting = ImmutableArray.CreateBuilder<(Guid, QuantizedVector)>();
    private bool _hasOverflown;
    private volatile bool _isEmpty = true;

    /// <returns>Null: nothing came.</returns>
    public VectorDelivery? Take()
    {
        if (_isEmpty)
        {
            return null;
        }

        lock (_lock)
        {
            var delivery = new VectorDelivery(_waiting.ToImmutable(), !_hasOverflown);
            _waiting = ImmutableArray.CreateBuilder<(Guid, QuantizedVector)>();
            (_hasOverflown, _isEmpty) = (false, true);
            return delivery;
        }
    }

    public void Put(Guid memoryId, QuantizedVector vector)
    {
        lock (_lock)
        {
            if (_waiting.Count >= MostVectors)
            {
                _hasOverflown = true;
                _waiting.Clear();
            }

            if (!_hasOverflown)
            {
                _waiting.Add((memoryId, vector));
            }

            _isEmpty = false;
        }
    }

    /// <summary>Nothing comes any more.</summary>
    public void Dispose() => end(this);
}
