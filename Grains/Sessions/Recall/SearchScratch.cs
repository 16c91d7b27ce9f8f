namespace Actors.Sessions.Recall;

/// <summary>
/// Room for one search: sums by ordinal, all zero between searches. One per thread, since a search does not wait; as large as
/// the largest index the thread has searched.
/// </summary>
internal sealed class SearchScratch
{
    [ThreadStatic]
    private static SearchScratch? _ofThread;

    private SearchScratch()
    {
    }

    /// <summary>Term frequency with what neighbours lend, in 1/10,000, of the term at hand.</summary>
    public int[] Context { get; private set; } = [];

    /// <summary>Term frequency of the memory alone, in 1/100, of the term at hand.</summary>
    public int[] Own { get; private set; } = [];

    /// <summary>Ordinals at which <see cref="Context"/> is not zero.</summary>
    public OrdinalList Touched { get; } = new();

    /// <summary>BM25 with context, over all terms so far.</summary>
    public double[] Scores { get; private set; } = [];

    /// <summary>BM25 of the memory alone.</summary>
    public double[] OwnScores { get; private set; } = [];

    /// <summary>A bit for each of the question's first terms that is in the memory itself, <see cref="RelatedBit"/> and <see cref="ContextBit"/>.</summary>
    public ulong[] Matched { get; private set; } = [];

    /// <summary>Ordinals at which <see cref="Scores"/> is not zero.</summary>
    public OrdinalList Candidates { get; } = new();

    /// <summary>Best of <see cref="OwnScores"/> by conversation.</summary>
    public double[] Conversations { get; private set; } = [];

    /// <summary>Says that a related word is in the memory.</summary>
    public const ulong RelatedBit = 1UL << 63;

    /// <summary>Says that a neighbour lends a term.</summary>
    public const ulong ContextBit = 1UL << 62;

    /// <summary>How many of a question's terms have a bit.</summary>
    public const int MatchBits = 62;

    public static SearchScratch For(int entries, int conversations)
    {
        var scratch = _ofThread ??= new SearchScratch();
        if (scratch.Context.Length < entries)
        {
            var size = entries + (entries / 4);
            scratch.Context = new int[size];
            scratch.Own = new int[size];
            scratch.Scores = new double[size];
            scratch.OwnScores = new double[size];
            scratch.Matched = new ulong[size];
            scratch.Touched.Capacity = size;
            scratch.Candidates.Capacity = size;
        }

        if (scratch.Conversations.Length < conversations)
        {
            scratch.Conversations = new double[conversations + (conversations / 4)];
        }

        return scratch;
    }

    /// <summary>Makes all sums zero again, also after a search that failed.</summary>
    public void Clear(int conversations)
    {
        foreach (var ordinal in Touched.Span)
        {
            Context[ordinal] = 0;
            Own[ordinal] = 0;
        }

        foreach (var ordinal in Candidates.Span)
        {
            Scores[ordinal] = 0;
            OwnScores[ordinal] = 0;
            Matched[ordinal] = 0;
        }

        Touched.Clear();
        Candidates.Clear();
        Conversations.AsSpan(0, conversations).Clear();
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
