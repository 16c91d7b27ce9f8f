using System.Buffers;
using System.Collections.Immutable;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;

namespace Actors.Changes;

/// <summary>What a receiver gets: the items as the feed has them. A test holds the two against each other.</summary>
internal static class WebhookBody
{
    public const string Type = "memory.changes";

    public static byte[] Of(Guid webhookId, ImmutableArray<Change> changes)
    {
        var bytes = new ArrayBufferWriter<byte>(4_096);
        using (var json = new Utf8JsonWriter(bytes, MemoryJson.Options))
        {
            json.WriteStartObject();
            json.WriteString("type", Type);
            json.WriteString("webhook_id", webhookId);
            json.WriteStartArray("items");
            foreach (var change in changes)
            {
                Write(json, change);
            }

            json.WriteEndArray();
            json.WriteEndObject();
        }

        return bytes.WrittenSpan.ToArray();
    }

    /// <summary>Names a message: the same for the same changes, by which receivers know one that is sent again.</summary>
    public static string IdOf(Guid webhookId, ImmutableArray<Change> changes)
    {
        var text = new StringBuilder($"{webhookId}");
        foreach (var change in changes)
        {
            text.Append(CultureInfo.InvariantCulture, $",{change.Seq}");
        }

        return $"msg_{Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text.ToString())).AsSpan(0, 16))}";
    }

    private static void Write(Utf8JsonWriter json, Change change)
    {
        json.WriteStartObject();
        json.WriteString("cursor", change.Cursor);
        json.WriteNumber("seq", change.Seq);
        json.WriteString("operation", ChangeNames.Of(change.Operation));
        json.WriteString("kind", ChangeNames.Of(change.Kind));
        json.WriteString(change.Kind == ChangedKind.Event ? "memory_id" : "fact_id", change.Id);
        json.WriteString("client_id", change.ClientId);
        json.WriteString("changed_at", change.ChangedAt);
        json.WriteString("by", ChangeNames.WriterOf(change.IsBySql));
        json.WritePropertyName("memory");
        json.WriteRawValue(change.MemoryJson ?? "null", skipInputValidation: true);
        json.WriteEndObject();
    }
}
