using System.Text.Json.Serialization;

namespace Actors.Bench.Http;

/// <summary>What a contender has to reach.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<BarKind>))]
internal enum BarKind
{
    /// <summary>A share of the baseline's throughput.</summary>
    PerSecondAtLeast,

    /// <summary>A multiple of the baseline's median latency.</summary>
    P50AtMost,

    /// <summary>Milliseconds.</summary>
    P99AtMost,
}

internal sealed record Bar(BarKind Kind, double Limit);

/// <summary>One line of a table: a contender with some number of connections.</summary>
internal sealed record ResultRow(string Series, string Name, int Connections)
{
    public double PerSecond { get; init; }

    public double P50Milliseconds { get; init; }

    public double P99Milliseconds { get; init; }

    /// <summary>Throughput as a share of the baseline's; null for the baseline.</summary>
    public double? PerSecondRatio { get; init; }

    /// <summary>Median latency as a multiple of the baseline's; null for the baseline.</summary>
    public double? P50Ratio { get; init; }

    /// <summary>Processor time per request of the load, or of pgbench.</summary>
    public double LoadMicroseconds { get; init; }

    public double ServerMicroseconds { get; init; }

    /// <summary>For pgbench, this includes starting its sessions.</summary>
    public double PostgresMicroseconds { get; init; }

    public Bar? Bar { get; init; }

    /// <summary>Whether the bar is met; null: there is none.</summary>
    public bool? IsMet => Bar switch
    {
        { Kind: BarKind.PerSecondAtLeast } bar => PerSecondRatio >= bar.Limit,
        { Kind: BarKind.P50AtMost } bar => P50Ratio <= bar.Limit,
        { Kind: BarKind.P99AtMost } bar => P99Milliseconds <= bar.Limit,
        _ => null,
    };

    private string BarText => Bar switch
    {
        { Kind: BarKind.PerSecondAtLeast } bar => $"per s >= {bar.Limit:0.00}",
        { Kind: BarKind.P50AtMost } bar => $"p50 <= {bar.Limit:0.00}",
        { Kind: BarKind.P99AtMost } bar => $"p99 <= {bar.Limit:0} ms",
        _ => "",
    };

    private string Verdict => IsMet switch { true => "met", false => "MISSED", null => "" };

    public static void Print(IReadOnlyList<ResultRow> rows)
    {
        Console.WriteLine(
            $"| {rows[0].Series,-38} | conn. | {"per s",7} | {"p50 ms",7} | {"p99 ms",7} | per s ratio | p50 ratio | {"bar",-13} | {"",-6} | CPU us: load, server, Postgres |");
        Console.WriteLine(
            $"|{new string('-', 40)}|------:|--------:|--------:|--------:|------------:|----------:|{new string('-', 15)}|{new string('-', 8)}|-------------------------------:|");
        foreach (var row in rows)
        {
            row.Print();
        }

        Console.WriteLine();
    }

    private void Print()
    {
        var processors = $"{LoadMicroseconds:0} + {ServerMicroseconds:0} + {PostgresMicroseconds:0}";
        Console.WriteLine(
            $"| {Name,-38} | {Connections,5} | {PerSecond,7:0} | {P50Milliseconds,7:0.00} | {P99Milliseconds,7:0.00} | {PerSecondRatio,11:0.00} | {P50Ratio,9:0.00} | {BarText,-13} | {Verdict,-6} | {processors,30} |");
    }
}
