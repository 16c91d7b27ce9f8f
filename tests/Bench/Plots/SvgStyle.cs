namespace Actors.Bench.Plots;

/// <summary>
/// The classes of a drawing, for readers in light and in dark mode. The colours are those of Okabe and Ito, darkened or lightened until
/// they stand out from the paper; they differ also for those who do not tell red from green.
/// </summary>
internal static class SvgStyle
{
    /// <summary>How many colours there are for what is plotted: classes <c>c0</c>, <c>c1</c>, ...</summary>
    public static int Colours => Palette.Length;

    private static readonly (string Light, string Dark)[] Palette =
    [
        ("#0068a8", "#56b4e9"), ("#c24e00", "#f0883e"), ("#00775a", "#2fc596"), ("#9a3f80", "#dd8fc0"), ("#7d6200", "#e0c040"), ("#57606a", "#aab4be"),
    ];

    /// <summary>A style sheet.</summary>
    public static string Text { get; } =
        $$"""
        text { font: 13px system-ui, -apple-system, "Segoe UI", Helvetica, Arial, sans-serif }
        .title { font-size: 16px; font-weight: 600 }
        .faint { font-size: 12px }
        .grid { stroke-width: 1 }
        .mark { stroke-width: 1.5 }
        .line { fill: none; stroke-width: 2.2 }
        .dashed { stroke-dasharray: 6 4 }
        {{Colour(ink: "#1f2328", faint: "#59636e", paper: "#ffffff", grid: "#d8dee4", p => p.Light)}}
        @media (prefers-color-scheme: dark) {
        {{Colour(ink: "#e6edf3", faint: "#a5afba", paper: "#0d1117", grid: "#30363d", p => p.Dark)}}
        }
        """;

    private static string Colour(string ink, string faint, string paper, string grid, Func<(string Light, string Dark), string> shade) =>
        $$"""
        text { fill: {{ink}} } .faint { fill: {{faint}} } .paper { fill: {{paper}} } .grid { stroke: {{grid}} } .mark { stroke: {{ink}} }
        """
        + string.Concat(Palette.Select((pair, number) => $" .line.c{number} {{ stroke: {shade(pair)} }} .dot.c{number} {{ fill: {shade(pair)} }}"));
}
