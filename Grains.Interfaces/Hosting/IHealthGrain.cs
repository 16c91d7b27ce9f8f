using System.Collections.Immutable;

namespace Actors.Hosting;

/// <summary>How the process that answers is, and what it depends on. Stateless; key: <see cref="Key"/>.</summary>
[Alias("IHealthGrain")]
public interface IHealthGrain : IGrainWithStringKey
{
    /// <summary>The one key of this grain.</summary>
    public const string Key = "health";

    /// <summary>Asks Postgres, for at most 2 s; of services outside it tells what their last calls came to, and calls none.</summary>
    [Alias("Read")]
    Task<HealthReport> ReadAsync(CancellationToken cancellationToken);
}

/// <summary>How a process and what it depends on is.</summary>
/// <param name="Dependencies">Postgres, hosting, valkey, embeddings, llm, zep, in this order.</param>
/// <param name="Zep">What is left of Zep's budget, and what waits; null: Zep is off, or Postgres does not tell.</param>
[GenerateSerializer, Immutable, Alias("HealthReport")]
public sealed record HealthReport([property: Id(0)] ImmutableArray<DependencyHealth> Dependencies, [property: Id(1)] ZepHealth? Zep);

/// <summary>How something is that the service depends on.</summary>
[GenerateSerializer, Alias("DependencyState")]
public enum DependencyState
{
    /// <summary>It is not configured, and nothing is missing.</summary>
    Off,

    /// <summary>It is configured, and was not asked yet.</summary>
    Unknown,

    /// <summary>The last calls succeeded.</summary>
    Ok,

    /// <summary>It wants to be left alone for a while, or the day's budget is used up.</summary>
    Paused,

    /// <summary>The last calls failed.</summary>
    Failing,
}

/// <summary>States as the API writes them.</summary>
public static class DependencyStateNames
{
    /// <summary>All names, in the order of <see cref="DependencyState"/>.</summary>
    public static ImmutableArray<string> All { get; } = ["off", "unknown", "ok", "paused", "failing"];

    /// <summary>The name of a state.</summary>
    public static string Of(DependencyState state) => All[(int)state];
}

/// <summary>How one thing is.</summary>
/// <param name="Name">What it is called.</param>
/// <param name="State">How it is.</param>
/// <param name="Since">Since when this process knows it like that; null: it does not.</param>
/// <param name="LatencyMs">How long the last call that succeeded took, in milliseconds; null: not measured.</param>
/// <param name="Detail">What is wrong, for operators; null: nothing.</param>
[GenerateSerializer, Immutable, Alias("DependencyHealth")]
public sealed record DependencyHealth(
    [property: Id(0)] string Name,
    [property: Id(1)] DependencyState State,
    [property: Id(2)] DateTimeOffset? Since,
    [property: Id(3)] double? LatencyMs,
    [property: Id(4)] string? Detail);

/// <summary>Zep's budget, which all processes share, and what waits for it.</summary>
/// <param name="PerMinute">Calls a minute, as Zep said last; null: it has said nothing yet, and five are made.</param>
/// <param name="MinuteLeft">How many are left of this minute.</param>
/// <param name="MinuteEndsAt">When the next one begins.</param>
/// <param name="DayCalls">Calls of today, in UTC.</param>
/// <param name="DayShare">How many today may have; null: there is no limit.</param>
/// <param name="MonthCalls">Calls of this month.</param>
/// <param name="MonthlyCalls">How many it may have; 0: there is no limit.</param>
/// <param name="PausedUntil">Until when Zep wants to be left alone; null: it does not.</param>
/// <param name="PauseReason">Why; null: it does not.</param>
/// <param name="Waiting">Rows of the outbox that wait; counted up to 10,000.</param>
/// <param name="OldestAt">Since when the oldest of them does; null: none does.</param>
/// <param name="SetAside">Rows that are tried no more; counted up to 10,000.</param>
[GenerateSerializer, Immutable, Alias("ZepHealth")]
public sealed record ZepHealth(
    [property: Id(0)] int? PerMinute,
    [property: Id(1)] int MinuteLeft,
    [property: Id(2)] DateTimeOffset MinuteEndsAt,
    [property: Id(3)] int DayCalls,
    [property: Id(4)] int? DayShare,
    [property: Id(5)] int MonthCalls,
    [property: Id(6)] int MonthlyCalls,
    [property: Id(7)] DateTimeOffset? PausedUntil,
    [property: Id(8)] string? PauseReason,
    [property: Id(9)] long Waiting,
    [property: Id(10)] DateTimeOffset? OldestAt,
    [property: Id(11)] long SetAside);
