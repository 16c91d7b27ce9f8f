using System.Buffers;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using Actors.Facts;
using Actors.Sessions;

namespace Actors.Changes;

/// <summary>
/// Events and facts in the JSON the API answers with, made where both the feed and webhooks can use it: silos have no API. A test holds
/// it against the routes of events and facts.
/// </summary>
internal static class MemoryJson
{
    /// <summary>Text as it is, as in all answers.</summary>
    public static JsonWriterOptions Options { get; } = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public static string Of(EventRecord memory) => Write(json =>
    {
        json.WriteString("memory_id", memory.Id);
        json.WriteString("client_id", memory.ClientId == FactSubjectKey.House ? null : memory.ClientId);
        json.WriteString("content", memory.Content);
        json.WriteString("memory_type", MemoryNames.Of(memory.Type));
        json.WriteString("memory_scope", MemoryNames.Of(memory.Scope));
        json.WriteNumber("salience_score", memory.Salience);
        json.WriteString("conversation_id", memory.ConversationId);
        json.WriteString("speaker", memory.Speaker);
        Write(json, "run_id", memory.RunId);
        json.WriteString("occurred_at", memory.OccurredAt);
        json.WriteString("created_at", memory.CreatedAt);
        Write(json, "expires_at", memory.ExpiresAt);
        Write(json, "promoted_to_fact_id", memory.PromotedToFactId);
        Write(json, memory.MetadataJson);
    });

    public static string Of(FactRecord fact) => Write(json =>
    {
        json.WriteString("fact_id", fact.Id);
        json.WriteString("zep_fact_id", fact.ZepFactId);
        json.WriteString("client_id", fact.Subject.ClientId);
        json.WriteString("subject_type", fact.Subject.Type);
        json.WriteString("subject_id", fact.Subject.Id);
        json.WriteString("fact_type", fact.FactType);
        json.WriteString("content", fact.Content);
        json.WriteNumber("salience_score", fact.Salience);
        json.WriteString("category", fact.Category);
        json.WriteString("fact_key", fact.FactKey);
        json.WriteString("valid_from", fact.ValidFrom);
        Write(json, "valid_to", fact.ValidTo);
        json.WriteString("created_at", fact.CreatedAt);
        json.WriteString("recorded_at", fact.RecordedAt);
        Write(json, "retracted_at", fact.RetractedAt);
        Write(json, "superseded_by", fact.SupersededBy);
        Write(json, fact.MetadataJson);
    });

    private static string Write(Action<Utf8JsonWriter> members)
    {
        var bytes = new ArrayBufferWriter<byte>(1_024);
        using (var json = new Utf8JsonWriter(bytes, Options))
        {
            json.WriteStartObject();
            members(json);
            json.WriteEndObject();
        }

        return Encoding.UTF8.GetString(bytes.WrittenSpan);
    }

    private static void Write(Utf8JsonWriter json, string metadata)
    {
        json.WritePropertyName("metadata");
        json.WriteRawValue(metadata, skipInputValidation: true);
    }

    private static void Write(Utf8JsonWriter json, string name, Guid? id)
    {
        if (id is { } value)
        {
            json.WriteString(name, value);
        }
        else
        {
            json.WriteNull(name);
        }
    }

    private static void Write(Utf8JsonWriter json, string name, DateTimeOffset? time)
    {
        if (time is { } value)
        {
            json.WriteString(name, value);
        }
        else
        {
            json.WriteNull(name);
        }
    }
}
