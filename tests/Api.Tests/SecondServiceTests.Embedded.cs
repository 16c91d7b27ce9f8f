using Actors.Support;

namespace Actors.Api.Tests;

/// <summary>The single-process host is alone on its database; silos of a cluster are not.</summary>
public sealed class SecondServiceTests : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("second-service-test-");

    public void Dispose() => _folder.Delete(recursive: true);

    [Fact]
    public async Task a_second_service_on_the_same_database_refuses_to_start_and_the_first_goes_on()
    {
        await using var database = await TestPostgres.CreateAsync();
        await using var first = await ServiceProcess.StartAsync(Path.Combine(_folder.FullName, "a"), "--postgres", database.ConnectionString);

        var (exitCode, output) = await ServiceProcess.RunToEndAsync(
            "--data", Path.Combine(_folder.FullName, "b"), "--port", "0", "--postgres", database.ConnectionString);

        Assert.Equal(1, exitCode);
        Assert.Contains("-p:ActorHost=Orleans", output, StringComparison.Ordinal);
        using var health = await first.Client.GetAsync("/health/ready", TestContext.Current.CancellationToken);
        Assert.True(health.IsSuccessStatusCode);
    }
}
