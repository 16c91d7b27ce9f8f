namespace Actors.Bench.Plots;

/// <summary>A logarithmic axis.</summary>
/// <param name="Least">Its least value, positive.</param>
/// <param name="Most">Its greatest value.</param>
/// <param name="Start">Where the least is drawn.</param>
/// <param name="End">Where the greatest is drawn.</param>
internal sealed record LogAxis(double Least, double Most, double Start, double End)
{
    private static readonly double[] Steps = [1, 2, 5];

    /// <summary>An axis that has room for all values, to the next 1, 2 or 5 with zeros.</summary>
    public static LogAxis For(IReadOnlyCollection<double> values, double start, double end)
    {
        var least = Round(values.Min()).Last(step => step <= values.Min() * 1.000001);
        var most = Round(values.Max()).First(step => step >= values.Max() * 0.999999);
        return new LogAxis(least, most > least ? most : least * 2, start, end);
    }

    public double Position(double value) =>
        Start + (End - Start) * Math.Log(Math.Clamp(value, Least, Most) / Least) / Math.Log(Most / Least);

    /// <summary>Where lines and numbers go: 1, 2 and 5 with zeros, or 1 alone where that would be many.</summary>
    public IEnumerable<double> Ticks()
    {
        var steps = Math.Log10(Most / Least) > 2.5 ? Steps[..1] : Steps;
        return Exponents(Least, Most).SelectMany(exponent => steps.Select(step => step * Math.Pow(10, exponent)))
            .Where(tick => tick >= Least * 0.999999 && tick <= Most * 1.000001);
    }

    private static IEnumerable<double> Round(double value) =>
        Exponents(value, value).SelectMany(exponent => Steps.Select(step => step * Math.Pow(10, exponent)));

    private static IEnumerable<int> Exponents(double least, double most)
    {
        var first = (int)Math.Floor(Math.Log10(least)) - 1;
        return Enumerable.Range(first, (int)Math.Ceiling(Math.Log10(most)) + 2 - first);
    }
}
