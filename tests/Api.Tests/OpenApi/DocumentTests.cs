using System.Net;
using System.Net.Http.Headers;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Routing;

namespace Actors.Api.Tests.OpenApi;

[Collection(ServiceTests.Name)]
public class DocumentTests(ServiceFixture service)
{
    /// <summary>Pages for browsers, and what they load.</summary>
    private static readonly string[] Pages = ["docs/{**path}", "/login", "/logout"];

    [Fact]
    public async Task every_route_of_the_service_is_in_the_document_and_nothing_else()
    {
        var documented = (await Document.OfAsync(service)).Operations.Select(operation => operation.ToString()).ToList();
        var mapped = (
            from route in await RoutesOfProgram.ReadAsync()
            let path = route.RoutePattern.RawText!.TrimEnd('/')
            where !Pages.Contains(path) && !HostNames.IsPage(path)
            from method in route.Metadata.GetMetadata<HttpMethodMetadata>()?.HttpMethods ?? ["(any method)"]
            select $"{method} {path}").ToList();

        var findings = new Findings();
        findings.Add(mapped.Except(documented).Select(route => $"{route} is not in the document"));
        findings.Add(documented.Except(mapped).Select(route => $"{route} is no route of the service"));
        findings.AssertNone();
        Assert.Equal(mapped.Count, documented.Count);
    }

    [Fact]
    public async Task every_example_fits_its_schema()
    {
        var document = await Document.OfAsync(service);
        var parts =
            from operation in document.Operations
            let bodies = operation.Body is { } body ? [body] : Array.Empty<JsonNode>()
            let answers = operation.Responses.Values.SelectMany(r => (r["content"] as JsonObject ?? []).Select(content => content.Value!))
            from part in operation.Parameters.Concat(bodies).Concat(answers)
            select (Name: operation.ToString(), Schema: part["schema"]!, Examples: Operation.ExamplesOf(part));
        var members =
            from schema in document.Json["components"]!["schemas"]!.AsObject()
            from member in schema.Value!["properties"]!.AsObject()
            select (Name: $"{schema.Key}.{member.Key}", Schema: member.Value!, Examples: (member.Value!["examples"] as JsonArray ?? []).AsEnumerable());

        var examples = parts.Concat(members).SelectMany(part => part.Examples.Select(example => (part.Name, part.Schema, Example: example))).ToList();

        var findings = new Findings();
        findings.Add(examples.SelectMany(e => document.Schemas.Faults(e.Example, e.Schema).Select(fault => $"{e.Name} {fault}")));
        findings.AssertNone();
        Assert.True(examples.Count > 100);
    }

    [Fact]
    public async Task the_document_is_for_everybody_and_is_sent_once_to_who_keeps_it()
    {
        using var client = new HttpClient { BaseAddress = service.Client.BaseAddress };
        using var first = await client.GetAsync("/openapi/v1.json", TestContext.Current.CancellationToken);
        Assert.Equal(("application/json", HttpStatusCode.OK), (first.Content.Headers.ContentType!.MediaType, first.StatusCode));
        var json = JsonNode.Parse(await first.Content.ReadAsStringAsync(TestContext.Current.CancellationToken))!;
        Assert.StartsWith("3.1.", (string)json["openapi"]!, StringComparison.Ordinal);

        client.DefaultRequestHeaders.IfNoneMatch.Add(first.Headers.ETag!);
        using var second = await client.GetAsync("/openapi/v1.json", TestContext.Current.CancellationToken);
        Assert.Equal(HttpStatusCode.NotModified, second.StatusCode);

        client.DefaultRequestHeaders.IfNoneMatch.Clear();
        client.DefaultRequestHeaders.IfNoneMatch.Add(new EntityTagHeaderValue("\"other\""));
        using var third = await client.GetAsync("/openapi/v1.json", TestContext.Current.CancellationToken);
        Assert.Equal(HttpStatusCode.OK, third.StatusCode);
    }

    [Theory]
    [InlineData("1", true)]
    [InlineData("a.b_c:d@e-f", true)]
    [InlineData("", false)]
    [InlineData("-a", false)]
    [InlineData("a b", false)]
    [InlineData("ä", false)]
    [InlineData("a\n", false)]
    public async Task the_pattern_of_client_ids_says_what_a_client_id_is(string text, bool isClientId)
    {
        var document = await Document.OfAsync(service);
        var schema = document["recall"].Parameters.Single(parameter => (string?)parameter["name"] == "client_id")["schema"]!;
        Assert.Equal(isClientId, Actors.Sessions.SessionKey.IsClientId(text));
        Assert.Equal(isClientId, document.Schemas.Faults(text, schema).Count == 0);
    }
}
