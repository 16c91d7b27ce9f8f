using System.Runtime.InteropServices;

namespace Actors.Sessions.Recall;

/// <summary>The posting lists of an index, by term.</summary>
internal sealed class Postings
{
    private const int BytesPerTerm = 24;
    private readonly List<PostingList> _lists = [];
    private long _bytes;

    public TermDictionary Dictionary { get; } = new();

    /// <summary>Estimate of the bytes lists and dictionary take.</summary>
    public long Bytes => _bytes + (_lists.Capacity * (long)BytesPerTerm) + Dictionary.Bytes;

    public ref readonly PostingList this[int term] => ref CollectionsMarshal.AsSpan(_lists)[term];

    /// <param name="ordinal">Above all added before.</param>
    /// <param name="terms">Its terms, ascending, repeats included.</param>
    public void Add(int ordinal, ReadOnlySpan<int> terms)
    {
        CollectionsMarshal.SetCount(_lists, Math.Max(_lists.Count, Dictionary.Count));
        var lists = CollectionsMarshal.AsSpan(_lists);
        for (var i = 0; i < terms.Length;)
        {
            var frequency = CountSame(terms[i..]);
            ref var list = ref lists[terms[i]];
            _bytes -= list.Bytes;
            list.Add(ordinal, frequency);
            _bytes += list.Bytes;
            i += frequency;
        }
    }

    /// <param name="terms">The terms of a removed memory, as it was added.</param>
    public void Forget(ReadOnlySpan<int> terms)
    {
        var lists = CollectionsMarshal.AsSpan(_lists);
        for (var i = 0; i < terms.Length; i += CountSame(terms[i..]))
        {
            lists[terms[i]].Forget();
        }
    }

    private static int CountSame(ReadOnlySpan<int> terms)
    {
        var others = terms.IndexOfAnyExcept(terms[0]);
        return others < 0 ? terms.Length : others;
    }
}
