namespace Actors.Bench.Plots;

/// <summary>A line of a plot.</summary>
/// <param name="Name">What it shows.</param>
/// <param name="Points">From left to right.</param>
/// <param name="Upper">Points of a second, dashed line of the same colour; empty: there is none.</param>
internal sealed record PlotLine(string Name, (double X, double Y)[] Points, (double X, double Y)[] Upper);

/// <summary>Lines over two logarithmic axes, their names on the right.</summary>
/// <param name="Title">What is shown.</param>
/// <param name="XTitle">What it is shown over, with its unit.</param>
/// <param name="YTitle">With its unit.</param>
/// <param name="Note">What the two lines of a colour are; null: there is one each.</param>
internal sealed record LinePlot(string Title, string XTitle, string YTitle, string? Note)
{
    private const int Width = 860;
    private const int Height = 420;
    private const int Left = 70;
    private const int Right = 590;
    private const int Top = 62;
    private const int Bottom = 360;

    public Svg Draw(IReadOnlyList<PlotLine> lines)
    {
        var svg = new Svg(Width, Height, Title);
        (double X, double Y)[] points = [.. lines.SelectMany(line => line.Points.Concat(line.Upper))];
        double[] columns = [.. points.Select(p => p.X).Distinct().Order()];
        var x = new LogAxis(columns[0], Math.Max(columns[^1], columns[0] * 2), Left, Right);
        var y = LogAxis.For([.. points.Select(p => p.Y)], Bottom, Top);
        foreach (var tick in y.Ticks())
        {
            svg.Line(Left, y.Position(tick), Right, y.Position(tick), "grid");
            svg.Text(Left - 8, y.Position(tick) + 4, Number(tick), "faint", "end");
        }

        foreach (var column in columns)
        {
            svg.Line(x.Position(column), Top, x.Position(column), Bottom, "grid");
            svg.Text(x.Position(column), Bottom + 18, Number(column), "faint", "middle");
        }

        svg.Text(Left - 54, Top - 14, YTitle, "faint");
        svg.Text((Left + Right) / 2, Bottom + 40, XTitle, "faint", "middle");
        foreach (var (line, number) in lines.Select((line, number) => (line, number)))
        {
            DrawLine(svg, x, y, line, $"c{number % SvgStyle.Colours}", Top + 12 + 24 * number);
        }

        if (Note is not null)
        {
            svg.Text(Right + 24, Top + 20 + 24 * lines.Count, Note, "faint");
        }

        return svg;
    }

    private static void DrawLine(Svg svg, LogAxis x, LogAxis y, PlotLine line, string colour, double legend)
    {
        svg.Path(line.Points.Select(p => (x.Position(p.X), y.Position(p.Y))), $"line {colour}");
        svg.Path(line.Upper.Select(p => (x.Position(p.X), y.Position(p.Y))), $"line dashed {colour}");
        foreach (var point in line.Points.Concat(line.Upper))
        {
            svg.Dot(x.Position(point.X), y.Position(point.Y), $"dot {colour}");
        }

        svg.Line(Right + 24, legend - 4, Right + 48, legend - 4, $"line {colour}");
        svg.Text(Right + 56, legend, line.Name);
    }

    private static string Number(double value) => value >= 1_000 ? $"{value:#,0}" : $"{value:0.###}";
}
