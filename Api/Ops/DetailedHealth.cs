using System.ComponentModel;
using Actors.Hosting;
using Actors.OpenApi;

namespace Actors.Ops;

[Description("How everything is that the service depends on.")]
internal sealed record DetailedHealth(
    [Description("`degraded`: something is paused or fails."), ValuesOf(typeof(DetailedHealth), nameof(DetailedHealth.Statuses))] string Status,
    [Description("`postgres`, `hosting` (whether writes are taken), `valkey`, `embeddings`, `llm`, `zep`.")] DependencyView[] Dependencies,
    [Description("Zep's budget and queue; null: Zep is off, or Postgres does not tell.")] ZepBudgetView? Zep)
{
    public static IReadOnlyList<string> Statuses { get; } = ["ok", "degraded"];

    public static DetailedHealth Of(HealthReport report) => new(
        Statuses[report.Dependencies.Any(dependency => dependency.State is DependencyState.Paused or DependencyState.Failing) ? 1 : 0],
        [.. report.Dependencies.Select(DependencyView.Of)],
        report.Zep is { } zep ? ZepBudgetView.Of(zep) : null);
}

[Description("Something the service depends on.")]
internal sealed record DependencyView(
    [Description("What it is called.")] string Name,
    [Description("`off`: it is not configured. `unknown`: it was not asked yet. `ok`. `paused`: it wants to be left alone, or the day's budget is used up. `failing`."), ValuesOf(typeof(DependencyStateNames), nameof(DependencyStateNames.All))] string State,
    [Description("Since when the process that answers knows it like that; null: it does not.")] DateTimeOffset? Since,
    [Description("How long the last call that succeeded took, in milliseconds; null: not measured.")] double? LatencyMs,
    [Description("What is wrong; null: nothing.")] string? Detail)
{
    public static DependencyView Of(DependencyHealth health) => new(
        health.Name, DependencyStateNames.Of(health.State), health.Since, health.LatencyMs is { } latency ? Math.Round(latency, 1) : null, health.Detail);
}

[Description("Calls to Zep, of all processes together, and what waits for them.")]
internal sealed record ZepBudgetView(
    [Description("Calls a minute, as Zep said last; null: it has said nothing yet, and five are made.")] int? PerMinute,
    [Description("How many are left of this minute.")] int MinuteLeft,
    [Description("When the next one begins.")] DateTimeOffset MinuteEndsAt,
    [Description("Calls of today, in UTC.")] int DayCalls,
    [Description("How many today may have: what was left of the month when it began, over the days that were left. Null: there is no limit.")] int? DayShare,
    [Description("Calls of this month.")] int MonthCalls,
    [Description("How many it may have, as configured; 0: there is no limit.")] int MonthlyCalls,
    [Description("Until when Zep wants to be left alone; null: it does not.")] DateTimeOffset? PausedUntil,
    [Description("Why; null: it does not.")] string? PauseReason,
    [Description("Rows of the outbox that wait; counted up to 10,000.")] long Waiting,
    [Description("Since when the oldest of them does; null: none does.")] DateTimeOffset? OldestWaitingAt,
    [Description("Rows that Zep refused so often that they are tried no more; counted up to 10,000.")] long SetAside)
{
    public static ZepBudgetView Of(ZepHealth zep) => new(
        zep.PerMinute, zep.MinuteLeft, zep.MinuteEndsAt, zep.DayCalls, zep.DayShare, zep.MonthCalls, zep.MonthlyCalls, zep.PausedUntil, zep.PauseReason,
        zep.Waiting, zep.OldestAt, zep.SetAside);
}
