using System.Globalization;
using Actors.Postgres;
using Actors.Support;

namespace Actors.Bench.Http;

/// <summary>PostgreSQL's own benchmark program, as what the service's writes are compared with.</summary>
/// <param name="program">Where it is.</param>
/// <param name="conninfo">The database.</param>
/// <param name="folder">Where scripts and logs may be written.</param>
internal sealed class Pgbench(string program, string conninfo, string folder)
{
    private const int Threads = 2;
    private const int LatencyField = 2;

    /// <exception cref="PostgresBinariesMissingException">It is not installed.</exception>
    public static async Task<Pgbench> FindAsync(string connectionString, string folder) =>
        new(await PostgresPrograms.FindAsync("pgbench", "postgresql"), PostgresPrograms.Conninfo(connectionString), folder);

    /// <summary>Runs a script over and over in sessions of its own, its statements prepared.</summary>
    /// <param name="script">A pgbench script; in it <c>:client_id</c> is the session's number, and <c>:id</c> a UUID that is nobody's.</param>
    /// <param name="sessions">How many.</param>
    /// <param name="duration">How long, in whole seconds.</param>
    /// <exception cref="InvalidOperationException">It failed; the message holds what it wrote.</exception>
    public async Task<Measurement> RunAsync(string script, int sessions, TimeSpan duration)
    {
        var run = Directory.CreateDirectory(Path.Combine(folder, Guid.NewGuid().ToString("N"))).FullName;
        var file = Path.Combine(run, "script.sql");
        await File.WriteAllTextAsync(file, script);
        var result = await Command.RunAsync(
            [
                program, "--no-vacuum", "--protocol=prepared", $"--file={file}", $"--client={sessions}", $"--jobs={Math.Min(Threads, sessions)}",
                $"--time={(int)duration.TotalSeconds}", $"--define=id={Guid.Empty}", "--log", $"--log-prefix={Path.Combine(run, "log")}", conninfo,
            ],
            CancellationToken.None);
        if (!result.Succeeded)
        {
            throw new InvalidOperationException($"pgbench ended with exit code {result.ExitCode}:\n{result.Error}");
        }

        // One line per transaction: session, number, latency in microseconds, ...
        int[] latencies = [.. Directory.EnumerateFiles(run, "log.*").SelectMany(File.ReadLines)
            .Select(line => int.Parse(line.Split(' ')[LatencyField], CultureInfo.InvariantCulture))];
        Directory.Delete(run, recursive: true);
        return Measurement.Of(latencies.Length / TransactionsPerSecond(result.Output), latencies);
    }

    // Its own figure, which leaves out the time to connect: "tps = 1234.5 (without initial connection time)".
    private static double TransactionsPerSecond(string output)
    {
        const string Mark = "tps = ";
        var start = output.IndexOf(Mark, StringComparison.Ordinal) is >= 0 and var mark ? mark + Mark.Length
            : throw new InvalidDataException("pgbench ended not one transaction within its time.");
        return double.Parse(output.AsSpan(start, output.IndexOf(' ', start) - start), CultureInfo.InvariantCulture);
    }
}
