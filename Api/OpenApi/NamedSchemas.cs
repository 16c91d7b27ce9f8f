using System.Text.Json.Nodes;

namespace Actors.OpenApi;

/// <summary>Schemas with a title stand once, among the document's components; everywhere else a reference takes their place.</summary>
internal sealed class NamedSchemas
{
    private readonly SortedDictionary<string, JsonObject> _schemas = new(StringComparer.Ordinal);

    /// <summary>What was taken out, by title.</summary>
    public JsonObject ToJson() => new(_schemas.Select(schema => KeyValuePair.Create(schema.Key, (JsonNode?)schema.Value.DeepClone())));

    /// <returns>A copy of the node with references instead of titled schemas.</returns>
    /// <exception cref="InvalidOperationException">Two different schemas have the same title.</exception>
    public JsonNode? TakeOutOf(JsonNode? node) => node switch
    {
        JsonArray items => new JsonArray([.. items.Select(TakeOutOf)]),
        JsonObject schema when schema["title"] is JsonValue title => Reference((string)title!, schema),
        JsonObject members => Members(members),
        _ => node?.DeepClone(),
    };

    private JsonObject Reference(string title, JsonObject schema)
    {
        var copy = Members(schema);
        copy.Remove("title");
        if (!_schemas.TryAdd(title, copy) && !JsonNode.DeepEquals(_schemas[title], copy))
        {
            throw new InvalidOperationException($"Two different schemas are called {title}.");
        }

        return new JsonObject { ["$ref"] = $"#/components/schemas/{title}" };
    }

    // Examples are no schemas, whatever their members are called.
    private JsonObject Members(JsonObject members) => new(members.Select(m =>
        KeyValuePair.Create(m.Key, m.Key is "example" or "examples" ? m.Value?.DeepClone() : TakeOutOf(m.Value))));
}
