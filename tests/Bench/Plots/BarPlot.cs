using Actors.Bench.Http;

namespace Actors.Bench.Plots;

/// <summary>Bars to the right of a line where what was asked for is met, to its left where it is missed; as far as by how much.</summary>
internal static class BarPlot
{
    private const int Width = 1080;
    private const int Left = 500;
    private const int Right = 880;
    private const int Top = 76;
    private const int RowHeight = 24;
    private const int Thickness = 14;

    // Beyond a tenth and ten times of what was asked for, more does not say more.
    private const double Reach = 10;

    private static readonly double[] Ticks = [0.1, 0.2, 0.5, 1, 2, 5, 10];

    public static Svg Draw(IReadOnlyList<BarResult> bars)
    {
        var bottom = Top + RowHeight * bars.Count;
        var svg = new Svg(Width, bottom + 56, $"What was reached of what was asked for: {bars.Count(bar => bar.IsMet)} of {bars.Count} met");
        var axis = new LogAxis(1 / Reach, Reach, Left, Right);
        foreach (var tick in Ticks)
        {
            svg.Line(axis.Position(tick), Top - 6, axis.Position(tick), bottom, "grid");
            svg.Text(axis.Position(tick), bottom + 16, tick == 1 ? "the bar" : $"{tick:0.#} ×", "faint", "middle");
        }

        svg.Text((Left + Right) / 2, bottom + 40, "← worse by this factor · better by this factor →", "faint", "middle");
        svg.Text(Right + 16, Top - 14, "reached (limit)", "faint");
        var middle = axis.Position(1);
        foreach (var (bar, row) in bars.Select((bar, row) => (bar, row)))
        {
            var y = Top + RowHeight * row;
            var end = axis.Position(bar.Margin);
            svg.Text(Left - 12, y + 13, bar.What, "", "end");
            svg.Box(Math.Min(middle, end), y + 2, Math.Max(1, Math.Abs(end - middle)), Thickness, bar.IsMet ? "dot c0" : "dot c1");
            svg.Text(Right + 16, y + 13, $"{bar.ValueText} ({bar.LimitText})");
        }

        svg.Line(middle, Top - 6, middle, bottom, "mark");
        return svg;
    }
}
