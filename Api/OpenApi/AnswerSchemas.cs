using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using System.Reflection;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Schema;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;
using Actors.Http;
using Actors.Sessions;

namespace Actors.OpenApi;

/// <summary>Schemas of answers, from the records that <see cref="ApiJson"/> writes and the attributes of their members.</summary>
internal static class AnswerSchemas
{
    // Answers never hold a number in quotes, which is what the web defaults would allow for reading.
    private static readonly ApiJson Written = new(new JsonSerializerOptions(ApiJson.Answers.Options) { NumberHandling = JsonNumberHandling.Strict });
    private static readonly JsonSchemaExporterOptions Exporter = new() { TreatNullObliviousAsNonNullable = true, TransformSchemaNode = Complete };

    /// <summary>The schema of a record, titled with its name.</summary>
    public static JsonObject Of(Type type)
    {
        var schema = Written.Options.GetJsonSchemaAsNode(type, Exporter).AsObject();
        schema.Insert(0, "title", type.Name);
        if (type.GetCustomAttribute<DescriptionAttribute>() is { } text)
        {
            schema["description"] = text.Description;
        }

        return schema;
    }

    private static JsonObject Complete(JsonSchemaExporterContext context, JsonNode node)
    {
        var schema = SchemaOf(context, node);
        return context.PropertyInfo is { } property ? Described(property, schema) : schema;
    }

    private static JsonObject SchemaOf(JsonSchemaExporterContext context, JsonNode node)
    {
        if (context.TypeInfo.Type == typeof(RawJson))
        {
            return Schemas.AnyObject;
        }

        if (context.TypeInfo.Type == typeof(RawJson?))
        {
            return Schemas.OrNull(Schemas.AnyObject);
        }

        if (context.TypeInfo.Kind != JsonTypeInfoKind.Object)
        {
            return node.AsObject();
        }

        if (!context.Path.IsEmpty)
        {
            // Titled like every record, so that the document can name it once.
            var record = Of(context.TypeInfo.Type);
            return context.PropertyInfo is { IsGetNullable: true, ShouldSerialize: null } ? Schemas.OrNull(record) : record;
        }

        // Also null is written, unless the member says otherwise.
        node["required"] = new JsonArray([.. context.TypeInfo.Properties.Where(p => p is { Get: not null, ShouldSerialize: null }).Select(p => (JsonNode)p.Name)]);
        return node.AsObject();
    }

    private static JsonObject Described(JsonPropertyInfo property, JsonObject schema)
    {
        if (schema["title"] is not null)
        {
            // A record says itself what it is.
            return schema;
        }

        if (property.ShouldSerialize is not null && schema["type"] is JsonArray types)
        {
            // Left out instead of null.
            schema["type"] = types[0]!.DeepClone();
        }

        if (Find<ValuesOfAttribute>(property) is { } values)
        {
            var names = values.Names.Select(name => (JsonNode?)name);
            var named = schema["items"] as JsonObject ?? schema;
            named["enum"] = new JsonArray([.. named["type"] is JsonArray ? names.Append(null) : names]);
        }

        if (Find<RangeAttribute>(property) is { } range)
        {
            (schema["minimum"], schema["maximum"]) = (Convert.ToDouble(range.Minimum), Convert.ToDouble(range.Maximum));
        }

        if (Find<DescriptionAttribute>(property) is { } text)
        {
            schema["description"] = text.Description;
        }

        return schema;
    }

    // A record's member is a parameter of its constructor, where attributes stand without a target, or a property.
    private static T? Find<T>(JsonPropertyInfo property)
        where T : Attribute =>
        ((property.AssociatedParameter?.AttributeProvider?.GetCustomAttributes(typeof(T), inherit: false) ?? [])
            .Concat(property.AttributeProvider?.GetCustomAttributes(typeof(T), inherit: false) ?? [])).OfType<T>().FirstOrDefault();
}

/// <summary>The texts a member of an answer may be: those of a static list.</summary>
/// <param name="owner">The class that has the list.</param>
/// <param name="list">Name of its static property.</param>
[AttributeUsage(AttributeTargets.Parameter | AttributeTargets.Property)]
internal sealed class ValuesOfAttribute(Type owner, string list) : Attribute
{
    public IEnumerable<string> Names => (IEnumerable<string>)owner.GetProperty(list, BindingFlags.Static | BindingFlags.Public | BindingFlags.NonPublic)!.GetValue(null)!;
}
