namespace Actors.Compose;

public sealed class TraefikTests
{
    private const string Memory = "memory.bestviable.com";
    private const string Planner = "planner.bestviable.com";

    private static readonly ComposeService Api = ComposeFile.Services["api"];

    [Theory]
    [InlineData("/api/v1/memory/remember")]
    [InlineData("/api/v1/memory/recall")]
    [InlineData("/api/v1/memory/events/7")]
    [InlineData("/api/v1/memory/facts")]
    [InlineData("/api/v1/memory/subjects/user/1")]
    public void memory_routes_are_on_the_memory_host_alone(string path) => Assert.Equal([Memory], HostsOf(path));

    [Theory]
    [InlineData("/api/v1/admin/keys")]
    [InlineData("/api/v1/patterns/workflows")]
    [InlineData("/api/v1/runs")]
    [InlineData("/api/v1/planner/plan")]
    [InlineData("/api/v1/scheduler/schedule")]
    [InlineData("/api/v1/calendar/connect")]
    [InlineData("/api/v1/tasks")]
    [InlineData("/api/v1/clients/1/data")]
    [InlineData("/oauth/callback")]
    [InlineData("/calendar/0123.ics")]
    [InlineData("/metrics")]
    [InlineData("/mcp")]
    public void all_other_routes_are_on_the_planner_host_alone(string path) => Assert.Equal([Planner], HostsOf(path));

    [Theory]
    [InlineData("/health")]
    [InlineData("/health/ready")]
    public void health_is_on_both_hosts(string path) => Assert.Equal([Memory, Planner], HostsOf(path));

    [Theory]
    [InlineData("/docs")]
    [InlineData("/docs/index.html")]
    [InlineData("/openapi/v1.json")]
    [InlineData("/login")]
    [InlineData("/logout")]
    public void the_page_to_try_routes_is_on_both_hosts_because_it_calls_its_own(string path) => Assert.Equal([Memory, Planner], HostsOf(path));

    [Fact]
    public void both_routers_take_https_alone_and_have_a_certificate_of_the_resolver()
    {
        Assert.All(Routers(), router =>
        {
            Assert.Equal("websecure", Api.Labels[$"{router}.entrypoints"]);
            Assert.Equal("true", Api.Labels[$"{router}.tls"]);
            Assert.Equal("letsencrypt", Api.Labels[$"{router}.tls.certresolver"]);
        });
    }

    [Fact]
    public void both_routers_lead_to_the_port_of_the_api_by_the_network_of_traefik()
    {
        Assert.Equal("true", Api.Labels["traefik.enable"]);
        Assert.All(Routers(), router => Assert.Equal("planner-memory", Api.Labels[$"{router}.service"]));
        Assert.Equal(Api.Value["environment.Port"].Text, Api.Labels["traefik.http.services.planner-memory.loadbalancer.server.port"]);
        Assert.Contains("traefik", Api.Networks);
        Assert.Equal(ComposeFile.Root["networks.traefik.name"].Text, Api.Labels["traefik.docker.network"]);
    }

    [Fact]
    public void no_other_service_is_routed_to() =>
        Assert.Equal(["api"], ComposeFile.Services.Values.Where(service => service.Labels.Count > 0).Select(service => service.Name));

    private static IEnumerable<string> Routers() =>
        Api.Labels.Keys.Where(label => label.StartsWith("traefik.http.routers.", StringComparison.Ordinal) && label.EndsWith(".rule", StringComparison.Ordinal))
            .Select(label => label[..^".rule".Length]);

    private static IEnumerable<string> HostsOf(string path) => new[] { Memory, Planner, "other.bestviable.com" }
        .Where(host => Routers().Any(router => TraefikRule.Matches(Api.Labels[$"{router}.rule"], host, path)));
}
