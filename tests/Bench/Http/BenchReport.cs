using System.Text;

namespace Actors.Bench.Http;

/// <summary>What a run has measured so far: printed as it comes, and kept for the files.</summary>
internal sealed class BenchReport
{
    private readonly StringBuilder _markdown = new();
    private readonly Machine _machine;
    private readonly BenchOptions _options;
    private readonly List<ResultRow> _rows = [];
    private readonly List<Figure> _figures = [];
    private readonly List<double> _otherLoad = [];

    public BenchReport(Machine machine, BenchOptions options)
    {
        (_machine, _options) = (machine, options);
        Write($"{machine}; shared by load, service and Postgres; medians of {options.Rounds} rounds of {options.Seconds} s.\n");
    }

    /// <summary>All that was printed.</summary>
    public string Markdown => _markdown.ToString();

    public void Add(IReadOnlyList<ResultRow> rows)
    {
        _rows.AddRange(rows);
        Write(ResultTables.Series(rows));
    }

    public void Add(IReadOnlyList<Figure> figures)
    {
        _figures.AddRange(figures);
        Write(ResultTables.Figures(figures));
    }

    /// <summary>The share of the processors that others took, per measurement.</summary>
    public void Add(IEnumerable<double> otherLoad) => _otherLoad.AddRange(otherLoad);

    public void Write(string text)
    {
        Progress.End();
        Console.WriteLine(text);
        _markdown.Append(text).Append('\n');
    }

    /// <summary>Prints the summary.</summary>
    public BenchRun Finish(string[] parts)
    {
        var otherLoad = new OtherLoad(_otherLoad.Median(), _otherLoad.Max());
        var run = new BenchRun(
            TimeProvider.System.GetUtcNow(), _machine, _options.Seconds, _options.Rounds, parts, otherLoad, [.. _rows], [.. _figures]);
        Write("Side by side; processor time is that of the service and Postgres:\n");
        Write(ResultTables.Overview(_rows));
        Write(ResultTables.Bars(run.Bars));
        Write($"{run.Bars.Count(bar => bar.IsMet)} of {run.Bars.Length} bars met. {otherLoad}");
        return run;
    }
}
