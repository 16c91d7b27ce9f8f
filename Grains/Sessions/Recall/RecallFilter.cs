using System.Text.Json;
using Actors.Facts;

namespace Actors.Sessions.Recall;

/// <summary>
/// Decides which memories a recall may return, whatever their score, and until when that decision holds by itself.
/// </summary>
internal sealed class RecallFilter(RecallRequest request, DateTimeOffset now)
{
    // What came in over HTTP is not deep; what psql stored may be.
    private static readonly JsonDocumentOptions AnyDepth = new() { MaxDepth = int.MaxValue };

    /// <summary>When one of the memories asked about so far starts or stops being admitted by itself; null: never.</summary>
    public DateTimeOffset? ValidUntil { get; private set; }

    public bool Admits(IMemory memory) => memory switch
    {
        EventRecord e => HasEventProperties(e) && IsValid(e),
        FactRecord f => HasFactProperties(f) && IsValid(f),
        ZepMemory z => HasZepProperties(z) && IsValid(z),
        _ => throw new InvalidOperationException($"Recall does not know {memory.GetType()}."),
    };

    /// <summary>Whether the question is put to another time than now.</summary>
    public bool LooksBack => request.KnownAt is not null || request.AsOf is not null;

    /// <summary>Whether an event counts at the time asked about, whatever else is asked for.</summary>
    public bool IsInTime(EventRecord memory) => !(memory.CreatedAt > request.KnownAt) && IsValid(memory);

    private bool HasEventProperties(EventRecord memory) =>
        (request.KnownAt is not { } knownAt || memory.CreatedAt <= knownAt)
        && (request.Scopes.IsEmpty || request.Scopes.Contains(memory.Scope))
        && (request.Kind is not { } kind || kind == (MemoryKind)memory.Type)
        && (request.ConversationId is not { } conversation || memory.ConversationId == conversation)
        && (request.Speaker is not { } speaker || string.Equals(memory.Speaker, speaker, StringComparison.OrdinalIgnoreCase))
        && IsInWindow(memory.OccurredAt)
        && HasMetadata(memory.MetadataJson);

    // A fact has the scope of its client, global when it is shared.
    private bool HasFactProperties(FactRecord memory) =>
        (request.KnownAt is not { } knownAt || (memory.RecordedAt <= knownAt && (memory.RetractedAt is not { } end || end > knownAt)))
        && (request.Scopes.IsEmpty || request.Scopes.Contains(ScopeOf(memory)))
        && request.Kind is null or MemoryKind.Fact
        && request.ConversationId is null
        && request.Speaker is null
        && IsInWindow(memory.ValidFrom)
        && HasMetadata(memory.MetadataJson);

    // What Zep knows is a fact of the client of which nothing else is known.
    private bool HasZepProperties(ZepMemory memory) =>
        request.KnownAt is null
        && (request.Scopes.IsEmpty || request.Scopes.Contains(MemoryScope.User))
        && request.Kind is null or MemoryKind.Fact
        && request.ConversationId is null
        && request.Speaker is null
        && request.Metadata.IsEmpty
        && IsInWindow(memory.ValidFrom ?? memory.CreatedAt);

    /// <summary>The scope under which recall shows a fact.</summary>
    public static MemoryScope ScopeOf(FactRecord fact) => fact.Subject.ClientId is null ? MemoryScope.Global : MemoryScope.User;

    // Without as_of, an event announced for later counts: it is known and has not expired.
    private bool IsValid(EventRecord memory) =>
        request.AsOf is { } asOf
            ? memory.OccurredAt <= asOf && (memory.ExpiresAt is not { } end || end > asOf)
            : HasNotEnded(memory.ExpiresAt);

    private bool IsValid(FactRecord memory) => IsValid(memory.ValidFrom, memory.ValidTo);

    private bool IsValid(ZepMemory memory) => IsValid(memory.ValidFrom ?? memory.CreatedAt, memory.ValidTo);

    // A fact planned for later does not hold yet.
    private bool IsValid(DateTimeOffset from, DateTimeOffset? to)
    {
        if (request.AsOf is { } asOf)
        {
            return from <= asOf && (to is not { } end || end > asOf);
        }

        if (from <= now)
        {
            return HasNotEnded(to);
        }

        HoldsUntil(from);
        return false;
    }

    private bool HasNotEnded(DateTimeOffset? end)
    {
        if (end <= now)
        {
            return false;
        }

        HoldsUntil(end);
        return true;
    }

    private void HoldsUntil(DateTimeOffset? time)
    {
        if (time is not null && (ValidUntil is null || time < ValidUntil))
        {
            ValidUntil = time;
        }
    }

    private bool IsInWindow(DateTimeOffset time) =>
        (request.From is not { } from || time >= from) && (request.To is not { } to || time < to);

    private bool HasMetadata(string json)
    {
        if (request.Metadata.IsEmpty)
        {
            return true;
        }

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
