using Actors.Postgres;
using Actors.Support;

namespace Actors.Compose;

/// <summary>What the real docker-compose says. It needs no Docker engine for it.</summary>
public sealed class DockerComposeTests
{
    public static TheoryData<string> Secrets => [.. EnvExample.Secrets];

    [Fact]
    public async Task docker_compose_accepts_the_file_with_the_example_as_it_is()
    {
        var result = await ConfigAsync(SourceTree.PathOf(EnvExample.Path));

        Assert.True(result.Succeeded, $"docker-compose ended with {result.ExitCode}: {result.Error}");
        Assert.Equal("", result.Error);
        Assert.Contains("planner-memory-silo:local", result.Output, StringComparison.Ordinal);
    }

    [Theory, MemberData(nameof(Secrets))]
    public async Task without_a_secret_docker_compose_refuses_and_names_it(string secret)
    {
        await using var folder = TestFolder.Create();
        var env = Path.Combine(folder.Path, ".env");
        var lines = SourceTree.Read(EnvExample.Path).Split('\n').Where(line => !line.StartsWith($"{secret}=", StringComparison.Ordinal));
        await File.WriteAllLinesAsync(env, lines, TestContext.Current.CancellationToken);

        var result = await ConfigAsync(env);

        Assert.Equal(1, result.ExitCode);
        Assert.EndsWith($"{secret} is missing, see compose/.env.example", result.Error.TrimEnd(), StringComparison.Ordinal);
    }

    private static Task<CommandResult> ConfigAsync(string env) => Command.RunAsync(
        ["docker-compose", "-f", SourceTree.PathOf(ComposeFile.Path), "--env-file", env, "config"], TestContext.Current.CancellationToken);
}
