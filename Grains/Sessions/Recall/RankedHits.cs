using System.Collections.Immutable;

namespace Actors.Sessions.Recall;

/// <summary>Joins what several indexes found for one question.</summary>
internal static class RankedHits
{
    /// <summary>
    /// The k best of all: higher score first, then newer first, then by id. A belief that one index holds as present and
    /// another, read a moment later, as past is one result.
    /// </summary>
    public static ImmutableArray<RecallHit> Merge(ImmutableArray<RecallHit> some, ImmutableArray<RecallHit> others, int k) =>
        others.IsEmpty ? some
        : some.IsEmpty ? others
        : [.. some.Concat(others)
            .OrderByDescending(hit => hit.Similarity).ThenByDescending(hit => hit.Memory.CreatedAt).ThenBy(hit => hit.Memory.Id)
            .DistinctBy(hit => hit.Memory.Id)
            .Take(k)];
}
