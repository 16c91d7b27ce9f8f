namespace Actors.Bench.Http;

/// <summary>One of those that are compared.</summary>
/// <param name="Name">As the table calls it.</param>
/// <param name="RunAsync">Measures it for some time.</param>
/// <param name="Bar">What it has to reach; null: nothing.</param>
internal sealed record Contender(string Name, Func<TimeSpan, Task<Measurement>> RunAsync, Bar? Bar = null);

/// <summary>Those that are compared with the same number of connections; the first is what the others are compared with.</summary>
internal sealed record Level(int Connections, params Contender[] Contenders);

/// <summary>One table of results.</summary>
internal sealed record Series(string Name, params Level[] Levels);

/// <summary>
/// Measures contenders in turn, several short rounds of all, so that whatever else the machine does hits all of them. Figures
/// are medians of the rounds; so are ratios, each of which is taken within a round.
/// </summary>
/// <param name="stage">What takes part.</param>
/// <param name="duration">Of one measurement.</param>
/// <param name="rounds">How many.</param>
/// <param name="interrupted">Ends the measuring after the measurement that is under way.</param>
internal sealed class Comparison(HttpStage stage, TimeSpan duration, int rounds, CancellationToken interrupted)
{
    /// <summary>The share of the processors that others took, per measurement.</summary>
    public List<double> OtherLoad { get; } = [];

    public async Task<List<ResultRow>> RunAsync(Series series)
    {
        Progress.Show($"{series.Name}: warming up");
        foreach (var contender in series.Levels[^1].Contenders)
        {
            await contender.RunAsync(duration);
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

            rows.AddRange(level.Contenders.Zip(results, (contender, its) => RowOf(series, level, contender, its, results[0])));
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
        var before = stage.ReadProcessorTime();
        var started = System.Diagnostics.Stopwatch.GetTimestamp();
        var measurement = await contender.RunAsync(duration);
        var time = stage.ReadProcessorTime() - before;
        OtherLoad.Add(time.Others / System.Diagnostics.Stopwatch.GetElapsedTime(started).TotalSeconds / Environment.ProcessorCount);
        return new Result(measurement, time);
    }

    private static ResultRow RowOf(Series series, Level level, Contender contender, List<Result> results, List<Result> baseline)
    {
        var row = new ResultRow(series.Name, contender.Name, level.Connections)
        {
            PerSecond = results.Select(r => r.Measurement.PerSecond).Median(),
            P50Milliseconds = results.Select(r => r.Measurement.Percentile(0.5)).Median(),
            P99Milliseconds = results.Select(r => r.Measurement.Percentile(0.99)).Median(),
            LoadMicroseconds = results.Select(r => r.Microseconds(r.Time.Load)).Median(),
            ServerMicroseconds = results.Select(r => r.Microseconds(r.Time.Server)).Median(),
            PostgresMicroseconds = results.Select(r => r.Microseconds(r.Time.Postgres)).Median(),
            Bar = contender.Bar,
        };
        return results == baseline ? row : row with
        {
            PerSecondRatio = results.Zip(baseline, (r, b) => r.Measurement.PerSecond / b.Measurement.PerSecond).Median(),
            P50Ratio = results.Zip(baseline, (r, b) => r.Measurement.Percentile(0.5) / b.Measurement.Percentile(0.5)).Median(),
        };
    }
}
