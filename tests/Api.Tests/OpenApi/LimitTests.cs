using System.Text.Json.Nodes;

namespace Actors.Api.Tests.OpenApi;

/// <summary>The limits the document names are those of the service: what lies on them is read, what lies beyond is refused by name.</summary>
[Collection(ServiceTests.Name)]
public class LimitTests(ServiceFixture service)
{
    /// <summary>What must stand beside a value for it to be read.</summary>
    private static readonly Dictionary<string, (string Name, string Value)> Companions = new() { ["max_tokens"] = ("format", "context") };

    private static readonly string[] Strange = [" ", "\u0001", "moon"];

    private readonly Findings _findings = new();

    [Fact]
    public async Task every_parameter_and_member_is_read_within_its_limits_and_refused_beyond()
    {
        var document = await Document.OfAsync(service);
        var tried = 0;
        foreach (var operation in document.Operations)
        {
            foreach (var parameter in operation.ParametersIn("query"))
            {
                var name = (string)parameter["name"]!;
                tried += await TryAsync(document.Schemas, operation, parameter["schema"]!, name, "query:", (request, n, value) => request.Query[n] = value);
            }

            foreach (var (name, schema) in MembersOf(document, operation))
            {
                tried += await TryAsync(document.Schemas, operation, schema!, name, "/", (request, n, value) => request.Body![n] = value);
            }
        }

        _findings.AssertNone();
        Assert.True(tried > 100);
    }

    // A body of several shapes counts by its first, as its first example does.
    private static JsonObject MembersOf(Document document, Operation operation) =>
        operation.Body?["schema"] is not { } schema ? []
        : document.Schemas.Resolved(document.Schemas.Resolved(schema)["anyOf"]?[0] ?? schema)["properties"]!.AsObject();

    private async Task<int> TryAsync(SchemaCheck check, Operation operation, JsonNode schema, string name, string place, Action<ExampleRequest, string, JsonNode?> put)
    {
        var pointer = place + name;
        var values = Right(name, schema).Select(value => (value, IsRight: true)).Concat(Wrong(schema, check).Select(value => (value, IsRight: false))).ToList();
        foreach (var (value, isRight) in values)
        {
            var request = ExampleRequest.Of(operation);
            put(request, name, value);
            if (Companions.TryGetValue(name, out var companion))
            {
                put(request, companion.Name, companion.Value);
            }

            using var message = request.ToMessage();
            using var response = await service.Client.SendAsync(message, TestContext.Current.CancellationToken);
            var text = await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
            var isRefused = (int)response.StatusCode == 400
                && JsonNode.Parse(text)!["errors"]!.AsArray().Any(fault => (string?)fault!["pointer"] == pointer);
            _findings.Check(isRefused != isRight, $"{operation} {pointer} {Shortened(value)}: {(int)response.StatusCode} {text}");
        }

        return values.Count;
    }

    // Not any text is a cursor.
    private static IEnumerable<JsonNode?> Right(string name, JsonNode schema) =>
    [
        .. schema["enum"]?.AsArray().Where(value => value is not null).Select(value => value!.DeepClone()) ?? [],
        .. schema["minimum"] is { } min && schema["maximum"] is { } max ? [min.DeepClone(), max.DeepClone()] : Array.Empty<JsonNode?>(),
        .. schema["maxLength"] is { } length && schema["enum"] is null && name is not ("cursor" or "after") ? [name == "url" ? $"https://a/{new string('x', (int)length - 10)}" : new string('x', (int)length)] : Array.Empty<JsonNode?>(),
        .. Is(schema, "boolean") ? [true, false] : Array.Empty<JsonNode?>(),
        .. Is(schema, "null") ? [null] : Array.Empty<JsonNode?>(),
    ];

    // What a schema forbids by a pattern, a format or its type is found by trying.
    private static IEnumerable<JsonNode?> Wrong(JsonNode schema, SchemaCheck check) =>
    [
        .. schema["minimum"] is { } min ? [(double)min - 1] : Array.Empty<JsonNode?>(),
        .. schema["maximum"] is { } max ? [(double)max + 1] : Array.Empty<JsonNode?>(),
        .. schema["maxLength"] is { } length ? [new string('x', (int)length + 1)] : Array.Empty<JsonNode?>(),
        .. Strange.Where(text => check.Faults(text, schema).Count > 0).Select(text => (JsonNode)text),
    ];

    private static bool Is(JsonNode schema, string type) =>
        schema["type"] is JsonArray several ? several.Any(t => (string?)t == type) : (string?)schema["type"] == type;

    private static string Shortened(JsonNode? value) => $"{value}" is { Length: > 50 } text ? text[..50] : $"{value}";
}
