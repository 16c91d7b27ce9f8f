using System.Text;
using Actors.Bench.Http;

namespace Actors.Bench.Plots;

/// <summary>The plots of a run, as far as it measured what they show.</summary>
internal static class RunPlots
{
    public const string Usage = "./bench plots RUN.json DIR";

    private const string TwoPercentiles = "solid: median, dashed: p99";

    /// <summary>Throughput of these is plotted over connections.</summary>
    private static readonly (string Series, string Name, string Label)[] Throughput =
    [
        ("recall, repeated query", "service", "recall, repeated"),
        ("recall, distinct queries, 500 events", "service", "recall, 500 events"),
        ("recall, distinct queries, 50,000 events", "service", "recall, 50,000 events"),
        ("remember", "service, one client", "remember"),
        ("nine recalls and a remember", "service, one client", "nine recalls, a remember"),
        ("fact change", "service, one client", "fact change"),
    ];

    public static async Task<int> RunAsync(string[] args)
    {
        if (args is not [var file, var folder])
        {
            Console.Error.WriteLine(Usage);
            return 2;
        }

        Write(await BenchRun.ReadAsync(file), folder);
        return 0;
    }

    public static void Write(BenchRun run, string folder)
    {
        Directory.CreateDirectory(folder);
        if (run.Bars.Length > 0)
        {
            Save("bars.svg", BarPlot.Draw(run.Bars));
        }

        SaveLines(
            "throughput.svg", new LinePlot("Throughput over connections", "connections", "requests per second", null),
            [.. Throughput.Select(shown => Line(
                shown.Label, run.Rows.Where(row => row.Series == shown.Series && row.Name == shown.Name), row => row.Connections, row => row.PerSecond))]);
        SaveLines(
            "latency-by-events.svg", new LinePlot("Latency as a client grows, 8 connections", "events of the client", "ms", TwoPercentiles),
            Growth(run, GrowthBench.ByEvents, row => row.Events!.Value));
        SaveLines(
            "latency-by-clients.svg", new LinePlot("Latency as there are more clients, 8 connections", "clients of 20 events each", "ms", TwoPercentiles),
            Growth(run, GrowthBench.ByClients, row => row.Clients!.Value));

        void SaveLines(string name, LinePlot plot, PlotLine[] lines)
        {
            PlotLine[] measured = [.. lines.Where(line => line.Points.Length > 0)];
            if (measured.Length > 0)
            {
                Save(name, plot.Draw(measured));
            }
        }

        void Save(string name, Svg svg) => File.WriteAllText(Path.Combine(folder, name), svg.ToString(), new UTF8Encoding(encoderShouldEmitUTF8Identifier: false));
    }

    private static PlotLine[] Growth(BenchRun run, string by, Func<ResultRow, double> x) =>
    [
        .. new[] { GrowthBench.DistinctRecall, GrowthBench.RepeatedRecall, GrowthBench.Remember }.Select(what =>
            Line(what, run.Rows.Where(row => row.Series == $"{what}, {by}"), x, row => row.P50Milliseconds, row => row.P99Milliseconds)),
    ];

    private static PlotLine Line(
        string name, IEnumerable<ResultRow> rows, Func<ResultRow, double> x, Func<ResultRow, double> y, Func<ResultRow, double>? upper = null)
    {
        ResultRow[] sorted = [.. rows.OrderBy(x)];
        return new PlotLine(name, [.. sorted.Select(row => (x(row), y(row)))], upper is null ? [] : [.. sorted.Select(row => (x(row), upper(row)))]);
    }
}
