using System.Diagnostics.Metrics;

namespace Actors.Retention;

/// <summary>The meter <c>Actors.Retention</c>.</summary>
internal sealed class RetentionMetrics
{
    public const string MeterName = "Actors.Retention";

    private readonly Counter<long> _marked;
    private readonly Counter<long> _eventsPurged;
    private readonly Counter<long> _versionsPurged;
    private readonly Counter<long> _logRowsPruned;
    private readonly TimeProvider _time;

    // Ticks, UTC; 0: nothing is due.
    private long _oldestDue;

    public RetentionMetrics(IMeterFactory meterFactory, TimeProvider time)
    {
        _time = time;
        var meter = meterFactory.Create(MeterName);
        _marked = meter.CreateCounter<long>("actors.retention.events_marked", "{memory}", "Memories marked as expired.");
        _eventsPurged = meter.CreateCounter<long>("actors.retention.events_purged", "{memory}", "Expired memories deleted.");
        _versionsPurged = meter.CreateCounter<long>("actors.retention.versions_purged", "{belief}", "Beliefs about facts that had ended, deleted.");
        _logRowsPruned = meter.CreateCounter<long>("actors.retention.log_rows_pruned", "{row}", "Rows of the change log deleted.");
        meter.CreateObservableGauge(
            "actors.retention.oldest_due", () => OldestDueSeconds, "s", "How long ago the memory ended that waits longest to be marked; 0: none waits. In the process whose turn it is.");
    }

    private double OldestDueSeconds =>
        Interlocked.Read(ref _oldestDue) is > 0 and var ticks ? Math.Max(0, (_time.GetUtcNow().UtcTicks - ticks) / (double)TimeSpan.TicksPerSecond) : 0;

    /// <summary>When the memory ended that waits longest to be marked; null: none waits.</summary>
    public void OldestDue(DateTimeOffset? end) => Interlocked.Exchange(ref _oldestDue, end?.UtcTicks ?? 0);

    public void Marked(int memories) => _marked.Add(memories);

    public void EventsPurged(long memories) => _eventsPurged.Add(memories);

    public void VersionsPurged(long beliefs) => _versionsPurged.Add(beliefs);

    public void LogRowsPruned(long rows) => _logRowsPruned.Add(rows);
}
