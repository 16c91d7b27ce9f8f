namespace Actors.Bench.Http;

/// <summary>What was done in one stretch of time.</summary>
/// <param name="Seconds">Its length.</param>
/// <param name="Latencies">Of each request or transaction in microseconds, in ascending order.</param>
internal sealed record Measurement(double Seconds, int[] Latencies)
{
    public double PerSecond => Latencies.Length / Seconds;

    /// <exception cref="InvalidDataException">Nothing was done.</exception>
    public static Measurement Of(double seconds, int[] latencies)
    {
        if (latencies.Length == 0)
        {
            throw new InvalidDataException("Not one request ended within the time.");
        }

        Array.Sort(latencies);
        return new Measurement(seconds, latencies);
    }

    /// <summary>The latency that this share of the requests did not exceed, in milliseconds.</summary>
    public double Percentile(double share) => Latencies[(int)Math.Ceiling(share * Latencies.Length) - 1] / 1000.0;
}

internal static class Statistics
{
    public static double Median(this IEnumerable<double> values)
    {
        double[] sorted = [.. values.Order()];
        return (sorted[(sorted.Length - 1) / 2] + sorted[sorted.Length / 2]) / 2;
    }
}
