using System.Text.Json.Nodes;

namespace Actors.Api.Tests.OpenApi;

/// <summary>The document leaves nothing to guess.</summary>
[Collection(ServiceTests.Name)]
public class CompletenessTests(ServiceFixture service)
{
    /// <summary>A week is there, whether it has a sprint or not.</summary>
    private const string AnyWeek = "getSprintCapacity";

    private static readonly int[] OfBodies = [400, 413, 415];

    [Fact]
    public async Task every_operation_says_all_there_is_to_say()
    {
        var document = await Document.OfAsync(service);
        var findings = new Findings();
        foreach (var operation in document.Operations)
        {
            findings.Add(MissingOf(operation).Select(what => $"{operation}: {what}"));
            findings.Add(operation.Parameters.SelectMany(parameter => MissingOfParameter(parameter).Select(what => $"{operation} {parameter["name"]}: {what}")));
            findings.Add(operation.Responses.SelectMany(response => MissingOfResponse(response.Key, response.Value).Select(what => $"{operation} {response.Key}: {what}")));
        }

        findings.AssertNone();
        Assert.Distinct(document.Operations.Select(operation => operation.Id));
    }

    [Fact]
    public async Task every_member_of_every_schema_is_described()
    {
        var document = await Document.OfAsync(service);
        var members =
            from schema in document.Json["components"]!["schemas"]!.AsObject()
            from member in schema.Value!["properties"]!.AsObject()
            where document.Schemas.Resolved(member.Value!)["description"] is null
            select $"{schema.Key}.{member.Key} is not described";
        var findings = new Findings();
        findings.Add(members);
        findings.AssertNone();
    }

    private static IEnumerable<string> MissingOf(Operation operation)
    {
        var texts = new[] { "operationId", "summary", "description" }.Where(member => operation.Json[member] is not JsonValue);
        var lists = new[] { "tags", "security" }.Where(member => operation.Json[member] is not JsonArray);
        var statuses = ExpectedOf(operation).Where(status => !operation.Responses.ContainsKey(status)).Select(status => $"{status}");
        var good = operation.Responses.Keys.Any(status => status < 300) ? [] : new[] { "a good answer" };
        return [.. texts, .. lists, .. statuses, .. good, .. operation.Body is { } body ? MissingOfContent(body) : []];
    }

    private static IEnumerable<int> ExpectedOf(Operation operation) =>
    [
        .. operation.NeedsKey ? [401] : Array.Empty<int>(),
        .. operation.Body is not null ? OfBodies : [],
        .. operation.ParametersIn("path").Any() && operation.Id != AnyWeek ? [404] : Array.Empty<int>(),
        .. operation.ParametersIn("query").Any() ? [400] : Array.Empty<int>(),
    ];

    private static IEnumerable<string> MissingOfParameter(JsonNode parameter) =>
        parameter["description"] is JsonValue ? MissingOfContent(parameter) : ["description", .. MissingOfContent(parameter)];

    private static IEnumerable<string> MissingOfResponse(int status, JsonNode response)
    {
        if (response["description"] is not JsonValue)
        {
            yield return "description";
        }

        if (response["content"] is null && status is not (204 or 304))
        {
            yield return "content";
        }

        foreach (var (type, content) in response["content"] as JsonObject ?? [])
        {
            foreach (var what in MissingOfContent(content!))
            {
                yield return $"{type} {what}";
            }

            if (status is 429 or 503 && type == "application/problem+json" && response["headers"]?["Retry-After"] is null)
            {
                yield return "Retry-After";
            }
        }
    }

    private static IEnumerable<string> MissingOfContent(JsonNode part) =>
    [
        .. part["schema"] is JsonObject ? Array.Empty<string>() : ["schema"],
        .. Operation.ExamplesOf(part).Any() ? Array.Empty<string>() : ["example"],
    ];
}
