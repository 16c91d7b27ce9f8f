using System.Diagnostics;
using Actors.Extraction;
using Actors.Promotion;
using Actors.Support;
using Microsoft.Extensions.DependencyInjection;

namespace Actors.Grains.Tests.Promotion;

/// <summary>Grains that promote events, in a process of their own, for tests that kill it. Runs only when another test starts it.</summary>
public sealed class SweeperToKill
{
    private const string Ready = "sweeping";

    [Fact(Explicit = true)]
    public async Task sweeps_until_it_is_killed()
    {
        var connectionString = Environment.GetEnvironmentVariable("SWEEPER_DATABASE") ?? throw new InvalidOperationException("Another test starts this one.");
        await using var database = new TestDatabase(connectionString, () => Task.CompletedTask);
        await using var host = await GrainHost.StartAsync(database, services => services.AddSingleton<IFactExtractor>(new TestExtractor()));
        var sweeper = host.Grains.GetGrain<IPromotionSweeperGrain>(IPromotionSweeperGrain.Key);
        Console.WriteLine(Ready);
        while (true)
        {
            await sweeper.SweepAsync(CancellationToken.None);
        }
    }

    internal static async Task KillAsync(Process sweeper)
    {
        sweeper.Kill(entireProcessTree: true);
        await sweeper.WaitForExitAsync();
    }

    /// <summary>Starts one, which is at work when this ends.</summary>
    internal static async Task<Process> StartAsync(TestDatabase database)
    {
        var program = Environment.ProcessPath!;
        string[] assembly = Path.GetFileName(program) == "dotnet" ? [typeof(SweeperToKill).Assembly.Location] : [];
        var info = new ProcessStartInfo(
            program, [.. assembly, "-noLogo", "-noColor", "-explicit", "only", "-method", $"{typeof(SweeperToKill).FullName}.{nameof(sweeps_until_it_is_killed)}"])
        {
            RedirectStandardOutput = true,
        };
        info.Environment["SWEEPER_DATABASE"] = database.ConnectionString;
        var process = Process.Start(info)!;
        while (await process.StandardOutput.ReadLineAsync() is { } line)
        {
            if (line.Contains(Ready, StringComparison.Ordinal))
            {
                return process;
            }
        }

        throw new InvalidOperationException("The sweeper ended.");
    }
}
