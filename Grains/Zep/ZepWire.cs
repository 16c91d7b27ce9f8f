using System.Text.Json.Serialization;

namespace Actors.Zep;

// What goes over the wire, as Zep's SDKs of version 3 send it. Members Zep adds are passed over.

internal sealed record ZepUserBody([property: JsonPropertyName("user_id")] string UserId);

internal sealed record ZepThreadBody([property: JsonPropertyName("thread_id")] string ThreadId, [property: JsonPropertyName("user_id")] string UserId);

internal sealed record ZepMessagesBody([property: JsonPropertyName("messages")] IReadOnlyList<ZepMessageBody> Messages);

internal sealed record ZepMessageBody(
    [property: JsonPropertyName("uuid")] Guid Uuid,
    [property: JsonPropertyName("content")] string Content,
    [property: JsonPropertyName("role")] string Role,
    [property: JsonPropertyName("name"), JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? Name,
    [property: JsonPropertyName("created_at")] DateTime CreatedAt,
    [property: JsonPropertyName("metadata")] ZepMetadataBody Metadata);

internal sealed record ZepMetadataBody([property: JsonPropertyName("memory_id")] Guid MemoryId);

internal sealed record ZepTripleBody(
    [property: JsonPropertyName("user_id")] string UserId,
    [property: JsonPropertyName("fact_uuid")] Guid FactUuid,
    [property: JsonPropertyName("fact")] string Fact,
    [property: JsonPropertyName("fact_name")] string FactName,
    [property: JsonPropertyName("source_node_name")] string SourceNodeName,
    [property: JsonPropertyName("target_node_name")] string TargetNodeName,
    [property: JsonPropertyName("created_at")] DateTime CreatedAt,
    [property: JsonPropertyName("valid_at")] DateTime ValidAt,
    [property: JsonPropertyName("invalid_at"), JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] DateTime? InvalidAt);

// Null clears valid_at and invalid_at (Zep's changelog, 2026-06-25): a fact which was held for ended has not.
internal sealed record ZepEdgeChangeBody(
    [property: JsonPropertyName("fact")] string Fact,
    [property: JsonPropertyName("name")] string Name,
    [property: JsonPropertyName("valid_at")] DateTime ValidAt,
    [property: JsonPropertyName("invalid_at")] DateTime? InvalidAt,
    [property: JsonPropertyName("expired_at")] DateTime? ExpiredAt);

internal sealed record ZepSearchBody(
    [property: JsonPropertyName("user_id")] string UserId,
    [property: JsonPropertyName("query")] string Query,
    [property: JsonPropertyName("scope")] string Scope,
    [property: JsonPropertyName("limit")] int Limit,
    [property: JsonPropertyName("reranker")] string Reranker);

internal sealed record ZepMessagesAnswer([property: JsonPropertyName("message_uuids")] IReadOnlyList<string?>? MessageUuids);

internal sealed record ZepTripleAnswer([property: JsonPropertyName("edge")] ZepEdge? Edge);

internal sealed record ZepSearchAnswer([property: JsonPropertyName("edges")] IReadOnlyList<ZepEdge?>? Edges);

// Times as text: they may be missing or empty, and one that cannot be read is no reason to lose the others.
internal sealed record ZepEdge(
    [property: JsonPropertyName("uuid")] string? Uuid,
    [property: JsonPropertyName("fact")] string? Fact,
    [property: JsonPropertyName("score")] double? Score,
    [property: JsonPropertyName("relevance")] double? Relevance,
    [property: JsonPropertyName("episodes")] IReadOnlyList<string?>? Episodes,
    [property: JsonPropertyName("created_at")] string? CreatedAt,
    [property: JsonPropertyName("valid_at")] string? ValidAt,
    [property: JsonPropertyName("invalid_at")] string? InvalidAt,
    [property: JsonPropertyName("expired_at")] string? ExpiredAt);

internal sealed record ZepErrorAnswer([property: JsonPropertyName("message")] string? Message);

[JsonSerializable(typeof(ZepUserBody))]
[JsonSerializable(typeof(ZepThreadBody))]
[JsonSerializable(typeof(ZepMessagesBody))]
[JsonSerializable(typeof(ZepTripleBody))]
[JsonSerializable(typeof(ZepEdgeChangeBody))]
[JsonSerializable(typeof(ZepSearchBody))]
[JsonSerializable(typeof(ZepMessagesAnswer))]
[JsonSerializable(typeof(ZepTripleAnswer))]
[JsonSerializable(typeof(ZepSearchAnswer))]
[JsonSerializable(typeof(ZepErrorAnswer))]
internal sealed partial class ZepJson : JsonSerializerContext;
