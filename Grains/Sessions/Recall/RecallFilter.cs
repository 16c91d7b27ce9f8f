using System.Text.Json;

namespace Actors.Sessions.Recall;

/// <summary>Decides which memories a recall may return, whatever their score.</summary>
internal sealed class RecallFilter(RecallRequest request, DateTimeOffset now)
{
    // What came in over HTTP is not deep; what psql stored may be.
    private static readonly JsonDocumentOptions AnyDepth = new() { MaxDepth = int.MaxValue };

    public bool Admits(EventRecord memory) =>
        IsValid(memory)
        && (request.KnownAt is not { } knownAt || memory.CreatedAt <= knownAt)
        && (request.Scopes.IsEmpty || request.Scopes.Contains(memory.Scope))
        && (request.Type is not { } type || memory.Type == type)
        && (request.ConversationId is not { } conversation || memory.ConversationId == conversation)
        && (request.Speaker is not { } speaker || string.Equals(memory.Speaker, speaker, StringComparison.OrdinalIgnoreCase))
        && (request.From is not { } from || memory.OccurredAt >= from)
        && (request.To is not { } to || memory.OccurredAt < to)
        && (request.Metadata.IsEmpty || HasMetadata(memory.MetadataJson));

    // Without as_of, an event announced for later counts: it is known and has not expired.
    private bool IsValid(EventRecord memory) =>
        (request.AsOf is not { } asOf || memory.OccurredAt <= asOf)
        && (memory.ExpiresAt is not { } expiresAt || expiresAt > (request.AsOf ?? now));

    private bool HasMetadata(string json)
    {
        using var document = JsonDocument.Parse(json, AnyDepth);
        return request.Metadata.All(wanted =>
            document.RootElement.TryGetProperty(wanted.Name, out var value) && TextOf(value) == wanted.Value);
    }

    private static string? TextOf(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.String => value.GetString(),
        JsonValueKind.Object or JsonValueKind.Array => null,
        _ => value.GetRawText(),
    };
}
