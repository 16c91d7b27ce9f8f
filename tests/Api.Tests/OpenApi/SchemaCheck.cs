using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace Actors.Api.Tests.OpenApi;

/// <summary>
/// Compares JSON with schemas of the document, by the keywords of JSON Schema it uses; any other is an error. Stricter than
/// JSON Schema in one point: an object has no members that its schema does not name, unless it says that it may.
/// </summary>
internal sealed class SchemaCheck(JsonNode document)
{
    private static readonly HashSet<string> Notes = ["description", "examples", "default"];

    /// <returns>What does not fit, each with its place; empty: all fits.</returns>
    public List<string> Faults(JsonNode? value, JsonNode schema, string place = "")
    {
        var faults = new List<string>();
        foreach (var (keyword, rule) in Resolved(schema).AsObject().Where(member => !Notes.Contains(member.Key)))
        {
            if (!Fits(value, keyword, rule!, Resolved(schema), place, faults))
            {
                faults.Add($"{place}: {Shortened(value)} against {keyword} {Shortened(rule)}");
            }
        }

        return faults;
    }

    public JsonNode Resolved(JsonNode schema) =>
        (string?)schema["$ref"] is { } reference ? document["components"]!["schemas"]![reference.Split('/')[^1]]! : schema;

    private bool Fits(JsonNode? value, string keyword, JsonNode rule, JsonNode schema, string place, List<string> faults)
    {
        switch (keyword)
        {
            case "type":
                return (rule is JsonArray several ? several : [rule.DeepClone()]).Any(type => IsOf(value, (string)type!));
            case "enum":
                return rule.AsArray().Any(allowed => JsonNode.DeepEquals(allowed, value));
            case "anyOf":
                return rule.AsArray().Any(alternative => Faults(value, alternative!, place).Count == 0);
            case "required":
                return value is not JsonObject required || rule.AsArray().All(name => required.ContainsKey((string)name!));
            case "properties":
                foreach (var (name, member) in value as JsonObject ?? [])
                {
                    var known = rule[name] ?? (schema["additionalProperties"] is JsonObject any ? any : null);
                    faults.AddRange(known is not null ? Faults(member, known, $"{place}/{name}")
                        : (schema["additionalProperties"] as JsonValue)?.GetValue<bool>() == true ? [] : [$"{place}/{name}: not in the schema"]);
                }

                return true;
            case "additionalProperties":
                if (rule is JsonObject ofAll && schema["properties"] is null)
                {
                    faults.AddRange((value as JsonObject ?? []).SelectMany(member => Faults(member.Value, ofAll, $"{place}/{member.Key}")));
                }

                return true;
            case "propertyNames":
                faults.AddRange((value as JsonObject ?? []).SelectMany(member => Faults(member.Key, rule, $"{place}/{member.Key}")));
                return true;
            case "items":
                faults.AddRange((value as JsonArray ?? []).SelectMany((item, i) => Faults(item, rule, $"{place}/{i}")));
                return true;
            default:
                return IsWithin(value, keyword, rule);
        }
    }

    private static bool IsWithin(JsonNode? value, string keyword, JsonNode rule) => keyword switch
    {
        "minItems" => value is not JsonArray items || items.Count >= (int)rule,
        "maxItems" => value is not JsonArray items || items.Count <= (int)rule,
        "maxProperties" => value is not JsonObject members || members.Count <= (int)rule,
        "minimum" => !IsOf(value, "number") || (double)value! >= (double)rule,
        "maximum" => !IsOf(value, "number") || (double)value! <= (double)rule,
        "minLength" => !IsOf(value, "string") || ((string)value!).Length >= (int)rule,
        "maxLength" => !IsOf(value, "string") || ((string)value!).Length <= (int)rule,
        "pattern" => !IsOf(value, "string") || Regex.IsMatch((string)value!, AsInJavaScript((string)rule!), RegexOptions.ECMAScript),
        "format" => !IsOf(value, "string") || (string)rule! switch
        {
            "uuid" => Guid.TryParseExact((string)value!, "D", out _),
            "date" => DateOnly.TryParseExact((string)value!, "yyyy-MM-dd", out _),
            "date-time" => Actors.Http.Timestamps.Parse((string)value!) is not null,
            _ => throw new NotSupportedException($"The document uses the format {rule}."),
        },
        _ => throw new NotSupportedException($"The document uses the keyword {keyword}."),
    };

    private static bool IsOf(JsonNode? value, string type) => (value?.GetValueKind() ?? JsonValueKind.Null) switch
    {
        JsonValueKind.Object => type == "object",
        JsonValueKind.Array => type == "array",
        JsonValueKind.String => type == "string",
        JsonValueKind.Number => type == "number" || (type == "integer" && double.IsInteger((double)value!)),
        JsonValueKind.True or JsonValueKind.False => type == "boolean",
        _ => type == "null",
    };

    // In .NET '$' also stands before a last line break.
    private static string AsInJavaScript(string pattern) => pattern.EndsWith('$') ? $@"{pattern[..^1]}(?!\n)$" : pattern;

    private static string Shortened(JsonNode? node) => node?.ToJsonString() is not { } text ? "null" : text.Length > 100 ? $"{text[..100]}..." : text;
}
