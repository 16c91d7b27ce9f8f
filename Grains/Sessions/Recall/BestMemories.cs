namespace Actors.Sessions.Recall;

/// <summary>The k best of the memories offered, kept in a heap whose top is the worst of them.</summary>
internal sealed class BestMemories(int k)
{
    private static readonly Comparer<Hit> BestFirst = Comparer<Hit>.Create(Compare);
    private static readonly Comparer<Hit> WorstFirst = Comparer<Hit>.Create((x, y) => Compare(y, x));
    private readonly PriorityQueue<Hit, Hit> _heap = new(WorstFirst);

    public readonly record struct Hit(double Score, IMemory Memory, int Ordinal);

    /// <summary>Best first.</summary>
    public IEnumerable<Hit> Ranked => _heap.UnorderedItems.Select(item => item.Element).Order(BestFirst);

    /// <summary>Whether <see cref="Add"/> would keep this hit; cheap, so asked before any filter.</summary>
    public bool Wants(Hit hit) => _heap.Count < k || Compare(hit, _heap.Peek()) < 0;

    public void Add(Hit hit)
    {
        if (_heap.Count < k)
        {
            _heap.Enqueue(hit, hit);
        }
        else
        {
            _heap.EnqueueDequeue(hit, hit);
        }
    }

    private static int Compare(Hit x, Hit y)
    {
        var byScore = y.Score.CompareTo(x.Score);
        if (byScore != 0)
        {
            return byScore;
        }

        var byTime = y.Memory.CreatedAt.CompareTo(x.Memory.CreatedAt);
        return byTime != 0 ? byTime : x.Memory.Id.CompareTo(y.Memory.Id);
    }
}
