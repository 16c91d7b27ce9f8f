namespace Actors.Bench.Http;

/// <summary>The tables of a run, in Markdown.</summary>
internal static class ResultTables
{
    /// <summary>All of one series.</summary>
    public static string Series(IReadOnlyList<ResultRow> rows)
    {
        var table = new MarkdownTable(
            rows[0].Series, "#conn.", "#per s", "#p50 ms", "#p99 ms", "#per s ratio", "#p50 ratio", "bar", "", $"#CPU µs: load + {BenchHost.Servers} + Postgres");
        foreach (var row in rows)
        {
            table.Add(
                row.Name, $"{row.Connections}", row.PerSecond < 10 ? $"{row.PerSecond:0.00}" : $"{row.PerSecond:0}", $"{row.P50Milliseconds:0.00}", $"{row.P99Milliseconds:0.00}", $"{row.PerSecondRatio:0.00}",
                $"{row.P50Ratio:0.00}", BarText(row.Bar), row.BarResult is { } result ? Verdict(result) : "",
                row.LoadMicroseconds is null ? "" : $"{row.LoadMicroseconds:0} + {row.ServerMicroseconds:0} + {row.PostgresMicroseconds:0}");
        }

        return table.ToString();
    }

    /// <summary>All series but those of growth side by side, numbers of connections from left to right.</summary>
    public static string Overview(IEnumerable<ResultRow> rows)
    {
        var connections = HttpBench.Connections;
        var table = new MarkdownTable(
        [
            "what", "against", .. Columns("per s ratio"), .. Columns("p50 ms"), .. Columns("p99 ms"), .. Columns("CPU µs"),
        ]);
        foreach (var line in rows.Where(row => row is { Events: null, ServerMicroseconds: not null }).GroupBy(row => (row.Series, row.Name)))
        {
            ResultRow?[] cells = [.. connections.Select(count => line.FirstOrDefault(row => row.Connections == count))];
            table.Add(
            [
                $"{line.Key.Series}: {line.Key.Name}", line.Select(row => row.Against).FirstOrDefault(against => against is not null) ?? "",
                .. cells.Select(row => $"{row?.PerSecondRatio:0.00}"), .. cells.Select(row => $"{row?.P50Milliseconds:0.00}"),
                .. cells.Select(row => $"{row?.P99Milliseconds:0.00}"), .. cells.Select(row => $"{row?.ServerMicroseconds + row?.PostgresMicroseconds:0}"),
            ]);
        }

        return table.ToString();

        IEnumerable<string> Columns(string name) => connections.Select(count => $"#{name}, {count}");
    }

    /// <summary>Single numbers.</summary>
    public static string Figures(IEnumerable<Figure> figures)
    {
        var table = new MarkdownTable("memory and activation", "#", "bar", "");
        foreach (var figure in figures)
        {
            table.Add(
                figure.Name, $"{figure.Value:0.##} {figure.Unit}".TrimEnd(), figure.BarResult?.LimitText ?? "", figure.BarResult is { } result ? Verdict(result) : "");
        }

        return table.ToString();
    }

    /// <summary>Each bar, what was reached, and whether that is enough.</summary>
    public static string Bars(IEnumerable<BarResult> bars)
    {
        var table = new MarkdownTable("bar", "#limit", "of", "#reached", "");
        foreach (var bar in bars)
        {
            table.Add(bar.What, bar.LimitText, bar.Of ?? "", bar.ValueText, Verdict(bar));
        }

        return table.ToString();
    }

    private static string BarText(Bar? bar) => bar switch
    {
        { Kind: BarKind.PerSecondAtLeast } => $"per s ≥ {bar.Limit:0.00}",
        { Kind: BarKind.P50AtMost } => $"p50 ≤ {bar.Limit:0.00}",
        { Kind: BarKind.P99AtMost } => $"p99 ≤ {bar.Limit:0} ms",
        _ => "",
    };

    private static string Verdict(BarResult result) => result.IsMet ? "met" : "**missed**";
}
