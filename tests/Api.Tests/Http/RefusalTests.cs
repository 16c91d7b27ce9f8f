using System.Net.Http.Headers;
using System.Text;
using System.Text.Json.Nodes;

namespace Actors.Api.Tests.Http;

[Collection(ServiceTests.Name)]
public class RefusalTests(ServiceFixture service)
{
    private const string Remember = "/api/v1/memory/remember";

    [Fact]
    public async Task all_faults_of_a_body_are_reported_at_once()
    {
        var (status, body) = await service.PostAsync(
            Remember,
            """
            {"content": "", "client_id": "a b", "memory_type": "dream", "memory_scope": 3, "salience_score": 2, "metadata": [],
             "occurred_at": "yesterday", "run_id": "x", "speaker": {}, "nonsense/~": 1}
            """);

        Assert.Equal((400, "invalid_request"), (status, (string)body!["code"]!));
        Assert.Equal(
            ["/client_id", "/content", "/memory_scope", "/memory_type", "/metadata", "/nonsense~1~0", "/occurred_at", "/run_id", "/salience_score", "/speaker"],
            Pointers(body).Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task all_faults_of_a_query_are_reported_at_once()
    {
        var (status, body) = await service.GetAsync(
            "/api/v1/memory/recall?client_id=-&k=0&scopes=moon&as_of=2026-01-01&from=2026-01-01T00:00:00&nonsense=1&k=2");

        Assert.Equal(400, status);
        Assert.Equal(
            ["query:as_of", "query:client_id", "query:from", "query:k", "query:nonsense", "query:query", "query:scopes"],
            Pointers(body!).Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task faults_of_a_batch_name_their_item()
    {
        var (status, body) = await service.PostAsync(
            $"{Remember}/batch", """{"client_id": "1", "items": [{"content": "a"}, {"content": 5}, "x", {"content": "b", "client_id": "2"}]}""");
        Assert.Equal(400, status);
        Assert.Equal(["/items/1/content", "/items/2", "/items/3/client_id"], Pointers(body!));
    }

    [Theory]
    [InlineData("")]
    [InlineData("{")]
    [InlineData("[1,]")]
    [InlineData("null")]
    [InlineData("\"text\"")]
    [InlineData("{\"content\":\"a\",\"content\":\"b\",\"client_id\":\"1\"}")]
    [InlineData("{\"content\":\"\\u0000\",\"client_id\":\"1\"}")]
    [InlineData("{\"content\":\"\\ud800\",\"client_id\":\"1\"}")]
    [InlineData("{\"\\ud800\":\"a\",\"client_id\":\"1\"}")]
    [InlineData("{\"content\":\"a\",\"client_id\":\"1\",\"metadata\":{\"a\":\"\\u0000\"}}")]
    public async Task a_body_that_is_no_proper_json_object_is_refused(string json)
    {
        var (status, body) = await service.SendAsync(HttpMethod.Post, Remember, json);
        Assert.Equal((400, "invalid_request"), (status, (string)body!["code"]!));
    }

    [Fact]
    public async Task deep_nesting_is_refused()
    {
        var nested = new string('[', 100) + new string(']', 100);
        var json = """{"content":"a","client_id":"1","metadata":{"a":""" + nested + "}}";
        Assert.Equal(400, (await service.SendAsync(HttpMethod.Post, Remember, json)).Status);
    }

    [Fact]
    public async Task bytes_that_are_no_utf8_are_refused()
    {
        using var content = new ByteArrayContent([.. "{\"content\":\""u8, 0xC3, 0x28, .. "\",\"client_id\":\"1\"}"u8]);
        content.Headers.ContentType = new MediaTypeHeaderValue("application/json");
        using var response = await service.Client.PostAsync(Remember, content, TestContext.Current.CancellationToken);
        Assert.Equal(400, (int)response.StatusCode);
    }

    [Fact]
    public async Task a_body_over_1_MiB_is_413_and_one_that_is_not_json_415()
    {
        var large = $$"""{"content":"{{new string('x', 1_100_000)}}","client_id":"1"}""";
        var (status, body) = await service.SendAsync(HttpMethod.Post, Remember, large);
        Assert.Equal((413, "body_too_large"), (status, (string)body!["code"]!));

        using var text = new StringContent("content=a", Encoding.UTF8, "text/plain");
        using var response = await service.Client.PostAsync(Remember, text, TestContext.Current.CancellationToken);
        Assert.Equal(415, (int)response.StatusCode);
        Assert.Equal("application/problem+json", response.Content.Headers.ContentType!.MediaType);
    }

    [Fact]
    public async Task a_connection_goes_on_after_a_body_that_was_too_large()
    {
        using var handler = new SocketsHttpHandler { MaxConnectionsPerServer = 1 };
        using var client = new HttpClient(handler) { BaseAddress = service.Client.BaseAddress };
        client.DefaultRequestHeaders.Authorization = service.Client.DefaultRequestHeaders.Authorization;
        for (var round = 0; round < 20; round++)
        {
            using var large = new StringContent($$"""{"content":"{{new string('x', 1_100_000)}}","client_id":"1"}""", Encoding.UTF8, "application/json");
            using var refused = await client.PostAsync(Remember, large, TestContext.Current.CancellationToken);
            Assert.Equal(413, (int)refused.StatusCode);
            Assert.NotEqual(true, refused.Headers.ConnectionClose);
            using var small = new StringContent("{}", Encoding.UTF8, "application/json");
            using var read = await client.PostAsync(Remember, small, TestContext.Current.CancellationToken);
            Assert.Equal(400, (int)read.StatusCode);
        }
    }

    [Fact]
    public async Task a_body_too_large_to_be_skipped_is_refused_on_a_connection_that_says_it_closes()
    {
        var address = service.Client.BaseAddress!;
        using var socket = new System.Net.Sockets.TcpClient();
        await socket.ConnectAsync(address.Host, address.Port, TestContext.Current.CancellationToken);
        await using var stream = socket.GetStream();
        var head = $"POST {Remember} HTTP/1.1\r\nHost: x\r\nAuthorization: {service.Client.DefaultRequestHeaders.Authorization}\r\n"
            + "Content-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n110000\r\n";
        await stream.WriteAsync(Encoding.ASCII.GetBytes(head), TestContext.Current.CancellationToken);
        await stream.WriteAsync(Encoding.ASCII.GetBytes(new string(' ', 0x110000)), TestContext.Current.CancellationToken);
        using var reader = new StreamReader(stream);
        Assert.StartsWith("HTTP/1.1 413 ", await reader.ReadLineAsync(TestContext.Current.CancellationToken), StringComparison.Ordinal);
        var headers = new List<string>();
        for (var line = await reader.ReadLineAsync(TestContext.Current.CancellationToken); !string.IsNullOrEmpty(line); line = await reader.ReadLineAsync(TestContext.Current.CancellationToken))
        {
            headers.Add(line);
        }

        Assert.Contains("Connection: close", headers);
    }

    [Fact]
    public async Task a_length_that_is_only_announced_is_refused_before_room_is_made_for_it()
    {
        var address = service.Client.BaseAddress!;
        using var socket = new System.Net.Sockets.TcpClient();
        await socket.ConnectAsync(address.Host, address.Port, TestContext.Current.CancellationToken);
        await using var stream = socket.GetStream();
        var head = $"POST {Remember} HTTP/1.1\r\nHost: x\r\nAuthorization: {service.Client.DefaultRequestHeaders.Authorization}\r\n"
            + "Content-Type: application/json\r\nContent-Length: 4294967295\r\n\r\n";
        await stream.WriteAsync(Encoding.ASCII.GetBytes(head), TestContext.Current.CancellationToken);
        using var reader = new StreamReader(stream);
        Assert.StartsWith("HTTP/1.1 413 ", await reader.ReadLineAsync(TestContext.Current.CancellationToken), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("query=x&client_id=1&scopes=%5B%22%5Cud800%22%5D")]
    [InlineData("query=x&client_id=1&scopes=%5B1%5D")]
    [InlineData("query=x&client_id=1&scopes=%5B")]
    [InlineData("query=x&client_id=1&cursor=x")]
    public async Task a_strange_query_is_refused(string query) =>
        Assert.Equal(400, (await service.GetAsync($"/api/v1/memory/recall?{query}")).Status);

    [Fact]
    public async Task too_many_metadata_filters_are_refused()
    {
        var metadata = Enumerable.Range(0, 17).ToDictionary(i => $"m{i}", i => i);
        Assert.Equal(400, (await service.PostAsync("/api/v1/memory/recall", new { query = "x", client_id = "1", metadata })).Status);
    }

    [Fact]
    public async Task text_that_unicode_reserves_is_stored_and_found_and_harms_nobody()
    {
        var client = service.NewClient();
        await service.RememberAsync(new { content = "odd\uFFFEtext", client_id = client });
        await service.RememberAsync(new { content = "odd\uFFFFtext", client_id = client, salience_score = 0.5 });
        Assert.Equal(2, (await service.RecallAsync($"client_id={client}&query=text%EF%BF%BE")).Count);
    }

    [Theory]
    [InlineData("""{"content":"a","client_id":"1","memory_scope":"run"}""", "run_scope_needs_run_id")]
    [InlineData("""{"content":"a","client_id":"1","run_id":"00000000-0000-7000-8000-000000000000"}""", "unknown_run")]
    [InlineData("""{"content":"a","client_id":"1","occurred_at":"2026-01-02T00:00:00Z","expires_at":"2026-01-01T00:00:00Z"}""", "expires_before_it_occurred")]
    [InlineData("""{"content":"a","client_id":"1","metadata":{"n":1e400000}}""", "number_out_of_range")]
    [InlineData("""{"content":"a","client_id":"1","metadata":{"n":[{"m":-1e309}]}}""", "number_out_of_range")]
    public async Task what_breaks_a_rule_is_422_with_its_code(string json, string code)
    {
        var (status, body) = await service.SendAsync(HttpMethod.Post, Remember, json);
        Assert.Equal((422, code), (status, (string)body!["code"]!));
        Assert.NotEmpty((string)body["hint"]!);
    }

    [Fact]
    public async Task unknown_addresses_and_methods_are_problems_too()
    {
        var (missing, body) = await service.GetAsync("/api/v1/nothing");
        Assert.Equal((404, "no_such_route"), (missing, (string)body!["code"]!));
        var (method, answer) = await service.SendAsync(HttpMethod.Put, Remember, "{}");
        Assert.Equal((405, "method_not_allowed"), (method, (string)answer!["code"]!));
    }

    [Fact]
    public async Task the_log_holds_route_templates_and_nothing_a_client_sent()
    {
        await service.PostAsync(Remember, new { content = "marker-in-content", client_id = "marker-client" });
        await service.GetAsync("/api/v1/memory/recall?client_id=marker-client&query=marker-in-query");
        await service.GetAsync("/api/v1/memory/events/marker-in-path");
        await service.SendAsync(HttpMethod.Post, Remember, "{\"marker-in-body\"");

        // Once the line of the last of them is there, so are those before it; nobody else asks for this address.
        await service.SendAsync(HttpMethod.Delete, "/health");
        await service.Service.WaitForOutputAsync("DELETE");
        Assert.Contains("/api/v1/memory/recall", service.Service.Output, StringComparison.Ordinal);
        Assert.DoesNotContain("marker-", service.Service.Output, StringComparison.Ordinal);
    }

    private static IEnumerable<string> Pointers(JsonNode problem) =>
        problem["errors"]!.AsArray().Select(fault => (string)fault!["pointer"]!);
}
