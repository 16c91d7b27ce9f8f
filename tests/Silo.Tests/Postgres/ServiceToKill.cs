using System.Diagnostics;
using Actors.Support;
using Microsoft.Extensions.Logging.Abstractions;

namespace Actors.Postgres;

/// <summary>A service in a process of its own, for tests that kill it. Runs only when another test starts it.</summary>
public sealed class ServiceToKill
{
    private const string Ready = "ready ";

    [Fact(Explicit = true)]
    public async Task runs_a_private_server_until_it_is_killed()
    {
        var folder = Environment.GetEnvironmentVariable("SERVICE_DATA") ?? throw new InvalidOperationException("Another test starts this one.");
        await using var server = await PrivatePostgres.StartAsync(new PrivatePostgresOptions { DataFolder = folder }, NullLogger.Instance, TestContext.Current.CancellationToken);
        Console.WriteLine(Ready + server.ConnectionString);
        await new TaskCompletionSource().Task;
    }

    /// <summary>The command line that runs tests of this assembly in another process.</summary>
    internal static string[] TestRun(params string[] options)
    {
        var program = Environment.ProcessPath!;
        string[] assembly = Path.GetFileName(program) == "dotnet" ? [typeof(ServiceToKill).Assembly.Location] : [];
        return [program, .. assembly, "-noLogo", "-noColor", .. options];
    }

    internal static Process Start(TestFolder folder)
    {
        var line = TestRun("-explicit", "only", "-method", $"{typeof(ServiceToKill).FullName}.{nameof(runs_a_private_server_until_it_is_killed)}");
        var info = new ProcessStartInfo(line[0], line[1..]) { RedirectStandardOutput = true };
        info.Environment["SERVICE_DATA"] = folder.Path;
        return Process.Start(info)!;
    }

    /// <summary>The connection string of the service's server, once that is ready.</summary>
    internal static async Task<string> ReadyAsync(Process service)
    {
        var seen = new List<string>();
        while (await service.StandardOutput.ReadLineAsync() is { } line)
        {
            if (line.StartsWith(Ready, StringComparison.Ordinal))
            {
                return line[Ready.Length..];
            }

            seen.Add(line);
        }

        throw new InvalidOperationException("The service ended: " + string.Join('\n', seen));
    }

    internal static async Task KillAsync(Process service)
    {
        service.Kill();
        await service.WaitForExitAsync();
    }
}
