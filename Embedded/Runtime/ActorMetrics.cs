using System.Diagnostics.Metrics;
using Microsoft.Extensions.Logging;

namespace Actors.Embedded;

/// <summary>
/// The meter <c>Actors.Embedded</c>. What nobody listens to costs a turn nothing, and a listener that fails is reported:
/// it runs in the midst of turns and of the sweep, which must not end with it.
/// </summary>
internal sealed class ActorMetrics
{
    public const string MeterName = "Actors.Embedded";

    // From a turn that touches memory alone to one that waits for a disk that is ill.
    private static readonly double[] TurnBucketsSeconds = [0.00001, 0.0001, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 5, 30];

    // No clock's: one that has just started may say 0.
    private const long NotMeasured = long.MinValue;

    private readonly TimeProvider _timeProvider;
    private readonly ILogger _log;
    private readonly Histogram<double> _turnDuration;
    private readonly Counter<long> _rejected;
    private readonly Counter<long> _timedOut;
    private long _active;

    public ActorMetrics(IMeterFactory meterFactory, TimeProvider timeProvider, ILogger log, Func<int> queuedRequests)
    {
        _timeProvider = timeProvider;
        _log = log;
        var meter = meterFactory.Create(MeterName);
        _turnDuration = meter.CreateHistogram<double>("actors.turn.duration", "s", "From the start of a request to the end of its last turn.",
            tags: null, new InstrumentAdvice<double> { HistogramBucketBoundaries = TurnBucketsSeconds });
        _rejected = meter.CreateCounter<long>("actors.calls.rejected", "{call}", "Calls not run: queue full, or host stopping.");
        _timedOut = meter.CreateCounter<long>("actors.calls.timed_out", "{call}", "Calls whose caller was not answered in time.");
        meter.CreateObservableGauge("actors.activations", () => Volatile.Read(ref _active), "{activation}", "Active grains.");
        meter.CreateObservableGauge("actors.requests.queued", () => queuedRequests(), "{request}", "Requests that wait for their turn.");
    }

    public void Activated() => Interlocked.Increment(ref _active);

    public void Deactivated() => Interlocked.Decrement(ref _active);

    public void TimedOut() => Count(_timedOut);

    public void Rejected(string reason) => Count(_rejected, new KeyValuePair<string, object?>("reason", reason));

    /// <summary>A time stamp for <see cref="TurnEnded"/>, <see cref="NotMeasured"/> if turns are not being measured.</summary>
    public long TurnStarted() => _turnDuration.Enabled ? _timeProvider.GetTimestamp() : NotMeasured;

    public void TurnEnded(GrainClass grainClass, long started)
    {
        if (started != NotMeasured)
        {
            RecordTurn(grainClass, _timeProvider.GetElapsedTime(started));
        }
    }

    private void RecordTurn(GrainClass grainClass, TimeSpan duration)
    {
        try
        {
            _turnDuration.Record(duration.TotalSeconds, new KeyValuePair<string, object?>("grain", grainClass.Name));
        }
#pragma warning disable CA1031 // Any listener may be behind it.
        catch (Exception exception)
#pragma warning restore CA1031
        {
            _log.ObservationFailed(exception);
        }
    }

    private void Count(Counter<long> counter, params ReadOnlySpan<KeyValuePair<string, object?>> tags)
    {
        try
        {
            counter.Add(1, tags);
        }
#pragma warning disable CA1031 // Any listener may be behind it.
        catch (Exception exception)
#pragma warning restore CA1031
        {
            _log.ObservationFailed(exception);
        }
    }
}
