using System.Net.Http.Json;
using Actors.Api.Tests.Ops;
using Actors.Support;

namespace Actors.Api.Tests.Cluster;

public class ClusterTelemetryTests
{
    [Fact]
    public async Task a_trace_goes_on_from_the_api_process_into_the_silo()
    {
        await using var collector = await OtlpCollector.StartAsync();
        await using var cluster = await ProcessCluster.StartAsync(silos: 0, apis: 0);
        cluster.Silos.Add(await cluster.StartSiloAsync(HostArguments.Port(), HostArguments.Port(), collector.Environment));
        cluster.Apis.Add(await cluster.StartApiAsync(collector.Environment));
        using var answer = await cluster.Apis[0].Client.PostAsJsonAsync(
            "/api/v1/memory/remember", new { client_id = "traced", content = "once" }, TestContext.Current.CancellationToken);
        Assert.True(answer.IsSuccessStatusCode);

        var spans = await collector.ReadUntilAsync(spans =>
            spans.SingleOrDefault(span => span.Name == "POST /api/v1/memory/remember") is { } root
            && spans.Any(span => span.TraceId == root.TraceId && span.Source == "Npgsql")
            && spans.Any(span => span.TraceId == root.TraceId && span.Source == HostNames.CallSource && span.Service == "planner-memory-silo"));

        var request = spans.Single(span => span.Name == "POST /api/v1/memory/remember");
        var trace = spans.Where(span => span.TraceId == request.TraceId).ToList();
        Assert.Equal("planner-memory-api", request.Service);
        Assert.All(trace.Where(span => span.Source == "Npgsql"), span => Assert.Equal("planner-memory-silo", span.Service));
        Assert.Contains(trace, span => span.Source == HostNames.CallSource && span.ParentId == request.SpanId);
    }
}
