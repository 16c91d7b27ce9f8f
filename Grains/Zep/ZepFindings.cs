using System.Collections.Immutable;
using Actors.Sessions;

namespace Actors.Zep;

/// <summary>One fact that Zep found for a question.</summary>
/// <param name="Memory">The fact as Zep holds it.</param>
/// <param name="Score">How well it answers, 0 to 1.</param>
/// <param name="Own">Rows of the client that were sent to Zep as this fact, or as messages it was derived of; empty: none is known.</param>
/// <param name="Ids">Ids of the fact and those messages. Where Zep keeps ids it was given, one may be a row's though it is not known that it was sent.</param>
/// <param name="IsOver">Whether Zep holds it for ended at the time asked about.</param>
internal sealed record ZepFinding(ZepMemory Memory, double Score, ImmutableArray<Guid> Own, ImmutableArray<Guid> Ids, bool IsOver);

/// <summary>What Zep had for a question.</summary>
/// <param name="Found">Best first.</param>
/// <param name="WasAsked">Whether it was asked, and answered.</param>
/// <param name="MissingBecause">Why it was not, or did not in time, though it should have: the answer is degraded. Null: nothing is missing.</param>
internal sealed record ZepFindings(ImmutableArray<ZepFinding> Found, bool WasAsked, string? MissingBecause)
{
    /// <summary>Not asked, and nothing missing.</summary>
    public static ZepFindings None { get; } = new([], WasAsked: false, MissingBecause: null);

    public static ZepFindings Missing(string why) => new([], WasAsked: false, why);
}
