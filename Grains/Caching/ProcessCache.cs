using System.Collections.Immutable;
using Microsoft.Extensions.Options;

namespace Actors.Caching;

/// <summary>
/// The cache of a process without Valkey: of bounded size, with the same times to live. Entries stay the objects they are, so that
/// keeping one costs next to nothing.
/// </summary>
internal sealed class ProcessCache : ISharedCache
{
    // Of an entry, rounded up: its key and the objects around it.
    private const int OverheadBytes = 512;

    private readonly TimeProvider _time;
    private readonly long _maxEntryBytes;
    private readonly CacheMetrics _metrics;
    private readonly Lock _lock = new();
    private readonly LeastRecentlyUsed<Kept> _entries;

    public ProcessCache(IOptions<ValkeyOptions> options, TimeProvider time, CacheMetrics metrics)
    {
        (_time, _maxEntryBytes, _metrics) = (time, options.Value.MaxEntryBytes, metrics);
        _entries = new(options.Value.MaxBytes, static (key, kept) => kept.Bytes + (sizeof(char) * key.Length));
        metrics.ShowBytes(() =>
        {
            lock (_lock)
            {
                return _entries.Size;
            }
        });
    }

    private readonly record struct Kept(object Entry, long Since, long Bytes);

    public string Tier => "shared";

    public bool IsFailing => false;

    public ValueTask<T?> FindAsync<T>(CacheKind<T> kind, string clientId, string name, CancellationToken cancellationToken)
        where T : class
    {
        var key = KeyOf(kind, clientId, name);
        T? found = null;
        lock (_lock)
        {
            if (_entries.TryGet(key, out var kept))
            {
                if (_time.GetElapsedTime(kept.Since) < kind.TimeToLive)
                {
                    found = (T)kept.Entry;
                }
                else
                {
                    _entries.Remove(key);
                }
            }
        }

        _metrics.Looked(found is null ? "absent" : "found");
        return new(found);
    }

    public void Keep<T>(CacheKind<T> kind, string clientId, string name, T entry)
        where T : class
    {
        var bytes = kind.BytesOf(entry);
        if (bytes > _maxEntryBytes)
        {
            _metrics.Dropped("large");
            return;
        }

        var key = KeyOf(kind, clientId, name);
        lock (_lock)
        {
            _entries.Put(key, new Kept(entry, _time.GetTimestamp(), OverheadBytes + bytes));
        }

        _metrics.Stored(1);
    }

    public ValueTask<ImmutableArray<bool>> StoreAsync<T>(CacheKind<T> kind, string clientId, IReadOnlyList<(string Name, T Entry)> entries)
        where T : class
    {
        foreach (var (name, entry) in entries)
        {
            Keep(kind, clientId, name, entry);
        }

        return new([]);
    }

    public void Forget(string? clientId)
    {
        lock (_lock)
        {
            if (clientId is null)
            {
                _entries.Clear();
            }
            else
            {
                Remove(clientId);
            }
        }
    }

    public Task<long> RemoveClientAsync(string clientId, CancellationToken cancellationToken)
    {
        lock (_lock)
        {
            return Task.FromResult<long>(Remove(clientId));
        }
    }

    private int Remove(string clientId)
    {
        var prefix = $"{clientId}\n";
        return _entries.RemoveAll(key => key.StartsWith(prefix, StringComparison.Ordinal));
    }

    // No client id holds a line feed; names are whole, since a hash would cost more than it saves.
    private static string KeyOf<T>(CacheKind<T> kind, string clientId, string name)
        where T : class => $"{clientId}\n{kind.Name}:{name}";
}
