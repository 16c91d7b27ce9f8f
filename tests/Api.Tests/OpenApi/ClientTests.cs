using System.Diagnostics;

namespace Actors.Api.Tests.OpenApi;

/// <summary>What others make of the document: a linter, and a generator of TypeScript clients. tests/OpenApi.Client lies beside the tests.</summary>
[Collection(ServiceTests.Name)]
public class ClientTests(ServiceFixture service)
{
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(5);
    private static readonly string Folder = Path.Combine(AppContext.BaseDirectory, "OpenApi.Client");

    [Fact]
    public async Task a_linter_finds_nothing_and_a_generated_typescript_client_compiles_and_works()
    {
        await InstallAsync();
        var document = await service.Client.GetStringAsync("/openapi/v1.json", TestContext.Current.CancellationToken);
        await File.WriteAllTextAsync(Path.Combine(Folder, "v1.json"), document, TestContext.Current.CancellationToken);

        foreach (var step in new[] { "lint", "generate", "compile", "smoke" })
        {
            await NpmAsync("run", "--silent", step);
        }
    }

    /// <summary>Only when package-lock.json is not what was installed last: a later run then needs no network.</summary>
    private async Task InstallAsync()
    {
        var installed = Path.Combine(Folder, "node_modules", ".installed-lock");
        var wanted = await File.ReadAllTextAsync(Path.Combine(Folder, "package-lock.json"), TestContext.Current.CancellationToken);
        if (!File.Exists(installed) || await File.ReadAllTextAsync(installed, TestContext.Current.CancellationToken) != wanted)
        {
            await NpmAsync("ci", "--ignore-scripts", "--prefer-offline", "--no-audit", "--no-fund");
            await File.WriteAllTextAsync(installed, wanted, TestContext.Current.CancellationToken);
        }
    }

    private async Task NpmAsync(params string[] arguments)
    {
        var start = new ProcessStartInfo("npm", arguments) { WorkingDirectory = Folder, RedirectStandardOutput = true, RedirectStandardError = true };
        start.Environment["API"] = service.Client.BaseAddress!.ToString().TrimEnd('/');
        start.Environment["KEY"] = service.Client.DefaultRequestHeaders.Authorization!.Parameter;
        using var npm = Process.Start(start)!;
        var output = npm.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
        var errors = npm.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);
        try
        {
            await npm.WaitForExitAsync(TestContext.Current.CancellationToken).WaitAsync(Limit);
        }
        catch (Exception failure) when (failure is TimeoutException or OperationCanceledException)
        {
            npm.Kill(entireProcessTree: true);
            throw;
        }

        Assert.True(npm.ExitCode == 0, $"npm {string.Join(' ', arguments)} ended with {npm.ExitCode}:\n{await output}{await errors}");
    }
}
