using System.Net.Http.Headers;
using System.Net.Http.Json;
using Actors.Support;

namespace Actors.Api.Tests.Ops;

/// <summary>What goes to a collector: one trace from the request through its grains to Postgres, and nothing of what clients send.</summary>
public sealed class TelemetryTests : IDisposable
{
    private const string AdminKey = "pm_admin_0123456789abcdef0123456789abcdef";

    private readonly DirectoryInfo _data = Directory.CreateTempSubdirectory("telemetry-test-");

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    public void Dispose() => _data.Delete(recursive: true);

    [Fact]
    public async Task a_request_its_grain_calls_and_their_statements_are_one_trace_without_what_the_client_sent()
    {
        await using var collector = await OtlpCollector.StartAsync();
        await using var database = await TestPostgres.CreateAsync();
        await using var service = await ServiceProcess.StartProgramAsync(
            ServiceProcess.Api,
            [.. HostArguments.All(), "--postgres", database.ConnectionString, "--data", _data.FullName, "--Access:AdminKey", AdminKey],
            collector.Environment);
        service.Client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", AdminKey);
        using var remembered = await service.Client.PostAsJsonAsync(
            "/api/v1/memory/remember", new { client_id = "secret-client", content = "secret-content" }, Stop);
        Assert.True(remembered.IsSuccessStatusCode);
        // A subject's id is part of its grain's key; a run nobody has is refused by Postgres, with an error that may quote it.
        using var stated = await service.Client.PostAsJsonAsync(
            "/api/v1/memory/facts",
            new { client_id = "secret-client", subject_type = "person", subject_id = "secret-subject", fact_type = "likes", content = "secret-content" },
            Stop);
        Assert.True(stated.IsSuccessStatusCode);
        using var wrong = new HttpRequestMessage(HttpMethod.Post, "/api/v1/memory/remember")
        {
            Content = JsonContent.Create(new { client_id = "secret-client", content = "secret-refused", run_id = Guid.NewGuid(), memory_scope = "run" }),
            Headers = { { "traceparent", "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01" }, { "tracestate", "vendor=secret-state" } },
        };
        using var refused = await service.Client.SendAsync(wrong, Stop);
        Assert.Equal(422, (int)refused.StatusCode);
        using var recalled = await service.Client.GetAsync("/api/v1/memory/recall?client_id=secret-client&query=secret-question", Stop);
        Assert.True(recalled.IsSuccessStatusCode);

        var spans = await collector.ReadUntilAsync(spans =>
            spans.Any(span => span.Name == "GET /api/v1/memory/recall") && TreeOf(spans, "POST /api/v1/memory/remember").Any(span => span.Source == "Npgsql"));

        var request = spans.First(span => span.Name == "POST /api/v1/memory/remember");
        Assert.Equal("planner-memory-api", request.Service);
        var tree = TreeOf(spans, request.Name);
        var calls = tree.Where(span => span.Source == HostNames.CallSource && span.Name.Contains("ISessionGrain", StringComparison.Ordinal)).ToList();
        Assert.Contains(calls, call => call.ParentId == request.SpanId);
        Assert.Contains(tree, span => span.Source == "Npgsql" && calls.Exists(call => call.SpanId == span.ParentId));
        Assert.Contains(spans, span => span.TraceId == "0af7651916cd43dd8448eb211c80319c");
        Assert.All(spans, span => Assert.DoesNotContain("secret", span.WireText, StringComparison.Ordinal));
        Assert.All(spans, span => Assert.DoesNotContain(AdminKey, span.WireText, StringComparison.Ordinal));
        await collector.Metrics;
    }

    private static List<OtlpSpan> TreeOf(List<OtlpSpan> spans, string root) =>
        spans.FirstOrDefault(span => span.Name == root) is { } request ? spans.Where(span => span.TraceId == request.TraceId).ToList() : [];
}
