namespace Actors.Extraction.Rules;

/// <summary>What a rule found in a clause.</summary>
/// <param name="About">Whom or what it is about: <see cref="ClauseSubject.Speaker"/>, <see cref="ClauseSubject.User"/>, <see cref="ClauseSubject.Named"/>, else the client.</param>
/// <param name="Type">Kind of fact.</param>
/// <param name="Content">What is true.</param>
/// <param name="Key">What it is single-valued in; null: nothing.</param>
/// <param name="End">After the last word of the clause that says so; null: all of it does.</param>
internal sealed record FoundFact(ClauseSubject About, string Type, string Content, string? Key = null, int? End = null);
