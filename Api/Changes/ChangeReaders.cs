using System.Diagnostics.Metrics;
using Microsoft.Extensions.Options;

namespace Actors.Changes;

/// <summary>Those who wait for changes in this process, and their bound; the meter <c>Actors.Changes</c>.</summary>
internal sealed class ChangeReaders
{
    public const string MeterName = "Actors.Changes";

    private readonly int _most;
    private readonly Counter<long> _sent;
    private int _streams;
    private int _all;

    public ChangeReaders(IOptions<ChangeStreamOptions> options, IMeterFactory meterFactory)
    {
        _most = options.Value.MaxStreams;
        var meter = meterFactory.Create(MeterName);
        meter.CreateObservableGauge("actors.changes.streams", () => Volatile.Read(ref _streams), "{stream}", "Streams of changes that are open.");
        _sent = meter.CreateCounter<long>("actors.changes.sent", "{change}", "Changes sent, by way: page or stream.");
    }

    /// <summary>Takes a place; it is free again when the result is disposed of.</summary>
    /// <exception cref="TooManyStreamsException">All are taken.</exception>
    public IDisposable Enter(bool isStream)
    {
        if (Interlocked.Increment(ref _all) > _most)
        {
            Interlocked.Decrement(ref _all);
            throw new TooManyStreamsException(_most);
        }

        Interlocked.Add(ref _streams, isStream ? 1 : 0);
        return new Place(this, isStream);
    }

    public void Sent(int changes, bool isStream) => _sent.Add(changes, new KeyValuePair<string, object?>("way", isStream ? "stream" : "page"));

    private sealed class Place(ChangeReaders readers, bool isStream) : IDisposable
    {
        public void Dispose()
        {
            Interlocked.Add(ref readers._streams, isStream ? -1 : 0);
            Interlocked.Decrement(ref readers._all);
        }
    }
}

/// <summary>As many wait for changes as this process has room for: 503.</summary>
internal sealed class TooManyStreamsException(int most) : Exception($"{most} streams are open in this process already.");
