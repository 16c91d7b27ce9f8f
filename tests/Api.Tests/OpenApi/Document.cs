using System.Text.Json.Nodes;
using Actors.Http;
using Actors.Idempotency;

namespace Actors.Api.Tests.OpenApi;

/// <summary>The document as the service serves it.</summary>
internal sealed class Document(JsonNode json)
{
    public SchemaCheck Schemas { get; } = new(json);

    public JsonNode Json => json;

    public IReadOnlyList<Operation> Operations { get; } =
    [
        .. from path in json["paths"]!.AsObject()
           from operation in path.Value!.AsObject()
           select new Operation(operation.Key.ToUpperInvariant(), path.Key, operation.Value!),
    ];

    public Operation this[string id] => Operations.Single(operation => operation.Id == id);

    public static async Task<Document> OfAsync(ServiceFixture service) => new((await service.GetAsync("/openapi/v1.json")).Body!);
}

/// <summary>A method of a path.</summary>
internal sealed record Operation(string Method, string Path, JsonNode Json)
{
    public string Id => (string)Json["operationId"]!;

    public bool NeedsKey => Json["security"]!.AsArray().Count > 0;

    public IEnumerable<JsonNode> Parameters => (Json["parameters"] as JsonArray ?? []).Select(parameter => parameter!);

    public bool TakesIdempotencyKey => Takes(IdempotentWrites.Header);

    public bool TakesIfMatch => Takes(EntityTags.IfMatchHeader);

    public JsonNode? Body => Json["requestBody"]?["content"]?["application/json"];

    /// <summary>The body of an operation that takes lines of JSON as a stream.</summary>
    public JsonNode? Stream => Json["requestBody"]?["content"]?["application/x-ndjson"];

    public IReadOnlyDictionary<int, JsonNode> Responses => Json["responses"]!.AsObject().ToDictionary(r => int.Parse(r.Key, null), r => r.Value!);

    public IEnumerable<JsonNode> ParametersIn(string place) => Parameters.Where(parameter => (string?)parameter["in"] == place);

    /// <summary>The examples of a body, a parameter or an answer.</summary>
    public static IEnumerable<JsonNode?> ExamplesOf(JsonNode described) =>
        described["examples"] is JsonObject named ? named.Select(example => example.Value!["value"])
        : described["example"] is { } one ? [one]
        : (described["schema"]?["examples"] as JsonArray)?.AsEnumerable() ?? [];

    public override string ToString() => $"{Method} {Path}";

    private bool Takes(string header) => ParametersIn("header").Any(parameter => (string?)parameter["name"] == header);
}
