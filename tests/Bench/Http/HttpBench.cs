using System.Runtime.InteropServices;
using Actors.Bench.Plots;
using Actors.Postgres;

namespace Actors.Bench.Http;

/// <summary>A part of the benchmark, on a stage of its own.</summary>
internal interface IHttpBench
{
    /// <summary>Stores what is needed, and says what to compare.</summary>
    Task<Series[]> PrepareAsync();

    /// <summary>Looks whether everything acknowledged is there, in one sentence.</summary>
    /// <exception cref="InvalidDataException">It is not.</exception>
    Task<string> VerifyAsync();
}

/// <summary>Speed over HTTP, as ratios measured side by side in one run; and what a session takes in memory.</summary>
internal static class HttpBench
{
    /// <summary>Numbers of connections, ascending.</summary>
    public static readonly int[] Connections = [1, 8, 32];

    private static readonly Dictionary<string, Func<HttpStage, BenchOptions, IHttpBench>> HttpParts = new()
    {
        ["recall"] = (stage, _) => new RecallBench(stage),
        ["touch"] = (stage, options) => new FirstTouchBench(stage, options.Rounds),
        ["remember"] = (stage, _) => new RememberBench(stage),
        ["important"] = (stage, _) => new ImportantBench(stage),
        ["facts"] = (stage, _) => new FactCreateBench(stage),
        ["changes"] = (stage, _) => new FactChangeBench(stage),
        ["mixed"] = (stage, options) => new MixedBench(stage, options.Rounds),
        ["growth"] = (stage, options) => new GrowthBench(stage, options.Rounds),
    };

    private const string MemoryPart = "memory";

    private static readonly string[] Parts = [.. HttpParts.Keys.Except(BenchHost.Lacks), MemoryPart];

    public static string Usage =>
        $"""
        ./bench http [{string.Join("] [", Parts)}]
                     [--seconds 2] [--rounds 3] [--json RUN.json] [--markdown RUN.md] [--plots DIR]
        """;

    public static async Task<int> RunAsync(string[] args)
    {
        if (BenchOptions.Parse(args, Parts) is not { } options)
        {
            Console.Error.WriteLine(Usage);
            return 2;
        }

        // The servers would stay behind.
        using var interrupted = new CancellationTokenSource();
        using var interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, Stop);
        using var terminate = PosixSignalRegistration.Create(PosixSignal.SIGTERM, Stop);
        try
        {
            await RunAsync(options, interrupted.Token);
            return 0;
        }
        catch (Exception failure) when (interrupted.IsCancellationRequested || failure is PrivatePostgresException or InvalidDataException)
        {
            Progress.End();
            Console.Error.WriteLine(interrupted.IsCancellationRequested ? "Stopped." : failure.Message);
            return 1;
        }

        void Stop(PosixSignalContext signal)
        {
            signal.Cancel = true;
            interrupted.Cancel();
        }
    }

    /// <summary>Says what was counted.</summary>
    /// <exception cref="InvalidDataException">Something is missing, or is there that nobody sent.</exception>
    public static string Verified(bool isComplete, string counts) =>
        isComplete ? counts : throw new InvalidDataException($"What is stored is not what was acknowledged: {counts}.");

    private static async Task RunAsync(BenchOptions options, CancellationToken interrupted)
    {
        var report = new BenchReport(await Machine.DescribeAsync(), options);
        string[] parts = [.. Parts.Where(part => options.Parts.Length == 0 || options.Parts.Contains(part))];
        foreach (var part in parts)
        {
            Progress.Part = $"{part}, {Array.IndexOf(parts, part) + 1} of {parts.Length}";
            if (part == MemoryPart)
            {
                await HotMemoryBench.RunAsync(report, options, interrupted);
            }
            else
            {
                await RunAsync(HttpParts[part], report, options, interrupted);
            }
        }

        var run = report.Finish(parts);
        if (options.JsonFile is { } json)
        {
            await run.WriteAsync(json);
        }

        if (options.MarkdownFile is { } markdown)
        {
            await File.WriteAllTextAsync(markdown, report.Markdown, CancellationToken.None);
        }

        if (options.PlotFolder is { } folder)
        {
            RunPlots.Write(run, folder);
        }
    }

    // Each part has a database and a service of its own: what one leaves behind does not slow the next down.
    private static async Task RunAsync(
        Func<HttpStage, BenchOptions, IHttpBench> create, BenchReport report, BenchOptions options, CancellationToken interrupted)
    {
        await using var stage = await HttpStage.StartAsync();
        var part = create(stage, options);
        var comparison = new Comparison(stage.ReadProcessorTime, options.Duration, options.Rounds, interrupted);
        foreach (var series in await part.PrepareAsync())
        {
            report.Add(await comparison.RunAsync(series));
        }

        report.Add(comparison.OtherLoad);
        report.Write($"Checked: {await part.VerifyAsync()}.\n");
    }
}
