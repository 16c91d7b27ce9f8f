namespace Actors.Sessions.Recall;

/// <summary>How long memories are with what their neighbours in the conversation lend them, in hundredths of a term. Not thread safe.</summary>
/// <param name="entries">The memories, and where each keeps its length.</param>
/// <param name="ranking">How much is lent.</param>
internal sealed class ContextLengths(EntryTable entries, RankingOptions ranking)
{
    /// <summary>Of all memories.</summary>
    public long Total { get; private set; }

    /// <summary>Measures a memory and those up to two places away, which are those a change of it is felt by.</summary>
    /// <param name="previous">Ordinal of the one before, or <see cref="IndexEntry.None"/>.</param>
    /// <param name="ordinal">The memory, or <see cref="IndexEntry.None"/> when it has left.</param>
    /// <param name="next">Ordinal of the one after, or <see cref="IndexEntry.None"/>.</param>
    public void MeasureAround(int previous, int ordinal, int next)
    {
        Measure(previous == IndexEntry.None ? previous : entries[previous].Previous);
        Measure(previous);
        Measure(ordinal);
        Measure(next);
        Measure(next == IndexEntry.None ? next : entries[next].Next);
    }

    /// <summary>A memory leaves.</summary>
    public void Remove(int ordinal) => Total -= entries[ordinal].ContextLength;

    public void Clear() => Total = 0;

    private void Measure(int ordinal)
    {
        if (ordinal == IndexEntry.None)
        {
            return;
        }

        ref var entry = ref entries[ordinal];
        Total -= entry.ContextLength;
        entry.ContextLength = 100 * entry.Length;
        if (entry.Previous != IndexEntry.None)
        {
            ref readonly var previous = ref entries[entry.Previous];
            entry.ContextLength += (previous.Traits.Asks ? ranking.PreviousQuestionPercent : ranking.PreviousPercent) * previous.Length;
            entry.ContextLength += previous.Previous == IndexEntry.None ? 0 : ranking.SecondPreviousPercent * entries[previous.Previous].Length;
        }

        if (entry.Next != IndexEntry.None)
        {
            ref readonly var next = ref entries[entry.Next];
            entry.ContextLength += ranking.NextPercent * next.Length;
            entry.ContextLength += next.Next == IndexEntry.None ? 0 : ranking.SecondNextPercent * entries[next.Next].Length;
        }

        Total += entry.ContextLength;
    }
}
