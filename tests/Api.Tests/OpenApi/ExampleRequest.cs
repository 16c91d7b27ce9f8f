using System.Text;
using System.Text.Json.Nodes;
using Actors.Idempotency;

namespace Actors.Api.Tests.OpenApi;

/// <summary>A request made of the document's own examples, to be changed in single points.</summary>
internal sealed class ExampleRequest
{
    private readonly Operation _operation;

    private ExampleRequest(Operation operation, JsonNode? body)
    {
        _operation = operation;
        Body = body?.DeepClone();
        // One that is not to be filled in stands in the parameter's schema.
        Query = operation.ParametersIn("query").Where(parameter => parameter["example"] is not null).ToDictionary(Name, Example);
        Path = operation.ParametersIn("path").ToDictionary(Name, parameter => (string)Example(parameter)!);
        Lines = operation.Stream is { } stream ? (string?)Operation.ExamplesOf(stream).First() : null;
        Headers = operation.TakesIdempotencyKey ? new() { [IdempotentWrites.Header] = $"{Guid.NewGuid()}" } : [];
    }

    public Dictionary<string, string> Path { get; }

    public Dictionary<string, JsonNode?> Query { get; }

    public Dictionary<string, string> Headers { get; }

    public JsonNode? Body { get; set; }

    /// <summary>The body of an operation that takes a stream.</summary>
    public string? Lines { get; set; }

    public string ContentType { get; set; } = "application/json";

    /// <summary>One request for each example of the body; one if there is no body.</summary>
    public static IEnumerable<ExampleRequest> AllOf(Operation operation) =>
        operation.Body is { } body ? Operation.ExamplesOf(body).Select(example => new ExampleRequest(operation, example)) : [new(operation, null)];

    public static ExampleRequest Of(Operation operation) => AllOf(operation).First();

    public HttpRequestMessage ToMessage()
    {
        var path = Path.Aggregate(_operation.Path, (text, value) => text.Replace($"{{{value.Key}}}", Uri.EscapeDataString(value.Value), StringComparison.Ordinal));
        var query = string.Join('&', Query.SelectMany(Written).Select(p => $"{Uri.EscapeDataString(p.Name)}={Uri.EscapeDataString(p.Value)}"));
        var message = new HttpRequestMessage(new HttpMethod(_operation.Method), query.Length > 0 ? $"{path}?{query}" : path);
        foreach (var (name, value) in Headers)
        {
            message.Headers.TryAddWithoutValidation(name, value);
        }

        if (_operation.Body is not null)
        {
            message.Content = new StringContent(Body?.ToJsonString() ?? "null", Encoding.UTF8, ContentType);
        }

        if (Lines is not null)
        {
            message.Content = new StringContent(Lines, Encoding.UTF8, "application/x-ndjson");
        }

        return message;
    }

    // As the document says: lists with commas between, objects as one parameter for each member.
    private static IEnumerable<(string Name, string Value)> Written(KeyValuePair<string, JsonNode?> parameter) => parameter.Value switch
    {
        JsonArray items => [(parameter.Key, string.Join(',', items))],
        JsonObject members => members.Select(member => (member.Key, $"{member.Value}")),
        var value => [(parameter.Key, $"{value}")],
    };

    private static string Name(JsonNode parameter) => (string)parameter["name"]!;

    private static JsonNode? Example(JsonNode parameter) => Operation.ExamplesOf(parameter).First();
}
