using System.Collections.Immutable;
using Actors.Idempotency;
using Actors.Sessions;

namespace Actors.Facts;

/// <summary>What is known about one entity is the facts of one subject.</summary>
/// <param name="ClientId">Whose facts; null: shared facts, which belong to the house.</param>
/// <param name="Type">Kind of entity, for example <c>user</c>: 1 to 128 characters.</param>
/// <param name="Id">Which one of its kind: 1 to 512 characters.</param>
[GenerateSerializer, Immutable, Alias("FactSubject")]
public sealed record FactSubject(
    [property: Id(0)] string? ClientId,
    [property: Id(1)] string Type,
    [property: Id(2)] string Id);

/// <summary>
/// A fact as it was believed during one span of transaction time, <c>[RecordedAt, RetractedAt)</c>. Times have microsecond
/// precision.
/// </summary>
/// <param name="Id">Fact id (UUID version 7); a correction keeps it, a change makes a new one.</param>
/// <param name="Subject">What it is about, and whose it is.</param>
/// <param name="FactType">Kind of fact, for example <c>preference</c>.</param>
/// <param name="Content">What is true.</param>
/// <param name="Salience">Importance in 0..1.</param>
/// <param name="Category">Free grouping, if any.</param>
/// <param name="FactKey">Facts of one subject, type and key never hold at the same time; null: facts may stand side by side.</param>
/// <param name="ValidFrom">Start of its valid time, inclusive.</param>
/// <param name="ValidTo">End of its valid time, exclusive; null: none.</param>
/// <param name="MetadataJson">A JSON object as text.</param>
/// <param name="ZepFactId">Id of the fact in Zep's graph, once it is there.</param>
/// <param name="SupersededBy">The fact that replaced it by a change; null: none did.</param>
/// <param name="CreatedAt">Transaction time at which the fact was first known.</param>
/// <param name="RecordedAt">Start of this belief's transaction time, inclusive.</param>
/// <param name="RetractedAt">End of this belief's transaction time, exclusive; null: it is believed now.</param>
[GenerateSerializer, Immutable, Alias("FactRecord")]
public sealed record FactRecord(
    [property: Id(0)] Guid Id,
    [property: Id(1)] FactSubject Subject,
    [property: Id(2)] string FactType,
    [property: Id(3)] string Content,
    [property: Id(4)] double Salience,
    [property: Id(5)] string? Category,
    [property: Id(6)] string? FactKey,
    [property: Id(7)] DateTimeOffset ValidFrom,
    [property: Id(8)] DateTimeOffset? ValidTo,
    [property: Id(9)] string MetadataJson,
    [property: Id(10)] string? ZepFactId,
    [property: Id(11)] Guid? SupersededBy,
    [property: Id(12)] DateTimeOffset CreatedAt,
    [property: Id(13)] DateTimeOffset RecordedAt,
    [property: Id(14)] DateTimeOffset? RetractedAt) : IMemory;

/// <summary>Who writes, and the key under which a repeat of the request is recognised.</summary>
/// <param name="Actor">Name of the API key, kept with every version it ends.</param>
/// <param name="IdempotencyKey">Null: a repeat is a new request.</param>
[GenerateSerializer, Immutable, Alias("FactAuthor")]
public sealed record FactAuthor(
    [property: Id(0)] string Actor,
    [property: Id(1)] IdempotencyKey? IdempotencyKey = null);

/// <summary>What becomes of a new fact whose single-valued key is taken at that time.</summary>
[GenerateSerializer, Alias("FactConflict")]
public enum FactConflict
{
    /// <summary>It is refused: <see cref="FactKeyTakenException"/>.</summary>
    Refuse,

    /// <summary>The world changed: the fact that holds the key ends where the new one begins.</summary>
    Change,
}

/// <summary>A fact to create. Text must be valid UTF-16 without NUL.</summary>
/// <param name="FactType">Kind: 1 to 128 characters.</param>
/// <param name="Content">What is true: 1 to 262,144 characters, not only white space.</param>
/// <param name="Salience">Importance in 0..1; null: 0.7.</param>
/// <param name="Category">Free grouping: at most 128 characters.</param>
/// <param name="FactKey">Makes the fact single-valued: at most 128 characters.</param>
/// <param name="ValidFrom">Start of its valid time; null: the instant it is recorded.</param>
/// <param name="ValidTo">End of its valid time, exclusive; null: none, or with <see cref="FactConflict.Change"/> the end of the fact it replaces.</param>
/// <param name="MetadataJson">A JSON object as text; its member <c>relations</c> names linked entities, see <c>docs/facts.md</c>.</param>
/// <param name="SourceEventIds">Events of the same client it came from; at most 100.</param>
/// <param name="OnConflict">What to do when the key is taken.</param>
/// <param name="Author">Who writes.</param>
[GenerateSerializer, Immutable, Alias("CreateFactRequest")]
public sealed record CreateFactRequest(
    [property: Id(0)] string FactType,
    [property: Id(1)] string Content,
    [property: Id(2)] double? Salience,
    [property: Id(3)] string? Category,
    [property: Id(4)] string? FactKey,
    [property: Id(5)] DateTimeOffset? ValidFrom,
    [property: Id(6)] DateTimeOffset? ValidTo,
    [property: Id(7)] string MetadataJson,
    [property: Id(8)] ImmutableArray<Guid> SourceEventIds,
    [property: Id(9)] FactConflict OnConflict,
    [property: Id(10)] FactAuthor Author)
{
    /// <summary>Importance of a fact whose writer names none (requirement: <c>update_fact_temporal</c>'s default).</summary>
    public const double DefaultSalience = 0.7;

    /// <summary>Longest content, in characters; the schema says the same.</summary>
    public const int MaxContentLength = 262_144;

    /// <summary>Longest subject type, fact type, category and key, in characters.</summary>
    public const int MaxNameLength = 128;

    /// <summary>Longest subject id, in characters.</summary>
    public const int MaxSubjectIdLength = 512;

    /// <summary>Most events a fact may name as its sources.</summary>
    public const int MaxSources = 100;

    /// <summary>Most entities a fact may be linked to.</summary>
    public const int MaxRelations = 100;
}

/// <summary>The world changed: the fact ends, its successor begins.</summary>
/// <param name="FactId">The fact that ends.</param>
/// <param name="Content">What is true from then on.</param>
/// <param name="Salience">Importance in 0..1; null: as before.</param>
/// <param name="EffectiveAt">When it changed; null: the instant the change is recorded.</param>
/// <param name="MetadataJson">Metadata of the successor; null: as before.</param>
/// <param name="SourceEventIds">Events the successor came from.</param>
/// <param name="Author">Who writes.</param>
[GenerateSerializer, Immutable, Alias("ChangeFactRequest")]
public sealed record ChangeFactRequest(
    [property: Id(0)] Guid FactId,
    [property: Id(1)] string Content,
    [property: Id(2)] double? Salience,
    [property: Id(3)] DateTimeOffset? EffectiveAt,
    [property: Id(4)] string? MetadataJson,
    [property: Id(5)] ImmutableArray<Guid> SourceEventIds,
    [property: Id(6)] FactAuthor Author);

/// <summary>We were wrong: the belief is replaced under the same id. At least one of the values is given.</summary>
/// <param name="FactId">The fact.</param>
/// <param name="Content">What is true; null: as before.</param>
/// <param name="ValidFrom">Start of its valid time; null: as before.</param>
/// <param name="ValidTo">End of its valid time; null: as before.</param>
/// <param name="IsOpenEnded">Whether its end is taken away; then <paramref name="ValidTo"/> is null.</param>
/// <param name="Reason">Why, kept with the version that ends: 1 to 1,024 characters.</param>
/// <param name="Author">Who writes.</param>
[GenerateSerializer, Immutable, Alias("CorrectFactRequest")]
public sealed record CorrectFactRequest(
    [property: Id(0)] Guid FactId,
    [property: Id(1)] string? Content,
    [property: Id(2)] DateTimeOffset? ValidFrom,
    [property: Id(3)] DateTimeOffset? ValidTo,
    [property: Id(4)] bool IsOpenEnded,
    [property: Id(5)] string Reason,
    [property: Id(6)] FactAuthor Author);

/// <summary>The fact is taken out: believed no longer, kept in its history.</summary>
/// <param name="FactId">The fact.</param>
/// <param name="Reason">Why: 1 to 1,024 characters.</param>
/// <param name="Author">Who writes.</param>
[GenerateSerializer, Immutable, Alias("RetractFactRequest")]
public sealed record RetractFactRequest(
    [property: Id(0)] Guid FactId,
    [property: Id(1)] string Reason,
    [property: Id(2)] FactAuthor Author);

/// <summary>What a write of a fact did.</summary>
/// <param name="Fact">The fact as it is believed from now on; after a retraction, the belief that ended.</param>
/// <param name="Replaced">The fact that was closed for it, as it is believed from now on; null: none.</param>
[GenerateSerializer, Immutable, Alias("FactAnswer")]
public sealed record FactAnswer([property: Id(0)] FactRecord Fact, [property: Id(1)] FactRecord? Replaced);
