using System.Text.Json;
using System.Text.Json.Serialization;

namespace Actors.Sessions;

/// <summary>JSON that was checked before and is written as it stands.</summary>
[JsonConverter(typeof(Converter))]
internal readonly record struct RawJson(string Text)
{
    internal sealed class Converter : JsonConverter<RawJson>
    {
        public override RawJson Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
        {
            using var document = JsonDocument.ParseValue(ref reader);
            return new RawJson(document.RootElement.GetRawText());
        }

        public override void Write(Utf8JsonWriter writer, RawJson value, JsonSerializerOptions options) =>
            writer.WriteRawValue(value.Text, skipInputValidation: true);
    }
}

/// <summary>Answer to a remember.</summary>
internal sealed record RememberedMemory(
    Guid MemoryId,
    string[] StoredIn,
    string[] QueuedFor,
    string ZepSessionId,
    double SalienceScore,
    string MemoryScope,
    DateTimeOffset? ExpiresAt)
{
    public static RememberedMemory Of(EventRecord memory) => new(
        memory.Id, ["postgres"], [], SessionKey.Of(memory.ClientId), memory.Salience, MemoryNames.Of(memory.Scope), memory.ExpiresAt);
}

/// <summary>Answer to a batch, in the order of the request.</summary>
internal sealed record RememberedBatch(RememberedMemory[] Items);

/// <summary>Answer to a recall, best first.</summary>
internal sealed record RecallResults(
    string Query,
    string ClientId,
    RecallResult[] Results,
    int ResultCount,
    bool Cached,
    string[] Degraded,
    double SearchTimeMs);

/// <summary>One hit.</summary>
internal sealed record RecallResult(
    Guid MemoryId,
    string Content,
    double SimilarityScore,
    string Source,
    string MemoryType,
    string MemoryScope,
    string? Speaker,
    string? ConversationId,
    DateTimeOffset CreatedAt,
    DateTimeOffset OccurredAt,
    DateTimeOffset ValidFrom,
    DateTimeOffset? ValidTo,
    RawJson Metadata,
    RecallWhy Why)
{
    public static RecallResult Of(RecallHit hit) => new(
        hit.Memory.Id,
        hit.Memory.Content,
        Math.Round(hit.Similarity, 4),
        "event",
        MemoryNames.Of(hit.Memory.Type),
        MemoryNames.Of(hit.Memory.Scope),
        hit.Memory.Speaker,
        hit.Memory.ConversationId,
        hit.Memory.CreatedAt,
        hit.Memory.OccurredAt,
        hit.Memory.OccurredAt,
        hit.Memory.ExpiresAt,
        new RawJson(hit.Memory.MetadataJson),
        new RecallWhy([.. hit.MatchedTerms], Math.Round(hit.Bm25, 4)));
}

/// <summary>Why a memory was found.</summary>
internal sealed record RecallWhy(string[] MatchedTerms, double Bm25);

/// <summary>One event.</summary>
internal sealed record EventAnswer(
    Guid MemoryId,
    string ClientId,
    string Content,
    string MemoryType,
    string MemoryScope,
    double SalienceScore,
    string? ConversationId,
    string? Speaker,
    Guid? RunId,
    DateTimeOffset OccurredAt,
    DateTimeOffset CreatedAt,
    DateTimeOffset? ExpiresAt,
    Guid? PromotedToFactId,
    RawJson Metadata)
{
    public static EventAnswer Of(EventRecord memory) => new(
        memory.Id,
        memory.ClientId,
        memory.Content,
        MemoryNames.Of(memory.Type),
        MemoryNames.Of(memory.Scope),
        memory.Salience,
        memory.ConversationId,
        memory.Speaker,
        memory.RunId,
        memory.OccurredAt,
        memory.CreatedAt,
        memory.ExpiresAt,
        memory.PromotedToFactId,
        new RawJson(memory.MetadataJson));
}

/// <summary>One page of events, newest first.</summary>
internal sealed record EventList(EventAnswer[] Items, string? NextCursor);
