using System.Globalization;
using System.Runtime.InteropServices;
using System.Text.Json;
using Actors.Postgres;

namespace Actors.Bench.Http;

/// <summary>A part of the benchmark.</summary>
internal interface IHttpBench
{
    /// <summary>Stores what is needed, and says what to compare.</summary>
    Task<Series[]> PrepareAsync();

    /// <summary>Looks whether everything acknowledged is there, in one sentence.</summary>
    /// <exception cref="InvalidDataException">It is not.</exception>
    Task<string> VerifyAsync();
}

/// <summary>Speed over HTTP, as ratios measured side by side in one run.</summary>
internal static class HttpBench
{
    public const string Usage = "./bench http [recall] [remember] [facts] [--seconds 2] [--rounds 3] [--out RUN.json]";

    /// <summary>Numbers of connections, ascending.</summary>
    public static readonly int[] Connections = [1, 8, 32];

    private static readonly Dictionary<string, Func<HttpStage, IHttpBench>> Parts = new()
    {
        ["recall"] = stage => new RecallBench(stage),
        ["remember"] = stage => new RememberBench(stage),
        ["facts"] = stage => new FactChangeBench(stage),
    };

    private static readonly JsonSerializerOptions Json = new() { PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower, WriteIndented = true };

    public static async Task<int> RunAsync(string[] args)
    {
        var parts = args.TakeWhile(Parts.ContainsKey).ToArray();
        if (Options(args[parts.Length..]) is not var (seconds, rounds, file))
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
            await using var stage = await HttpStage.StartAsync();
            await stage.ExecuteAsync("create schema bench");
            var comparison = new Comparison(stage, TimeSpan.FromSeconds(seconds), rounds, interrupted.Token);
            var rows = new List<ResultRow>();
            Console.WriteLine($"{Environment.ProcessorCount} processors, shared by load, service and Postgres; medians of {rounds} rounds of {seconds} s\n");
            foreach (var part in Parts.Where(part => parts.Length == 0 || parts.Contains(part.Key)))
            {
                rows.AddRange(await RunAsync(part.Value(stage), comparison));
            }

            Console.WriteLine($"{rows.Count(row => row.IsMet == true)} of {rows.Count(row => row.IsMet is not null)} bars met.");
            Console.WriteLine($"Other programs took {comparison.OtherLoad.Median():0%} of the processors (median of measurements; at most {comparison.OtherLoad.Max():0%}).");
            if (file is not null)
            {
                await File.WriteAllTextAsync(file, JsonSerializer.Serialize(rows, Json));
            }

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

    private static async Task<List<ResultRow>> RunAsync(IHttpBench part, Comparison comparison)
    {
        var rows = new List<ResultRow>();
        foreach (var series in await part.PrepareAsync())
        {
            var results = await comparison.RunAsync(series);
            ResultRow.Print(results);
            rows.AddRange(results);
        }

        Console.WriteLine($"Checked: {await part.VerifyAsync()}.\n");
        return rows;
    }

    private static (int Seconds, int Rounds, string? File)? Options(string[] args)
    {
        var (seconds, rounds, file) = (2, 3, (string?)null);
        foreach (var pair in args.Chunk(2))
        {
            switch (pair)
            {
                case ["--seconds", var text] when int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out seconds) && seconds > 0:
                case ["--rounds", var number] when int.TryParse(number, NumberStyles.None, CultureInfo.InvariantCulture, out rounds) && rounds > 0:
                    break;
                case ["--out", var path]:
                    file = path;
                    break;
                default:
                    return null;
            }
        }

        return (seconds, rounds, file);
    }
}
