using System.Collections.Immutable;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Serialization;
using Actors.Facts;

namespace Actors.Sessions;

/// <summary>A question to a client's memory. All filters that are given must hold.</summary>
/// <param name="Query">The question or keywords: 1 to 4,096 characters.</param>
/// <param name="K">Most hits wanted: 1 to 100.</param>
/// <param name="Scopes">Scopes to look in; empty: all.</param>
/// <param name="Kind">Kind to look for; null: all.</param>
/// <param name="AsOf">
/// Valid time: events with occurred_at ≤ as_of &lt; expires_at, facts with valid_from ≤ as_of &lt; valid_to. Null: events that
/// have not expired now, facts that hold now.
/// </param>
/// <param name="KnownAt">Transaction time: events created at or before it, facts as they were believed then. Null: now.</param>
/// <param name="ConversationId">Only events of this conversation.</param>
/// <param name="Speaker">Only what this speaker said, ignoring case.</param>
/// <param name="From">Earliest occurred_at or valid_from, inclusive.</param>
/// <param name="To">Latest occurred_at or valid_from, exclusive.</param>
/// <param name="Metadata">Top-level metadata that must be equal, values compared as text.</param>
/// <param name="KnownAnswer"><see cref="RecallAnswer.Tag"/> of an answer to this question that the caller has; null: it has none. No part of the question.</param>
[GenerateSerializer, Immutable, Alias("RecallRequest")]
public sealed record RecallRequest(
    [property: Id(0)] string Query,
    [property: Id(1)] int K,
    [property: Id(2)] ImmutableArray<MemoryScope> Scopes,
    [property: Id(3)] MemoryKind? Kind,
    [property: Id(4)] DateTimeOffset? AsOf,
    [property: Id(5)] DateTimeOffset? KnownAt,
    [property: Id(6)] string? ConversationId,
    [property: Id(7)] string? Speaker,
    [property: Id(8)] DateTimeOffset? From,
    [property: Id(9)] DateTimeOffset? To,
    [property: Id(10)] ImmutableArray<MetadataFilter> Metadata,
    [property: Id(11)] long? KnownAnswer = null)
{
    /// <summary>Hits when the caller does not say.</summary>
    public const int DefaultK = 10;

    /// <summary>Most hits a caller may ask for.</summary>
    public const int MaxK = 100;

    /// <summary>A question without filters.</summary>
    public static RecallRequest For(string query, int k = DefaultK) =>
        new(query, k, [], null, null, null, null, null, null, null, []);
}

/// <summary>A top-level metadata member and the value it must have.</summary>
/// <param name="Name">Member name, exact.</param>
/// <param name="Value">A string's characters, or the JSON text of a number, true, false or null.</param>
[GenerateSerializer, Immutable, Alias("MetadataFilter")]
public sealed record MetadataFilter([property: Id(0)] string Name, [property: Id(1)] string Value);

/// <summary>The answer to a <see cref="RecallRequest"/>.</summary>
/// <param name="Hits">Best first; equal scores newest first.</param>
/// <param name="Cached">Whether the session answered from its recent answers, or from the cache that all processes share.</param>
/// <param name="Degraded">What is missing from the answer; <c>hot_index</c>: the client has more events than are kept hot, and only the newest were searched; <c>postgres</c>: it cannot be reached; <c>embeddings</c>: the question could not be embedded; <c>retention</c>: as_of or known_at is a time of which expired events or past beliefs have been deleted; <c>valkey</c>: it is known to fail, so answers cost more than they need to; <c>zep</c>: it is configured, but did not answer in time, or may not be asked just now. Empty: nothing.</param>
/// <param name="Tag">
/// Names an answer that is repeated: two answers to a question that have the same tag are the same. Any 64 bits, told apart
/// within a session only. Null: the answer was computed for this call.
/// </param>
/// <param name="IsKnown">The answer is the one of <see cref="RecallRequest.KnownAnswer"/>, so it was left out: hits and degraded are empty.</param>
[GenerateSerializer, Immutable, Alias("RecallAnswer")]
public sealed record RecallAnswer(
    [property: Id(0)] ImmutableArray<RecallHit> Hits,
    [property: Id(1)] bool Cached,
    [property: Id(2)] ImmutableArray<string> Degraded,
    [property: Id(3)] long? Tag = null,
    [property: Id(4)] bool IsKnown = false)
{
    /// <summary>Says that the caller has the answer of this tag already.</summary>
    public static RecallAnswer Known(long tag) => new([], Cached: true, [], tag, IsKnown: true);
}

/// <summary>What recall finds: an event, a fact, or what Zep alone knows.</summary>
public interface IMemory
{
    /// <summary>Id of the event or fact; of what Zep knows one made of its name there.</summary>
    Guid Id { get; }

    /// <summary>What is searched.</summary>
    string Content { get; }

    /// <summary>Since when it is known.</summary>
    DateTimeOffset CreatedAt { get; }
}

/// <summary>A fact that Zep knows, and nobody here: it was derived of several messages, or came there by another way.</summary>
/// <param name="ZepId">Zep's id of it.</param>
/// <param name="Content">What is true, in Zep's words.</param>
/// <param name="CreatedAt">Since when Zep knows it.</param>
/// <param name="ValidFrom">Start of its valid time; null: Zep does not know.</param>
/// <param name="ValidTo">End of its valid time, exclusive; null: none is known.</param>
[GenerateSerializer, Immutable, Alias("ZepMemory")]
public sealed record ZepMemory(
    [property: Id(0)] string ZepId,
    [property: Id(1)] string Content,
    [property: Id(2)] DateTimeOffset CreatedAt,
    [property: Id(3)] DateTimeOffset? ValidFrom,
    [property: Id(4)] DateTimeOffset? ValidTo) : IMemory
{
    /// <summary>The first 128 bits of SHA-256 of <see cref="ZepId"/>: what Zep calls a fact is no row's id here.</summary>
    [JsonIgnore]
    public Guid Id => new(SHA256.HashData(Encoding.UTF8.GetBytes(ZepId)).AsSpan(0, 16));
}

/// <summary>What speaks for a memory as an answer, beside the question's own words in it.</summary>
[Flags, GenerateSerializer, Alias("RecallReasons")]
public enum RecallReasons
{
    /// <summary>Nothing else.</summary>
    None = 0,

    /// <summary>Its neighbours in the conversation have words of the question.</summary>
    Context = 1,

    /// <summary>It has words that are related to those of the question.</summary>
    RelatedWords = 2,

    /// <summary>It was said by the one speaker the question names.</summary>
    Speaker = 4,

    /// <summary>It happened about when the question says.</summary>
    Date = 8,

    /// <summary>It has the kind of words the question asks for: times, numbers or names.</summary>
    AnswerType = 16,

    /// <summary>It is near in meaning, by embeddings.</summary>
    Meaning = 32,

    /// <summary>Zep found it too, or alone.</summary>
    Zep = 64,
}

/// <summary>One memory that matches: an event, a fact, or what Zep alone knows.</summary>
/// <param name="Event">The event; null: it is something else.</param>
/// <param name="Fact">The fact; null: it is something else.</param>
/// <param name="Similarity">Score in 0..1, the higher one of the index's and Zep's; see <c>docs/memory.md</c> for what it means.</param>
/// <param name="MatchedTerms">The question's terms found in the memory, as the question wrote them but for accents, in its order.</param>
/// <param name="Bm25">Raw BM25 score of the memory with what its conversation lends it, at least 0; 0: found by meaning, or by Zep, alone.</param>
/// <param name="Reasons">What else speaks for it.</param>
/// <param name="Zep">What Zep alone knows; null: it is something else.</param>
[GenerateSerializer, Immutable, Alias("RecallHit")]
public sealed record RecallHit(
    [property: Id(0)] EventRecord? Event,
    [property: Id(1)] FactRecord? Fact,
    [property: Id(2)] double Similarity,
    [property: Id(3)] ImmutableArray<string> MatchedTerms,
    [property: Id(4)] double Bm25,
    [property: Id(5)] RecallReasons Reasons,
    [property: Id(6)] ZepMemory? Zep = null)
{
    /// <summary>The one of the three that it is.</summary>
    [JsonIgnore]
    public IMemory Memory => (IMemory?)Event ?? (IMemory?)Fact ?? Zep!;
}
