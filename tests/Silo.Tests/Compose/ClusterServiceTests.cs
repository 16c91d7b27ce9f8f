namespace Actors.Compose;

public sealed class ClusterServiceTests
{
    private static readonly ComposeService Silo = ComposeFile.Services["silo"];
    private static readonly ComposeService Api = ComposeFile.Services["api"];
    private static readonly ComposeService Migrate = ComposeFile.Services["migrate"];

    [Fact]
    public void there_are_two_silos_and_one_api() => Assert.Equal((2, 1), (Silo.Replicas, Api.Replicas));

    [Fact]
    public void a_job_of_the_silos_image_brings_both_schemas_up_to_date_and_ends()
    {
        Assert.Equal(Silo.Image, Migrate.Image);
        Assert.Equal(["--migrate-only", "--cluster-schema", "--ClusterSchema:Scripts", "/app/orleans-sql"], Migrate.Command);
        Assert.Equal("no", Migrate.Value["restart"].Text);
        Assert.Equal("service_healthy", Migrate.WaitsFor("postgres"));
    }

    [Fact]
    public void silos_and_api_start_after_the_job_succeeded() =>
        Assert.All(new[] { Silo, Api }, service => Assert.Equal("service_completed_successfully", service.WaitsFor("migrate")));

    [Fact]
    public void silos_and_api_belong_to_the_same_cluster()
    {
        Assert.NotEmpty(Setting(Silo, "Cluster__ClusterId"));
        Assert.Equal(Setting(Silo, "Cluster__ClusterId"), Setting(Api, "Cluster__ClusterId"));
        Assert.Equal(Setting(Silo, "Cluster__ServiceId"), Setting(Api, "Cluster__ServiceId"));
    }

    [Fact]
    public void every_service_has_a_memory_limit() =>
        Assert.All(ComposeFile.Services.Values, service => Assert.True(service.MemoryLimit > 0, $"{service.Name} has no limit."));

    [Fact]
    public void what_runs_all_the_time_leaves_a_host_of_4_gib_one_gib() =>
        Assert.InRange(ComposeFile.LastingServices.Sum(service => service.MemoryLimit!.Value * service.Replicas), 1L << 30, 3L << 30);

    [Fact]
    public void what_runs_all_the_time_has_a_health_check()
    {
        Assert.Equal(["api", "postgres", "silo", "valkey"], ComposeFile.LastingServices.Select(service => service.Name).Order());
        Assert.All(ComposeFile.LastingServices, service => Assert.NotEmpty(service.Value["healthcheck.test"].Items));
    }

    [Theory]
    [InlineData("silo", "dotnet /app/Actors.Silo.dll --probe http://127.0.0.1:8081/health/ready")]
    [InlineData("api", "dotnet /app/Actors.Api.dll --probe http://127.0.0.1:8080/health")]
    public void our_programs_are_asked_by_themselves_because_their_images_have_no_shell(string name, string probe)
    {
        var service = ComposeFile.Services[name];

        Assert.Equal(["CMD", .. probe.Split(' ')], service.Value["healthcheck.test"].Items);
        Assert.Contains($":{Setting(service, "Port")}/", probe, StringComparison.Ordinal);
    }

    [Fact]
    public void silos_and_api_have_a_volume_for_credentials()
    {
        Assert.All(new[] { Silo, Api }, service => Assert.Equal("/app/credentials", service.Volumes["credentials"]));
        Assert.True(ComposeFile.Root["volumes.credentials"].Exists);
    }

    [Fact]
    public void silo_and_gateway_ports_are_on_a_private_network_of_silos_api_database_and_cache()
    {
        Assert.Equal(("11111", "30000"), (Setting(Silo, "Cluster__SiloPort"), Setting(Silo, "Cluster__GatewayPort")));
        Assert.Equal(["11111", "30000"], Silo.Value["expose"].Items);
        Assert.Equal("true", ComposeFile.Root["networks.silos.internal"].Text);
        Assert.Equal(["api", "postgres", "silo", "valkey"], ComposeFile.Services.Values.Where(s => s.Networks.Contains("silos")).Select(s => s.Name).Order());
    }

    [Fact]
    public void a_silo_is_on_one_network_so_that_its_name_has_one_address()
    {
        Assert.Equal("auto", Setting(Silo, "Cluster__Address"));
        Assert.Equal(["silos"], Silo.Networks);
    }

    [Fact]
    public void nothing_is_published_on_the_host() =>
        Assert.All(ComposeFile.Services.Values, service => Assert.False(service.Value["ports"].Exists, $"{service.Name} publishes a port."));

    [Fact]
    public void a_silo_has_time_to_give_its_grains_away() => Assert.Equal("70s", Silo.Value["stop_grace_period"].Text);

    [Fact]
    public void every_image_that_is_not_built_here_is_pinned_to_a_release() =>
        Assert.All(ComposeFile.Services.Values.Where(s => !s.Value["build"].Exists), s => Assert.Matches(@"^[a-z/]+:\d+\.\d+(\.\d+)?-[a-z]+[0-9.]*$", s.Image));

    private static string Setting(ComposeService service, string name) => service.Value["environment"][name].Text;
}
