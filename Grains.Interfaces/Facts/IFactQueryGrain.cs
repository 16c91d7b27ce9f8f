using System.Collections.Immutable;
using Actors.Access;

namespace Actors.Facts;

/// <summary>Reads of facts on both time axes, straight from Postgres. Stateless; key: <see cref="Key"/>.</summary>
/// <remarks>Every method throws <see cref="Storage.StorageUnavailableException"/> when Postgres cannot be reached.</remarks>
[Alias("IFactQueryGrain")]
public interface IFactQueryGrain : IGrainWithStringKey
{
    /// <summary>The one key of this grain.</summary>
    public const string Key = "facts";

    /// <summary>Which subject a fact belongs to, also when it was retracted. Never changes through the API.</summary>
    /// <returns>Null when there never was such a fact.</returns>
    [Alias("FindSubject")]
    Task<FactSubject?> FindSubjectAsync(Guid factId, CancellationToken cancellationToken);

    /// <summary>One page of facts, newest first by <see cref="FactRecord.CreatedAt"/>. Large facts make short pages.</summary>
    [Alias("List")]
    Task<FactPage> ListAsync(FactListRequest request, CancellationToken cancellationToken);

    /// <summary>Facts that hold now and are of certain kinds, the most salient first, of equals the newest.</summary>
    /// <param name="visibility">Whose facts, beside the shared ones.</param>
    /// <param name="kinds">Names in lower case, one of which is the fact's type or category, whatever its case.</param>
    /// <param name="limit">Most facts: 1 to 100.</param>
    /// <param name="cancellationToken">Ends the read.</param>
    [Alias("MostSalient")]
    Task<ImmutableArray<FactRecord>> MostSalientAsync(ClientVisibility visibility, ImmutableArray<string> kinds, int limit, CancellationToken cancellationToken);

    /// <summary>One fact, whatever its valid time, as it was believed at <paramref name="knownAt"/>; null: now.</summary>
    /// <returns>Null when no such fact was believed then, or it is not visible.</returns>
    [Alias("Find")]
    Task<FactRecord?> FindAsync(Guid factId, ClientVisibility visibility, DateTimeOffset? knownAt, CancellationToken cancellationToken);

    /// <summary>The same, and how well it is known.</summary>
    [Alias("FindKnown")]
    Task<KnownFact?> FindKnownAsync(Guid factId, ClientVisibility visibility, DateTimeOffset? knownAt, CancellationToken cancellationToken);

    /// <summary>All beliefs of a fact and of the chain of changes it belongs to.</summary>
    /// <returns>Null when there never was such a fact, or it is not visible.</returns>
    [Alias("History")]
    Task<FactHistory?> HistoryAsync(Guid factId, ClientVisibility visibility, CancellationToken cancellationToken);

    /// <summary>One page of the entities an entity is linked to by facts that hold, in both directions.</summary>
    [Alias("Links")]
    Task<ImmutableArray<FactLink>> LinksAsync(FactLinksRequest request, CancellationToken cancellationToken);
}

/// <summary>Which of the facts to list, by their valid time.</summary>
[GenerateSerializer, Alias("FactInclude")]
public enum FactInclude
{
    /// <summary>Those that hold at the as-of time.</summary>
    Current,

    /// <summary>Those that had ended by the as-of time.</summary>
    History,

    /// <summary>All: ended, holding, planned.</summary>
    All,
}

/// <summary>Which facts to list. All filters that are given must hold.</summary>
/// <param name="Visibility">Whose facts, beside the shared ones, which everybody may see.</param>
/// <param name="SubjectType">Only subjects of this type.</param>
/// <param name="SubjectId">Only this subject.</param>
/// <param name="FactType">Only this kind.</param>
/// <param name="Category">Only this category.</param>
/// <param name="FactKey">Only this key.</param>
/// <param name="AsOf">Valid time; null: now, but not before the belief was recorded.</param>
/// <param name="KnownAt">Transaction time; null: now.</param>
/// <param name="Include">Which, by valid time.</param>
/// <param name="Limit">Most facts on the page: 1 to 500.</param>
/// <param name="After">Where the page before ended; null: the first page.</param>
[GenerateSerializer, Immutable, Alias("FactListRequest")]
public sealed record FactListRequest(
    [property: Id(0)] ClientVisibility Visibility,
    [property: Id(1)] string? SubjectType,
    [property: Id(2)] string? SubjectId,
    [property: Id(3)] string? FactType,
    [property: Id(4)] string? Category,
    [property: Id(5)] string? FactKey,
    [property: Id(6)] DateTimeOffset? AsOf,
    [property: Id(7)] DateTimeOffset? KnownAt,
    [property: Id(8)] FactInclude Include,
    [property: Id(9)] int Limit,
    [property: Id(10)] FactPosition? After);

/// <summary>A place in a list of facts: that of the fact with this time and id.</summary>
/// <param name="CreatedAt">When it was first known.</param>
/// <param name="Id">Its id.</param>
[GenerateSerializer, Immutable, Alias("FactPosition")]
public sealed record FactPosition([property: Id(0)] DateTimeOffset CreatedAt, [property: Id(1)] Guid Id);

/// <summary>One page of facts.</summary>
/// <param name="Facts">The facts, newest first.</param>
/// <param name="Next">Where the next page starts; null: this was the last.</param>
/// <param name="ReachesBehindRetention">Whether beliefs may be missing: the request's <see cref="FactListRequest.KnownAt"/> is a time of which retention has deleted some.</param>
[GenerateSerializer, Immutable, Alias("FactPage")]
public sealed record FactPage(
    [property: Id(0)] ImmutableArray<FactRecord> Facts, [property: Id(1)] FactPosition? Next, [property: Id(2)] bool ReachesBehindRetention = false);

/// <summary>Everything ever believed along a chain of changes.</summary>
/// <param name="Beliefs">Oldest first: by start of valid time of the fact's first belief, then by transaction time.</param>
/// <param name="IsTruncated">Whether beliefs were left out because there are more than 10,000, or they hold more than some 8,388,608 characters: those farthest from the fact that was asked for.</param>
/// <param name="ReachesBehindRetention">Whether beliefs may be missing: one of the facts was known at a time of which retention has deleted some.</param>
[GenerateSerializer, Immutable, Alias("FactHistory")]
public sealed record FactHistory(
    [property: Id(0)] ImmutableArray<FactBelief> Beliefs, [property: Id(1)] bool IsTruncated, [property: Id(2)] bool ReachesBehindRetention = false);

/// <summary>A fact and how well it is known.</summary>
/// <param name="Fact">The fact as it was believed.</param>
/// <param name="ProofCount">How many events it is known from now: those that are visible.</param>
[GenerateSerializer, Immutable, Alias("KnownFact")]
public sealed record KnownFact([property: Id(0)] FactRecord Fact, [property: Id(1)] int ProofCount);

/// <summary>One belief of a history.</summary>
/// <param name="Fact">What was believed, and when.</param>
/// <param name="EndedBy">What ended the belief: <c>change</c>, <c>correct</c>, <c>retract</c>, <c>update</c> or <c>delete</c> (the last two by SQL); null: it is believed now.</param>
/// <param name="Actor">Who ended it.</param>
/// <param name="Reason">Why.</param>
/// <param name="Supersedes">The fact this fact replaced by a change, if any.</param>
/// <param name="Sources">Events the fact came from: those that are visible, at most 1,000.</param>
/// <param name="ProofCount">How many events that are visible the fact is known from, however many are listed.</param>
[GenerateSerializer, Immutable, Alias("FactBelief")]
public sealed record FactBelief(
    [property: Id(0)] FactRecord Fact,
    [property: Id(1)] string? EndedBy,
    [property: Id(2)] string? Actor,
    [property: Id(3)] string? Reason,
    [property: Id(4)] Guid? Supersedes,
    [property: Id(5)] ImmutableArray<FactSource> Sources,
    [property: Id(6)] int ProofCount);

/// <summary>An event a fact came from.</summary>
/// <param name="EventId">The event.</param>
/// <param name="SpanStart">First character of the event's content it came from, counted in Unicode code points; null: all of it.</param>
/// <param name="SpanEnd">End of that span, exclusive; null: all of it.</param>
/// <param name="Extractor">Who drew the fact from the event.</param>
/// <param name="ExtractorVersion">Its version.</param>
/// <param name="Model">The language model that was asked; null: none.</param>
[GenerateSerializer, Immutable, Alias("FactSource")]
public sealed record FactSource(
    [property: Id(0)] Guid EventId,
    [property: Id(1)] int? SpanStart,
    [property: Id(2)] int? SpanEnd,
    [property: Id(3)] string Extractor,
    [property: Id(4)] string ExtractorVersion,
    [property: Id(5)] string? Model = null);

/// <summary>Which links to read.</summary>
/// <param name="Visibility">Whose facts, beside the shared ones, which everybody may see.</param>
/// <param name="SubjectType">Type of the entity.</param>
/// <param name="SubjectId">Which one.</param>
/// <param name="AsOf">Valid time; null: now, but not before the belief was recorded.</param>
/// <param name="KnownAt">Transaction time; null: now.</param>
/// <param name="Limit">Most links: 1 to 500.</param>
[GenerateSerializer, Immutable, Alias("FactLinksRequest")]
public sealed record FactLinksRequest(
    [property: Id(0)] ClientVisibility Visibility,
    [property: Id(1)] string SubjectType,
    [property: Id(2)] string SubjectId,
    [property: Id(3)] DateTimeOffset? AsOf,
    [property: Id(4)] DateTimeOffset? KnownAt,
    [property: Id(5)] int Limit);

/// <summary>A linked entity.</summary>
/// <param name="Relation">How it is linked, for example <c>works_for</c>.</param>
/// <param name="IsOutgoing">True: the entity asked about is where the link starts.</param>
/// <param name="ClientId">Whose link it is; null: the house's.</param>
/// <param name="SubjectType">Type of the linked entity.</param>
/// <param name="SubjectId">Which one.</param>
/// <param name="FactId">The fact that names the link; null: an operator made it.</param>
/// <param name="ValidFrom">Start of its valid time.</param>
/// <param name="ValidTo">End of its valid time, exclusive; null: none.</param>
[GenerateSerializer, Immutable, Alias("FactLink")]
public sealed record FactLink(
    [property: Id(0)] string Relation,
    [property: Id(1)] bool IsOutgoing,
    [property: Id(2)] string? ClientId,
    [property: Id(3)] string SubjectType,
    [property: Id(4)] string SubjectId,
    [property: Id(5)] Guid? FactId,
    [property: Id(6)] DateTimeOffset ValidFrom,
    [property: Id(7)] DateTimeOffset? ValidTo);
