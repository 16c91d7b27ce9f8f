using System.Collections.Immutable;
using Actors.Facts;
using Actors.Zep;

namespace Actors.Sessions.Recall;

/// <summary>Joins what Zep found with what was found here.</summary>
internal static class ZepHits
{
    /// <summary>
    /// The k best of all, in the order of <see cref="RankedHits"/>. What Zep has of a memory of the client is that memory, as it is here now, once,
    /// with the higher of both scores; not at all when it is gone, over or not asked for. What Zep has of nobody here is a result of its own, unless
    /// one with the same words is there already.
    /// </summary>
    /// <param name="here">What was found here, best first.</param>
    /// <param name="findings">What Zep found, best first.</param>
    /// <param name="most">How many of them count at most.</param>
    /// <param name="find">A memory of the client by its id; null: there is none.</param>
    /// <param name="filter">What the question admits.</param>
    /// <param name="k">How many results are wanted.</param>
    public static ImmutableArray<RecallHit> Merge(
        ImmutableArray<RecallHit> here, ImmutableArray<ZepFinding> findings, int most, Func<Guid, IMemory?> find, RecallFilter filter, int k)
    {
        if (findings.IsEmpty)
        {
            return here;
        }

        var hits = here.ToDictionary(hit => hit.Memory.Id);
        var texts = here.Select(hit => hit.Memory.Content.Trim()).ToHashSet(StringComparer.OrdinalIgnoreCase);
        foreach (var (memory, score) in findings.Select(finding => (Memory: MemoryOf(finding, find, filter), finding.Score)).Where(found => found.Memory is not null && filter.Admits(found.Memory)).Take(most))
        {
            if (hits.TryGetValue(memory!.Id, out var known))
            {
                hits[memory.Id] = known with { Similarity = Math.Max(known.Similarity, score), Reasons = known.Reasons | RecallReasons.Zep };
            }
            else if (texts.Add(memory.Content.Trim()) || memory is not ZepMemory)
            {
                hits[memory.Id] = new RecallHit(memory as EventRecord, memory as FactRecord, score, [], 0, RecallReasons.Zep, memory as ZepMemory);
            }
        }

        return
        [
            .. hits.Values.OrderByDescending(hit => hit.Similarity).ThenByDescending(hit => hit.Memory.CreatedAt).ThenBy(hit => hit.Memory.Id).Take(k),
        ];
    }

    // Whether a fact of ours holds, we know better. Of a message Zep may know that what it said is over. Of several memories the first that is asked for.
    private static IMemory? MemoryOf(ZepFinding finding, Func<Guid, IMemory?> find, RecallFilter filter)
    {
        var all = finding.Own.Concat(finding.Ids).Select(find).OfType<IMemory>().ToArray();
        var own = all.FirstOrDefault(filter.Admits) ?? all.FirstOrDefault();
        return own is FactRecord ? own
            : finding.IsOver ? null
            : own ?? (finding.Own.IsEmpty ? finding.Memory : null);
    }
}
