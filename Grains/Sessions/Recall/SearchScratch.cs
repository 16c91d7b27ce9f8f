namespace Actors.Sessions.Recall;

/// <summary>
/// Room for one search: sums by ordinal, all zero between searches. One per thread, since a search does not wait; as large as
/// the largest index the thread has searched.
/// </summary>
internal sealed class SearchScratch
{
    /// <summary>Says that a related word is in the memory.</summary>
    public const ulong RelatedBit = 1UL << 63;

    /// <summary>Says that a neighbour lends a term.</summary>
    public const ulong ContextBit = 1UL << 62;

    /// <summary>How many of a question's terms have a bit.</summary>
    public const int MatchBits = 62;

    [ThreadStatic]
    private static SearchScratch? _ofThread;

    private Sum[] _sums = [];
    private double[] _conversations = [];
    private float[] _cosines = [];

    private SearchScratch()
    {
    }

    /// <summary>What a search has added up for one memory.</summary>
    public struct Sum
    {
        /// <summary>BM25 with context, over all terms so far.</summary>
        public double Score;

        /// <summary>BM25 of the memory alone.</summary>
        public double OwnScore;

        /// <summary>A bit for each of the question's first terms that is in the memory itself, <see cref="RelatedBit"/> and <see cref="ContextBit"/>.</summary>
        public ulong Matched;

        /// <summary>Term frequency with what neighbours lend, in 1/10,000, of the term at hand.</summary>
        public int Context;

        /// <summary>Term frequency of the memory alone, in 1/100, of the term at hand.</summary>
        public int Own;
    }

    public Span<Sum> Sums => _sums;

    /// <summary>Ordinals of which the term at hand has a sum.</summary>
    public OrdinalList Touched { get; } = new();

    /// <summary>Ordinals that have a score, or are near in meaning.</summary>
    public OrdinalList Candidates { get; } = new();

    /// <summary>Best of <see cref="Sum.OwnScore"/> by conversation.</summary>
    public Span<double> Conversations => _conversations;

    /// <summary>Cosines with the question's vector by ordinal; only a search with a vector fills and reads them.</summary>
    public Span<float> Cosines => _cosines;

    public static SearchScratch For(int entries, int conversations)
    {
        var scratch = _ofThread ??= new SearchScratch();
        if (scratch._sums.Length < entries)
        {
            var size = entries + (entries / 4);
            scratch._sums = new Sum[size];
            scratch.Touched.Capacity = size;
            scratch.Candidates.Capacity = size;
        }

        if (scratch._conversations.Length < conversations)
        {
            scratch._conversations = new double[conversations + (conversations / 4)];
        }

        return scratch;
    }

    /// <summary>Room for the cosines of so many entries, with what earlier searches left.</summary>
    public Span<float> CosinesOf(int entries)
    {
        if (_cosines.Length < entries)
        {
            _cosines = new float[entries + (entries / 4)];
        }

        return _cosines.AsSpan(0, entries);
    }

    /// <summary>Makes all sums zero again, also after a search that failed.</summary>
    public void Clear(int conversations)
    {
        foreach (var ordinal in Touched.Span)
        {
            _sums[ordinal] = default;
        }

        foreach (var ordinal in Candidates.Span)
        {
            _sums[ordinal] = default;
        }

        Touched.Clear();
        Candidates.Clear();
        _conversations.AsSpan(0, conversations).Clear();
    }
}

/// <summary>A list of ordinals whose room is known beforehand.</summary>
internal sealed class OrdinalList
{
    private int[] _ordinals = [];
    private int _count;

    public int Capacity
    {
        get => _ordinals.Length;
        set => Array.Resize(ref _ordinals, value);
    }

    public ReadOnlySpan<int> Span => _ordinals.AsSpan(0, _count);

    public void Add(int ordinal) => _ordinals[_count++] = ordinal;

    public void Clear() => _count = 0;
}
