namespace Actors.Api.Tests.Ops;

[Collection(ServiceTests.Name)]
public class OpsTests(ServiceFixture service)
{
    [Fact]
    public async Task health_and_readiness_are_told()
    {
        var (alive, health) = await service.GetAsync("/health");
        Assert.Equal((200, "ok"), (alive, (string)health!["status"]!));
        var (status, ready) = await service.GetAsync("/health/ready");
        Assert.Equal((200, "ready"), (status, (string)ready!["status"]!));
        Assert.Equal(("ok", "ok"), ((string)ready["checks"]!["postgres"]!, (string)ready["checks"]!["hosting"]!));
    }

    [Fact]
    public async Task metrics_are_prometheus_text_by_route_template()
    {
        await service.RememberAsync(new { content = "x", client_id = service.NewClient() });
        var text = await service.Client.GetStringAsync("/metrics", TestContext.Current.CancellationToken);
        Assert.Contains("http_server_request_duration_seconds_count", text, StringComparison.Ordinal);
        Assert.Contains("http_route=\"/api/v1/memory/remember\"", text, StringComparison.Ordinal);
        Assert.Contains(HostNames.Metrics, text, StringComparison.Ordinal);
    }
}
