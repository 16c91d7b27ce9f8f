using System.Diagnostics;
using Actors.Extraction;
using Actors.Promotion;
using Actors.Storage;
using Actors.Support;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;

namespace Actors.Grains.Tests.Promotion;

/// <summary>Grains that promote events, in a process of their own, for tests that kill it. Runs only when another test starts it.</summary>
public sealed class SweeperToKill
{
    private const string Ready = "sweeping";
    private const string Database = "SWEEPER_DATABASE";
    private const string ByRules = "SWEEPER_BY_RULES";

    // What could not be recorded at once, since the other was at it, is not to keep the test waiting.
    private static readonly (string, string)[] Settings = [("Promotion:FirstDelay", "00:00:00.1"), ("Promotion:LongestDelay", "00:00:01")];

    [Fact(Explicit = true)]
    public async Task sweeps_until_it_is_killed()
    {
        var connectionString = Environment.GetEnvironmentVariable(Database) ?? throw new InvalidOperationException("Another test starts this one.");
        await using var database = new TestDatabase(connectionString, () => Task.CompletedTask);
        await using var host = await GrainHost.StartAsync(database, Replace, time: null, Settings);
        var sweeper = host.Grains.GetGrain<IPromotionSweeperGrain>(IPromotionSweeperGrain.Key);
        Console.WriteLine(Ready);
        while (true)
        {
            try
            {
                await sweeper.SweepAsync(CancellationToken.None);
            }
            catch (StorageUnavailableException)
            {
                // As the sweeper's own ticks have it.
            }
        }
    }

    internal static async Task KillAsync(Process sweeper)
    {
        sweeper.Kill(entireProcessTree: true);
        await sweeper.WaitForExitAsync();
    }

    /// <summary>Starts one, which begins to work when this ends, whoever else does.</summary>
    /// <param name="database">Where.</param>
    /// <param name="byRules">Whether the service's rules find the facts; default: a <see cref="TestExtractor"/>.</param>
    /// <param name="name">What its sessions are called in Postgres.</param>
    internal static async Task<Process> StartAsync(TestDatabase database, bool byRules = false, string name = "sweeper")
    {
        var program = Environment.ProcessPath!;
        string[] assembly = Path.GetFileName(program) == "dotnet" ? [typeof(SweeperToKill).Assembly.Location] : [];
        var info = new ProcessStartInfo(
            program, [.. assembly, "-noLogo", "-noColor", "-explicit", "only", "-method", $"{typeof(SweeperToKill).FullName}.{nameof(sweeps_until_it_is_killed)}"])
        {
            RedirectStandardOutput = true,
        };
        info.Environment[Database] = new NpgsqlConnectionStringBuilder(database.ConnectionString) { ApplicationName = name }.ConnectionString;
        info.Environment[ByRules] = byRules ? "yes" : "";
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

    private static void Replace(IServiceCollection services)
    {
        services.RemoveHostLock();
        if (Environment.GetEnvironmentVariable(ByRules) is not "yes")
        {
            services.AddSingleton<IFactExtractor>(new TestExtractor());
        }
    }
}
