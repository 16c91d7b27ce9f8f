using System.Text.Json.Nodes;
using Actors.Http;

namespace Actors.OpenApi;

/// <summary>Schemas of what requests hold, one for each way <see cref="QueryReader"/> and <see cref="JsonObjectReader"/> read a value.</summary>
internal static class Schemas
{
    public static JsonObject Flag => new() { ["type"] = "boolean" };

    public static JsonObject Id => new() { ["type"] = "string", ["format"] = "uuid" };

    public static JsonObject Time => new() { ["type"] = "string", ["format"] = "date-time" };

    /// <summary>A JSON object with any members.</summary>
    public static JsonObject AnyObject => new() { ["type"] = "object", ["additionalProperties"] = true };

    public static JsonObject Text() => new() { ["type"] = "string" };

    /// <param name="maxLength">In characters.</param>
    /// <param name="minLength">Zero for optional text: an empty one counts as absent.</param>
    public static JsonObject Text(int maxLength, int minLength = 0) => new() { ["type"] = "string", ["minLength"] = minLength, ["maxLength"] = maxLength };

    /// <summary>Text that is more than white space.</summary>
    public static JsonObject NotBlank(int maxLength)
    {
        var schema = Text(maxLength, minLength: 1);
        schema["pattern"] = @"\S";
        return schema;
    }

    /// <summary>Text, or a whole number, which reads as its digits.</summary>
    public static JsonObject OrNumber(JsonObject text)
    {
        (text["type"], text["minimum"]) = (new JsonArray("string", "integer"), 0);
        return text;
    }

    /// <summary>Any value but lists and objects.</summary>
    public static JsonObject Plain(int maxLength) =>
        new() { ["type"] = new JsonArray("string", "number", "boolean", "null"), ["maxLength"] = maxLength };

    public static JsonObject Integer(int min, int max) => new() { ["type"] = "integer", ["minimum"] = min, ["maximum"] = max };

    public static JsonObject Number(double min, double max) => new() { ["type"] = "number", ["minimum"] = min, ["maximum"] = max };

    public static JsonObject OneOf(IEnumerable<string> names) =>
        new() { ["type"] = "string", ["enum"] = new JsonArray([.. names.Select(name => (JsonNode)name)]) };

    public static JsonObject ListOf(JsonObject item, int min, int max) =>
        new() { ["type"] = "array", ["items"] = item, ["minItems"] = min, ["maxItems"] = max };

    /// <summary>An object of any names that fit a pattern.</summary>
    public static JsonObject MapOf(JsonObject value, int? max = null, string? names = null)
    {
        var schema = new JsonObject { ["type"] = "object", ["additionalProperties"] = value };
        if (max is not null)
        {
            schema["maxProperties"] = max;
        }

        if (names is not null)
        {
            schema["propertyNames"] = new JsonObject { ["pattern"] = names };
        }

        return schema;
    }

    public static JsonObject AnyOf(params JsonObject[] schemas) => new() { ["anyOf"] = new JsonArray(schemas) };

    /// <summary>An object with these members and no others.</summary>
    /// <param name="title">Its name among the document's schemas.</param>
    /// <param name="members">Its members.</param>
    public static JsonObject Object(string title, params Field[] members)
    {
        var schema = new JsonObject { ["title"] = title, ["type"] = "object" };
        if (members.Any(m => m.IsRequired))
        {
            schema["required"] = new JsonArray([.. members.Where(m => m.IsRequired).Select(m => (JsonNode)m.Name)]);
        }

        schema["properties"] = new JsonObject(members.Select(m => KeyValuePair.Create(m.Name, (JsonNode?)Member(m))));
        schema["additionalProperties"] = false;
        return schema;
    }

    public static JsonObject OrNull(JsonObject schema)
    {
        if (schema["title"] is not null)
        {
            return OrNull(AnyOf(schema));
        }

        if (schema["type"] is not { } type)
        {
            (schema["anyOf"] as JsonArray)!.Add((JsonNode)new JsonObject { ["type"] = "null" });
            return schema;
        }

        schema["type"] = new JsonArray([.. Names(type), "null"]);
        (schema["enum"] as JsonArray)?.Add(null);
        return schema;
    }

    // Not as 'default': generators of clients take a member that has one for a member that is always there.
    private static JsonObject Member(Field member)
    {
        var schema = (JsonObject)member.Schema.DeepClone();
        schema = member.IsRequired || !member.IsNullable ? schema : OrNull(schema);
        schema["description"] = member.Default is { } value ? $"{member.Description} Default: `{value}`." : member.Description;
        schema["examples"] = new JsonArray(member.Example.DeepClone());
        return schema;
    }

    private static IEnumerable<JsonNode> Names(JsonNode type) => type is JsonArray several ? several.Select(t => t!.DeepClone()) : [type.DeepClone()];
}
