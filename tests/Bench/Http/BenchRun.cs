using System.Text.Encodings.Web;
using System.Text.Json;

namespace Actors.Bench.Http;

/// <summary>Everything a run of <c>./bench http</c> measured.</summary>
/// <param name="MeasuredAt">When it ended.</param>
/// <param name="Machine">On what.</param>
/// <param name="Seconds">Of one measurement.</param>
/// <param name="Rounds">How many, of which figures are medians.</param>
/// <param name="Parts">What was measured.</param>
/// <param name="OtherLoad">The share of the processors that other programs took.</param>
/// <param name="Rows">Throughput and latency.</param>
/// <param name="Figures">Other numbers.</param>
internal sealed record BenchRun(
    DateTimeOffset MeasuredAt, Machine Machine, int Seconds, int Rounds, string[] Parts, OtherLoad OtherLoad, ResultRow[] Rows, Figure[] Figures)
{
    private static readonly JsonSerializerOptions Json = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
        WriteIndented = true,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    /// <summary>Each bar, and what was reached.</summary>
    public BarResult[] Bars => [.. Rows.Select(row => row.BarResult).Concat(Figures.Select(figure => figure.BarResult)).OfType<BarResult>()];

    /// <exception cref="InvalidDataException">The file holds no run.</exception>
    public static async Task<BenchRun> ReadAsync(string file)
    {
        await using var stream = File.OpenRead(file);
        return await JsonSerializer.DeserializeAsync<BenchRun>(stream, Json) ?? throw new InvalidDataException($"{file} holds no run.");
    }

    public Task WriteAsync(string file) => File.WriteAllTextAsync(file, JsonSerializer.Serialize(this, Json));
}

/// <summary>The share of the processors that other programs took, over all measurements.</summary>
internal sealed record OtherLoad(double Median, double Most)
{
    public override string ToString() => $"Other programs took {Median:0%} of the processors (median of measurements; at most {Most:0%}).";
}
