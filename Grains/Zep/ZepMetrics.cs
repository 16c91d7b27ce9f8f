using System.Diagnostics.Metrics;

namespace Actors.Zep;

/// <summary>The meter <c>Actors.Zep</c>. What waits, and what is left, is known in the process that has the sweeper.</summary>
internal sealed class ZepMetrics
{
    public const string MeterName = "Actors.Zep";

    private readonly Counter<long> _calls;
    private readonly Counter<long> _sent;
    private readonly Counter<long> _notThere;
    private readonly TimeProvider _time;
    private volatile OutboxState? _outbox;
    private volatile ZepBudgetState? _budget;

    public ZepMetrics(IMeterFactory meterFactory, TimeProvider time)
    {
        _time = time;
        var meter = meterFactory.Create(MeterName);
        _calls = meter.CreateCounter<long>("actors.zep.calls", "{call}", "Calls by use, write or search, and outcome: ok, or why they came to nothing.");
        _sent = meter.CreateCounter<long>("actors.zep.sent", "{row}", "Rows of the outbox that are done.");
        _notThere = meter.CreateCounter<long>("actors.zep.not_there", "{item}", "Messages and edges that were sent, were to be removed, and that Zep says it does not have.");
        Gauge<long>("actors.zep.waiting", "{row}", $"Rows of the outbox that wait to be sent; counted up to {OutboxStore.MaxCounted}.", () => _outbox?.Waiting);
        Gauge<long>("actors.zep.set_aside", "{row}", $"Rows that Zep refused so often that they are tried no more; counted up to {OutboxStore.MaxCounted}.", () => _outbox?.Failed);
        Gauge<double>("actors.zep.oldest_seconds", "s", "Age of the oldest row that waits; 0: none does.", () => _outbox is { } outbox ? AgeOf(outbox) : null);
        Gauge<long>("actors.zep.minute_left", "{call}", "Calls left of this minute.", () => _budget?.MinuteLeft);
        Gauge<long>("actors.zep.day_left", "{call}", "Calls left of this day; absent without a monthly figure.", () => _budget is { DayShare: { } share } b ? Math.Max(0, share - b.DayCalls) : null);
        Gauge<long>("actors.zep.month_calls", "{call}", "Calls of this month.", () => _budget?.MonthCalls);

        void Gauge<T>(string name, string unit, string description, Func<T?> value)
            where T : struct => meter.CreateObservableGauge(name, () => value() is { } known ? [new Measurement<T>(known)] : Array.Empty<Measurement<T>>(), unit, description);
    }

    public void Called(ZepUse use, string outcome) => _calls.Add(
        1, new KeyValuePair<string, object?>("use", use == ZepUse.Write ? "write" : "search"), new KeyValuePair<string, object?>("outcome", outcome));

    public void Sent(int rows) => _sent.Add(rows);

    public void NotThere() => _notThere.Add(1);

    public void Looked(OutboxState outbox, ZepBudgetState budget) => (_outbox, _budget) = (outbox, budget);

    private double AgeOf(OutboxState outbox) => outbox.OldestAt is { } at ? Math.Max(0, (_time.GetUtcNow() - at).TotalSeconds) : 0;
}

/// <summary>What the outbox holds for Zep.</summary>
/// <param name="Waiting">Rows that wait; at most <see cref="OutboxStore.MaxCounted"/>.</param>
/// <param name="OldestAt">Since when the oldest of them does; null: none.</param>
/// <param name="Failed">Rows that are set aside; at most as many.</param>
internal sealed record OutboxState(long Waiting, DateTimeOffset? OldestAt, long Failed);
