using System.Globalization;
using System.Security;
using System.Text;

namespace Actors.Bench.Plots;

/// <summary>A drawing in SVG. Shapes name classes of <see cref="SvgStyle"/>.</summary>
/// <param name="width">In pixels, as all lengths.</param>
/// <param name="height">From the top down.</param>
/// <param name="title">Stands above, and is read out.</param>
internal sealed class Svg(int width, int height, string title)
{
    private readonly StringBuilder _shapes = new();

    public int Width => width;

    public int Height => height;

    public void Line(double x1, double y1, double x2, double y2, string style) =>
        _shapes.AppendLine(CultureInfo.InvariantCulture, $"""<line x1="{x1:0.#}" y1="{y1:0.#}" x2="{x2:0.#}" y2="{y2:0.#}" class="{style}"/>""");

    public void Path(IEnumerable<(double X, double Y)> points, string style) =>
        _shapes.AppendLine(CultureInfo.InvariantCulture, $"""<polyline points="{string.Join(' ', points.Select(p => Point(p.X, p.Y)))}" class="{style}"/>""");

    public void Dot(double x, double y, string style) =>
        _shapes.AppendLine(CultureInfo.InvariantCulture, $"""<circle cx="{x:0.#}" cy="{y:0.#}" r="3.5" class="{style}"/>""");

    public void Box(double x, double y, double boxWidth, double boxHeight, string style) => _shapes.AppendLine(
        CultureInfo.InvariantCulture, $"""<rect x="{x:0.#}" y="{y:0.#}" width="{boxWidth:0.#}" height="{boxHeight:0.#}" rx="2" class="{style}"/>""");

    /// <param name="x">Where it is anchored.</param>
    /// <param name="y">Its base line.</param>
    /// <param name="text">Unescaped.</param>
    /// <param name="style">Classes; empty: plain.</param>
    /// <param name="anchor"><c>start</c>, <c>middle</c> or <c>end</c>.</param>
    public void Text(double x, double y, string text, string style = "", string anchor = "start") => _shapes.AppendLine(
        CultureInfo.InvariantCulture, $"""<text x="{x:0.#}" y="{y:0.#}" text-anchor="{anchor}" class="{style}">{SecurityElement.Escape(text)}</text>""");

    public override string ToString() =>
        $"""
        <svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" width="{width}" height="{height}" role="img" aria-label="{SecurityElement.Escape(title)}">
        <title>{SecurityElement.Escape(title)}</title>
        <style>
        {SvgStyle.Text}
        </style>
        <rect width="{width}" height="{height}" class="paper"/>
        <text x="16" y="26" class="title">{SecurityElement.Escape(title)}</text>
        {_shapes}</svg>

        """;

    private static string Point(double x, double y) => string.Create(CultureInfo.InvariantCulture, $"{x:0.#},{y:0.#}");
}
