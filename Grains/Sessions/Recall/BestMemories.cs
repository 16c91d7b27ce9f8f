namespace Actors.Sessions.Recall;

/// <summary>The k best of the memories offered, kept in a heap whose top is the worst of them.</summary>
internal sealed class BestMemories(int k)
{
    private readonly Hit[] _heap = new Hit[k];
    private int _count;

    public readonly record struct Hit(double Score, IMemory Memory, int Ordinal);

    /// <summary>Takes out what was kept, best first: higher score, then newer, then by id.</summary>
    public ReadOnlySpan<Hit> Ranked()
    {
        var hits = _heap.AsSpan(0, _count);
        hits.Sort(static (x, y) => IsBetter(x, y) ? -1 : IsBetter(y, x) ? 1 : 0);
        return hits;
    }

    /// <summary>A score below which nothing is kept any more.</summary>
    public double Floor => _count < _heap.Length ? double.NegativeInfinity : _heap[0].Score;

    /// <summary>Whether <see cref="Add"/> would keep this hit; cheap, so asked before any filter.</summary>
    public bool Wants(in Hit hit) => _count < _heap.Length || IsBetter(hit, _heap[0]);

    public void Add(in Hit hit)
    {
        if (_count < _heap.Length)
        {
            Rise(hit);
        }
        else
        {
            Sink(hit);
        }
    }

    private void Rise(in Hit hit)
    {
        var i = _count++;
        while (i > 0 && IsBetter(_heap[(i - 1) / 2], hit))
        {
            _heap[i] = _heap[(i - 1) / 2];
            i = (i - 1) / 2;
        }

        _heap[i] = hit;
    }

    private void Sink(in Hit hit)
    {
        var i = 0;
        while (true)
        {
            var child = (2 * i) + 1;
            if (child >= _count)
            {
                break;
            }

            if (child + 1 < _count && IsBetter(_heap[child], _heap[child + 1]))
            {
                child++;
            }

            if (!IsBetter(hit, _heap[child]))
            {
                break;
            }

            _heap[i] = _heap[child];
            i = child;
        }

        _heap[i] = hit;
    }

    private static bool IsBetter(in Hit x, in Hit y)
    {
        if (x.Score != y.Score)
        {
            return x.Score > y.Score;
        }

        var byTime = x.Memory.CreatedAt.CompareTo(y.Memory.CreatedAt);
        return byTime != 0 ? byTime > 0 : x.Memory.Id.CompareTo(y.Memory.Id) < 0;
    }
}
