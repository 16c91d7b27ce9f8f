using System.Diagnostics.Metrics;
using Actors.Facts;

namespace Actors.Promotion;

/// <summary>The meter <c>Actors.Promotion</c>.</summary>
internal sealed class PromotionMetrics
{
    public const string MeterName = "Actors.Promotion";

    private readonly Counter<long> _events;
    private readonly Counter<long> _facts;
    private readonly Counter<long> _setAside;
    private readonly TimeProvider _time;

    // Ticks, UTC; 0: nothing is due.
    private long _oldestDue;

    public PromotionMetrics(IMeterFactory meterFactory, TimeProvider time)
    {
        _time = time;
        var meter = meterFactory.Create(MeterName);
        _events = meter.CreateCounter<long>("actors.promotion.events", "{event}", "Events that were looked through, by outcome: done, or why it failed.");
        _facts = meter.CreateCounter<long>("actors.promotion.facts", "{fact}", "Facts that were found, by what was done: create, change, confirm.");
        _setAside = meter.CreateCounter<long>("actors.promotion.set_aside", "{fact}", "What was found and not recorded.");
        meter.CreateObservableGauge(
            "actors.promotion.oldest_due", () => OldestDueSeconds, "s", "For how long that event is due which has been for longest; 0: none is. In the process whose turn it is.");
    }

    private double OldestDueSeconds =>
        Interlocked.Read(ref _oldestDue) is > 0 and var ticks ? Math.Max(0, (_time.GetUtcNow().UtcTicks - ticks) / (double)TimeSpan.TicksPerSecond) : 0;

    /// <summary>Since when that event is due which has been for longest; null: none is.</summary>
    public void OldestDue(DateTimeOffset? since) => Interlocked.Exchange(ref _oldestDue, since?.UtcTicks ?? 0);

    public void Ended(string outcome) => _events.Add(1, new KeyValuePair<string, object?>("outcome", outcome));

    public void Recorded(FactOperation operation) => _facts.Add(1, new KeyValuePair<string, object?>(
        "operation", operation switch { FactOperation.Change => "change", FactOperation.Confirm => "confirm", _ => "create" }));

    public void SetAside(int found) => _setAside.Add(found);
}
