using System.Collections.Immutable;

namespace Actors.Sessions;

/// <summary>A question to a client's memory. All filters that are given must hold.</summary>
/// <param name="Query">The question or keywords: 1 to 4,096 characters.</param>
/// <param name="K">Most hits wanted: 1 to 100.</param>
/// <param name="Scopes">Scopes to look in; empty: all.</param>
/// <param name="Type">Kind to look for; null: all.</param>
/// <param name="AsOf">Valid time: memories with occurred_at ≤ as_of &lt; expires_at. Null: what has not expired now.</param>
/// <param name="KnownAt">Transaction time: memories created at or before it. Null: all.</param>
/// <param name="ConversationId">Only this conversation.</param>
/// <param name="Speaker">Only what this speaker said, ignoring case.</param>
/// <param name="From">Earliest occurred_at, inclusive.</param>
/// <param name="To">Latest occurred_at, exclusive.</param>
/// <param name="Metadata">Top-level metadata that must be equal, values compared as text.</param>
[GenerateSerializer, Immutable, Alias("RecallRequest")]
public sealed record RecallRequest(
    [property: Id(0)] string Query,
    [property: Id(1)] int K,
    [property: Id(2)] ImmutableArray<MemoryScope> Scopes,
    [property: Id(3)] MemoryType? Type,
    [property: Id(4)] DateTimeOffset? AsOf,
    [property: Id(5)] DateTimeOffset? KnownAt,
    [property: Id(6)] string? ConversationId,
    [property: Id(7)] string? Speaker,
    [property: Id(8)] DateTimeOffset? From,
    [property: Id(9)] DateTimeOffset? To,
    [property: Id(10)] ImmutableArray<MetadataFilter> Metadata)
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
/// <param name="Cached">Whether the session answered from its recent answers.</param>
/// <param name="Degraded">What is missing from the answer; <c>hot_index</c>: the client has more events than are kept hot, and only the newest were searched. Empty: nothing.</param>
[GenerateSerializer, Immutable, Alias("RecallAnswer")]
public sealed record RecallAnswer(
    [property: Id(0)] ImmutableArray<RecallHit> Hits,
    [property: Id(1)] bool Cached,
    [property: Id(2)] ImmutableArray<string> Degraded);

/// <summary>One memory that matches.</summary>
/// <param name="Memory">The event.</param>
/// <param name="Similarity">Score in 0..1; see <c>docs/memory.md</c> for what it means.</param>
/// <param name="MatchedTerms">The question's terms found in the memory, as the question wrote them but for accents, in its order.</param>
/// <param name="Bm25">Raw BM25 score, above 0.</param>
[GenerateSerializer, Immutable, Alias("RecallHit")]
public sealed record RecallHit(
    [property: Id(0)] EventRecord Memory,
    [property: Id(1)] double Similarity,
    [property: Id(2)] ImmutableArray<string> MatchedTerms,
    [property: Id(3)] double Bm25);
