using System.Reflection;
using System.Runtime.InteropServices;
using Actors.Postgres;
using Actors.Support;

namespace Actors.Bench.Http;

/// <summary>What a run was measured on.</summary>
/// <param name="Processor">Its name, as it calls itself.</param>
/// <param name="Processors">How many the run could use.</param>
/// <param name="MemoryBytes">What the run could use.</param>
/// <param name="OperatingSystem">Its name and that of its kernel.</param>
/// <param name="Postgres">Its version.</param>
/// <param name="DotNet">Its version.</param>
/// <param name="Commit">What was built, with its version; changes that were not committed do not show.</param>
/// <param name="Host">The host of the grains.</param>
internal sealed record Machine(
    string Processor, int Processors, long MemoryBytes, string OperatingSystem, string Postgres, string DotNet, string Commit, string Host)
{
    private const string Unknown = "unknown";

    public static async Task<Machine> DescribeAsync()
    {
        var postgres = await Command.RunAsync([await PostgresPrograms.FindAsync("postgres", "postgresql"), "--version"], CancellationToken.None);
        return new Machine(
            ProcessorName(),
            Environment.ProcessorCount,
            GC.GetGCMemoryInfo().TotalAvailableMemoryBytes,
            $"{RuntimeInformation.OSDescription}, kernel {Environment.OSVersion.Version}",
            postgres.Succeeded ? postgres.Output.Trim() : Unknown,
            RuntimeInformation.FrameworkDescription,
            typeof(Machine).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion ?? Unknown,
            BenchHost.Name);
    }

    /// <summary>In one line.</summary>
    public override string ToString() =>
        $"{Processors} processors ({Processor}), {MemoryBytes / (double)(1 << 30):0.0} GiB, {OperatingSystem}, {Postgres}, {DotNet}, {Commit}, {Host}";

    private static string ProcessorName() =>
        File.ReadLines("/proc/cpuinfo").FirstOrDefault(line => line.StartsWith("model name", StringComparison.Ordinal)) is { } found
            ? found[(found.IndexOf(':') + 1)..].Trim()
            : Unknown;
}
