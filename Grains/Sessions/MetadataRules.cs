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
}
