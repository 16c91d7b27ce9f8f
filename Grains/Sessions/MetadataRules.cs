using System.Text;
using System.Text.Json;

namespace Actors.Sessions;

/// <summary>What metadata may hold, beyond being a JSON object.</summary>
internal static class MetadataRules
{
    private static readonly JsonReaderOptions AnyDepth = new() { MaxDepth = int.MaxValue };

    /// <summary>
    /// Whether every number fits a double. Postgres keeps far larger ones, and prints <c>1e131000</c> with all its digits,
    /// so that a small memory would become a huge answer.
    /// </summary>
    /// <param name="json">Valid JSON.</param>
    public static bool NumbersAreReadable(string json)
    {
        if (json.AsSpan().IndexOfAny('e', 'E') < 0 && json.Length < 300)
        {
            return true;
        }

        var reader = new Utf8JsonReader(Encoding.UTF8.GetBytes(json), AnyDepth);
        while (reader.Read())
        {
            if (reader.TokenType == JsonTokenType.Number && !(reader.TryGetDouble(out var number) && double.IsFinite(number)))
            {
                return false;
            }
        }

        return true;
    }

    /// <summary>
    /// A text that two values share only when they are equal, whatever the order of members and the form of numbers; null for
    /// what is nested deeper than requests may be.
    /// </summary>
    /// <param name="json">Valid JSON.</param>
    public static string? Canonical(string json)
    {
        try
        {
            using var document = JsonDocument.Parse(json);
            return Canonical(document.RootElement);
        }
        catch (JsonException)
        {
            return null;
        }
    }

    private static string Canonical(JsonElement value) => value.ValueKind switch
    {
        // Of members with one name Postgres keeps the last.
        JsonValueKind.Object => "{" + string.Join(',', value.EnumerateObject()
            .GroupBy(member => member.Name, (name, members) => (Name: name, members.Last().Value), StringComparer.Ordinal)
            .OrderBy(member => member.Name, StringComparer.Ordinal)
            .Select(member => $"{JsonEncodedText.Encode(member.Name)}:{Canonical(member.Value)}")) + "}",
        JsonValueKind.Array => "[" + string.Join(',', value.EnumerateArray().Select(Canonical)) + "]",
        JsonValueKind.String => $"\"{JsonEncodedText.Encode(value.GetString()!)}\"",
        JsonValueKind.Number => value.GetDouble().ToString("R"),
        _ => value.GetRawText(),
    };
}
