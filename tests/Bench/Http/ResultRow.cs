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
    /// <summary>Events that each of its clients has; null: not what was looked at.</summary>
    public int? Events { get; init; }

    /// <summary>Clients that were asked; null: not what was looked at.</summary>
    public int? Clients { get; init; }

    public double PerSecond { get; init; }

    public double P50Milliseconds { get; init; }

    public double P99Milliseconds { get; init; }

    /// <summary>The baseline's name; null: it was compared with nothing.</summary>
    public string? Against { get; init; }

    /// <summary>Throughput as a share of the baseline's; null without one.</summary>
    public double? PerSecondRatio { get; init; }

    /// <summary>Median latency as a multiple of the baseline's; null without one.</summary>
    public double? P50Ratio { get; init; }

    /// <summary>Processor time per request of the load, or of pgbench; null for a part of a load.</summary>
    public double? LoadMicroseconds { get; init; }

    public double? ServerMicroseconds { get; init; }

    /// <summary>For pgbench, this includes starting its sessions.</summary>
    public double? PostgresMicroseconds { get; init; }

    public Bar? Bar { get; init; }

    /// <summary>How it stands to its bar; null: it has none.</summary>
    [JsonIgnore]
    public BarResult? BarResult => Bar switch
    {
        { Kind: BarKind.PerSecondAtLeast } bar => new($"{What}: throughput", Against, PerSecondRatio!.Value, bar.Limit, "", IsAtLeast: true),
        { Kind: BarKind.P50AtMost } bar => new($"{What}: median latency", Against, P50Ratio!.Value, bar.Limit, "", IsAtLeast: false),
        { Kind: BarKind.P99AtMost } bar => new($"{What}: p99", null, P99Milliseconds, bar.Limit, "ms", IsAtLeast: false),
        _ => null,
    };

    private string What => $"{Series}, {(Name == ServiceName ? "" : $"{Name.Replace($"{ServiceName}, ", "", StringComparison.Ordinal)}, ")}{Connections} conn.";

    private const string ServiceName = "service";
}

/// <summary>One number that was measured, and the most it may be.</summary>
/// <param name="Name">What it is.</param>
/// <param name="Value">How much.</param>
/// <param name="Unit">Of what; empty: a plain number.</param>
/// <param name="AtMost">Its bar; null: it has none.</param>
internal sealed record Figure(string Name, double Value, string Unit, double? AtMost = null)
{
    /// <summary>How it stands to its bar; null: it has none.</summary>
    [JsonIgnore]
    public BarResult? BarResult => AtMost is { } limit ? new(Name, null, Value, limit, Unit, IsAtLeast: false) : null;
}

/// <summary>A bar and how far it was reached.</summary>
/// <param name="What">What was measured.</param>
/// <param name="Of">What the figure is a multiple of; null: it stands for itself.</param>
/// <param name="Value">What was reached.</param>
/// <param name="Limit">What was to be reached.</param>
/// <param name="Unit">Of both.</param>
/// <param name="IsAtLeast">Whether more is better.</param>
internal sealed record BarResult(string What, string? Of, double Value, double Limit, string Unit, bool IsAtLeast)
{
    public bool IsMet => IsAtLeast ? Value >= Limit : Value <= Limit;

    /// <summary>1: just met; 2: twice as good; 0.5: half as good.</summary>
    [JsonIgnore]
    public double Margin => IsAtLeast ? Value / Limit : Limit / Value;

    [JsonIgnore]
    public string ValueText => $"{Value:0.00}{UnitText}";

    [JsonIgnore]
    public string LimitText => $"{(IsAtLeast ? '≥' : '≤')} {Limit:0.##}{UnitText}";

    private string UnitText => Unit.Length > 0 ? $" {Unit}" : "";
}
