namespace Actors.Bench.Http;

/// <summary>One of those that are compared.</summary>
/// <param name="Name">As the table calls it.</param>
/// <param name="RunAsync">Measures it for some time.</param>
/// <param name="Bar">What it has to reach; null: nothing.</param>
internal sealed record Contender(string Name, Func<TimeSpan, Task<Measurement>> RunAsync, Bar? Bar = null)
{
    /// <summary>Events that each of its clients has; null: not what is looked at.</summary>
    public int? Events { get; init; }

    /// <summary>Clients that are asked; null: not what is looked at.</summary>
    public int? Clients { get; init; }
}

/// <summary>Those that are measured with the same number of connections.</summary>
internal sealed record Level(int Connections, params Contender[] Contenders)
{
    /// <summary>Whether the first is what the others are compared with.</summary>
    public bool HasBaseline { get; init; } = true;
}

/// <summary>One table of results.</summary>
internal sealed record Series(string Name, params Level[] Levels);

/// <summary>
/// Measures contenders in turn, several short rounds of all, so that whatever else the machine does hits all of them. Figures
/// are medians of the rounds; so are ratios, each of which is taken within a round.
/// </summary>
/// <param name="readProcessorTime">Of those that take part.</param>
/// <param name="duration">Of one measurement.</param>
/// <param name="rounds">How many.</param>
/// <param name="interrupted">Ends the measuring after the measurement that is under way.</param>
internal sealed class Comparison(Func<ProcessorTime> readProcessorTime, TimeSpan duration, int rounds, CancellationToken interrupted)
{
    // The first requests of all compile what they call.
    private static readonly TimeSpan LeastWarmUp = TimeSpan.FromSeconds(2);

    /// <summary>The share of the processors that others took, per measurement.</summary>
    public List<double> OtherLoad { get; } = [];

    /// <summary>How often the contenders of a series are run, at most: in each round of each level, and once to warm up.</summary>
    public static int RunsOf(int levels, int rounds) => levels * rounds + 1;

    public async Task<List<ResultRow>> RunAsync(Series series)
    {
        Progress.Show($"{series.Name}: warming up");
        foreach (var contender in series.Levels[^1].Contenders)
        {
            await contender.RunAsync(duration > LeastWarmUp ? duration : LeastWarmUp);
        }

        var rows = new List<ResultRow>();
        foreach (var level in series.Levels)
        {
            var results = level.Contenders.Select(_ => new List<Result>()).ToArray();
            for (var round = 1; round <= rounds; round++)
            {
                foreach (var (contender, its) in level.Contenders.Zip(results))
                {
                    Progress.Show($"{series.Name}: {contender.Name}, {level.Connections} connections, round {round} of {rounds}");
                    its.Add(await MeasureAsync(contender));
                }
            }

            var baseline = level.HasBaseline && level.Contenders.Length > 1 ? new Baseline(level.Contenders[0].Name, results[0]) : null;
            rows.AddRange(level.Contenders.Zip(results).SelectMany(pair => RowsOf(series, level, pair.First, pair.Second, baseline)));
        }

        Progress.End();
        return rows;
    }

    private sealed record Result(Measurement Measurement, ProcessorTime Time)
    {
        public double Microseconds(double seconds) => seconds * 1_000_000 / Measurement.Latencies.Length;
    }

    private async Task<Result> MeasureAsync(Contender contender)
    {
        interrupted.ThrowIfCancellationRequested();
        var before = readProcessorTime();
        var started = System.Diagnostics.Stopwatch.GetTimestamp();
        var measurement = await contender.RunAsync(duration);
        var time = readProcessorTime() - before;
        OtherLoad.Add(time.Others / System.Diagnostics.Stopwatch.GetElapsedTime(started).TotalSeconds / Environment.ProcessorCount);
        return new Result(measurement, time);
    }

    private sealed record Baseline(string Name, List<Result> Results);

    private static IEnumerable<ResultRow> RowsOf(Series series, Level level, Contender contender, List<Result> results, Baseline? baseline)
    {
        var row = RowOf(series, level, contender, contender.Name, [.. results.Select(r => r.Measurement)]) with
        {
            LoadMicroseconds = results.Select(r => r.Microseconds(r.Time.Load)).Median(),
            ServerMicroseconds = results.Select(r => r.Microseconds(r.Time.Server)).Median(),
            PostgresMicroseconds = results.Select(r => r.Microseconds(r.Time.Postgres)).Median(),
            Bar = contender.Bar,
        };
        yield return baseline is null || results == baseline.Results ? row : row with
        {
            Against = baseline.Name,
            PerSecondRatio = results.Zip(baseline.Results, (r, b) => r.Measurement.PerSecond / b.Measurement.PerSecond).Median(),
            P50Ratio = results.Zip(baseline.Results, (r, b) => r.Measurement.Percentile(0.5) / b.Measurement.Percentile(0.5)).Median(),
        };
        foreach (var kind in results[0].Measurement.Kinds.Keys.Where(kind => results.TrueForAll(r => r.Measurement.Kinds.ContainsKey(kind))).Order())
        {
            yield return RowOf(series, level, contender, $"{contender.Name}: {kind}", [.. results.Select(r => r.Measurement.Kinds[kind])]);
        }
    }

    private static ResultRow RowOf(Series series, Level level, Contender contender, string name, Measurement[] measurements) =>
        new(series.Name, name, level.Connections)
        {
            Events = contender.Events,
            Clients = contender.Clients,
            PerSecond = measurements.Select(m => m.PerSecond).Median(),
            P50Milliseconds = measurements.Select(m => m.Percentile(0.5)).Median(),
            P99Milliseconds = measurements.Select(m => m.Percentile(0.99)).Median(),
        };
}
