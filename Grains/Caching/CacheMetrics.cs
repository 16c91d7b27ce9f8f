using System.Diagnostics.Metrics;

namespace Actors.Caching;

/// <summary>The meter <c>Actors.Caching</c>.</summary>
internal sealed class CacheMetrics
{
    public const string MeterName = "Actors.Caching";

    private readonly Meter _meter;
    private readonly Counter<long> _lookups;
    private readonly Counter<long> _stored;
    private readonly Counter<long> _dropped;
    private readonly Counter<long> _errors;

    public CacheMetrics(IMeterFactory meterFactory)
    {
        _meter = meterFactory.Create(MeterName);
        _lookups = _meter.CreateCounter<long>("actors.cache.lookups", "{lookup}", "Lookups in the shared cache by outcome: found, absent, or unanswered.");
        _stored = _meter.CreateCounter<long>("actors.cache.stored", "{entry}", "Entries that were stored.");
        _dropped = _meter.CreateCounter<long>("actors.cache.dropped", "{entry}", "Entries that were not stored by reason: full, too many waited; failing, the cache was known to fail; large; error.");
        _errors = _meter.CreateCounter<long>("actors.cache.errors", "{request}", "Requests to Valkey that failed by reason: timeout, unreachable, or refused.");
    }

    public void Looked(string outcome) => _lookups.Add(1, new KeyValuePair<string, object?>("outcome", outcome));

    public void Stored(int entries) => _stored.Add(entries);

    public void Dropped(string reason, int entries = 1) => _dropped.Add(entries, new KeyValuePair<string, object?>("reason", reason));

    public void Failed(string reason) => _errors.Add(1, new KeyValuePair<string, object?>("reason", reason));

    /// <summary>Shows Valkey's state.</summary>
    public void ShowValkey(Func<bool> isFailing) =>
        _meter.CreateObservableGauge("actors.cache.up", () => isFailing() ? 0 : 1, "{state}", "1: Valkey answers; 0: it is known to fail, and recalls say so.");

    /// <summary>Shows how many entries wait to be sent to Valkey.</summary>
    public void ShowWaiting(Func<int> waiting) =>
        _meter.CreateObservableGauge("actors.cache.waiting", waiting, "{entry}", "Entries that wait to be sent to Valkey.");

    /// <summary>Shows what the cache of the process takes.</summary>
    public void ShowBytes(Func<long> bytes) =>
        _meter.CreateObservableGauge("actors.cache.bytes", bytes, "By", "What the cache of this process holds, as estimated; it has none with Valkey.");
}
