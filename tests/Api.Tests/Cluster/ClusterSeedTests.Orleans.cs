using Actors.Support;

namespace Actors.Api.Tests.Cluster;

/// <summary>An API process has its workflows stored by the silos.</summary>
public sealed class ClusterSeedTests : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("seed-test-");

    public void Dispose() => _folder.Delete(recursive: true);

    [Fact]
    public async Task an_api_started_with_seed_before_the_first_silo_waits_for_it()
    {
        await using var cluster = await ProcessCluster.StartAsync(silos: 0, apis: 0);
        var starting = ServiceProcess.StartProgramAsync(ServiceProcess.Api, ["--postgres", cluster.ConnectionString, "--data", _folder.FullName, "--seed"]);

        await cluster.StartSiloAsync(HostArguments.Port(), HostArguments.Port());

        await using var api = await starting;
        await api.WaitForOutputAsync("Seeded workflows that were missing: 7");
        Assert.Equal("7", await cluster.Database.PsqlAsync("select count(*) from workflows"));
    }
}
