namespace Actors.Bench.Http;

/// <summary>What was done in one stretch of time.</summary>
/// <param name="Seconds">Its length.</param>
/// <param name="Latencies">Of each request or transaction in microseconds, in ascending order.</param>
internal sealed record Measurement(double Seconds, int[] Latencies)
{
    public double PerSecond => Latencies.Length / Seconds;

    /// <summary>The same by <see cref="IRequests.Kind"/>, for loads of several.</summary>
    public IReadOnlyDictionary<string, Measurement> Kinds { get; private init; } = new Dictionary<string, Measurement>();

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

    /// <exception cref="InvalidDataException">Nothing was done.</exception>
    public static Measurement Of(double seconds, IReadOnlyCollection<AnsweredRequest> answered) =>
        Of(seconds, [.. answered.Select(request => request.Microseconds)]) with
        {
            Kinds = answered.Where(request => request.Kind is not null).GroupBy(request => request.Kind!)
                .ToDictionary(kind => kind.Key, kind => Of(seconds, [.. kind.Select(request => request.Microseconds)])),
        };

    /// <summary>The latency that this share of the requests did not exceed, in milliseconds.</summary>
    public double Percentile(double share) => Latencies[(int)Math.Ceiling(share * Latencies.Length) - 1] / 1000.0;
}

/// <summary>A request that was answered.</summary>
/// <param name="Kind">See <see cref="IRequests.Kind"/>.</param>
/// <param name="Microseconds">From its sending to its answer.</param>
internal readonly record struct AnsweredRequest(string? Kind, int Microseconds);

internal static class Statistics
{
    public static double Median(this IEnumerable<double> values)
    {
        double[] sorted = [.. values.Order()];
        return (sorted[(sorted.Length - 1) / 2] + sorted[sorted.Length / 2]) / 2;
    }
}
