using System.Collections.Immutable;
using System.Diagnostics.CodeAnalysis;
using System.Threading.Channels;
using Microsoft.Extensions.Options;
using StackExchange.Redis;

namespace Actors.Caching;

/// <summary>An entry on its way to Valkey.</summary>
/// <param name="Key">Its key.</param>
/// <param name="Value">What is stored.</param>
/// <param name="TimeToLive">For how long.</param>
internal sealed record CacheEntry(string Key, RedisValue Value, TimeSpan TimeToLive)
{
    /// <returns>Null: it cannot be written.</returns>
    [SuppressMessage("Design", "CA1031", Justification = "The boundary of an outside service: what it cannot have must fail neither a write nor the process.")]
    public static CacheEntry? Of<T>(CacheKind<T> kind, string clientId, string name, T entry)
        where T : class
    {
        try
        {
            return new(kind.KeyOf(clientId, name), kind.Write(entry), kind.TimeToLive);
        }
        catch (Exception)
        {
            return null;
        }
    }
}

/// <summary>
/// What is to be kept in Valkey and nobody waits for: a bounded queue, from which one task takes as much as there is, writes it as JSON
/// and sends it in one round trip. Thread safe.
/// </summary>
internal sealed class ValkeyQueue : IDisposable
{
    private const int MostAtOnce = 64;

    // Nobody waits for these; and a busy process is no failure of Valkey.
    private const int BudgetsPerSend = 4;

    private readonly ValkeyConnection _connection;
    private readonly ValkeyOptions _options;
    private readonly CacheMetrics _metrics;
    private readonly Channel<Waiting> _waiting;
    private readonly Lock _forgetting = new();

    // Clients whose waiting entries are not to be sent any more, with how many entries had been added by then.
    private readonly Dictionary<string, long> _forgotten = new(StringComparer.Ordinal);
    private readonly SemaphoreSlim _sending = new(1);
    private long _added;

    public ValkeyQueue(ValkeyConnection connection, IOptions<ValkeyOptions> options, CacheMetrics metrics)
    {
        (_connection, _options, _metrics) = (connection, options.Value, metrics);
        // Waits when it is full, so that TryWrite tells: the newest is then dropped, not one that has waited.
        _waiting = Channel.CreateBounded<Waiting>(new BoundedChannelOptions(_options.MaxWaiting) { SingleReader = true });
        metrics.ShowWaiting(() => _waiting.Reader.Count);
    }

    private readonly record struct Waiting(long Number, string ClientId, Func<CacheEntry?> Write);

    /// <summary>Puts an entry into the queue, unless it is too large, the queue is full, or Valkey is known to fail.</summary>
    public void Add<T>(CacheKind<T> kind, string clientId, string name, T entry)
        where T : class
    {
        if (!_connection.MayStore)
        {
            _metrics.Dropped("failing");
        }
        else if (kind.BytesOf(entry) > _options.MaxEntryBytes)
        {
            _metrics.Dropped("large");
        }
        else if (!_waiting.Writer.TryWrite(new Waiting(Interlocked.Increment(ref _added), clientId, () => CacheEntry.Of(kind, clientId, name, entry))))
        {
            _metrics.Dropped("full");
        }
    }

    /// <summary>Sends what is in the queue, until it is cancelled.</summary>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        while (await _waiting.Reader.WaitToReadAsync(cancellationToken))
        {
            await _sending.WaitAsync(cancellationToken);
            try
            {
                var entries = new List<CacheEntry?>();
                while (entries.Count < MostAtOnce && _waiting.Reader.TryRead(out var one))
                {
                    if (!IsForgotten(one))
                    {
                        entries.Add(one.Write());
                    }
                }

                await SendAsync(entries, _options.Budget * BudgetsPerSend);
            }
            finally
            {
                _sending.Release();
            }
        }
    }

    /// <summary>Drops what of a client waits, and ends when what was on its way is there or has failed.</summary>
    public async Task ForgetAsync(string clientId, CancellationToken cancellationToken)
    {
        Forget(clientId);
        await _sending.WaitAsync(cancellationToken);
        _sending.Release();
    }

    /// <summary>Drops what of a client waits.</summary>
    public void Forget(string clientId)
    {
        lock (_forgetting)
        {
            // They would only ever grow, and hold for what waits now alone.
            if (_forgotten.Count > _options.MaxWaiting)
            {
                var oldest = Interlocked.Read(ref _added) - _options.MaxWaiting;
                foreach (var (client, _) in _forgotten.Where(f => f.Value < oldest).ToList())
                {
                    _forgotten.Remove(client);
                }
            }

            _forgotten[clientId] = Interlocked.Read(ref _added);
        }
    }

    /// <summary>Sends entries in one round trip.</summary>
    /// <param name="entries">Null: too large, or not to be written; left out.</param>
    /// <param name="limit">How long an answer is waited for.</param>
    /// <returns>Which of them are stored; empty: none.</returns>
    public async Task<ImmutableArray<bool>> SendAsync(IReadOnlyList<CacheEntry?> entries, TimeSpan limit)
    {
        var count = entries.Count(entry => entry is not null);
        if (count < entries.Count)
        {
            _metrics.Dropped("large", entries.Count - count);
        }

        if (count == 0)
        {
            return [];
        }

        var sent = new Task<bool>?[entries.Count];
        await _connection.TryStoreAsync(
            async db =>
            {
                for (var i = 0; i < sent.Length; i++)
                {
                    if (entries[i] is { } entry)
                    {
                        sent[i] = db.StringSetAsync(entry.Key, entry.Value, entry.TimeToLive, When.Always, CommandFlags.None);
                    }
                }

                return await Task.WhenAll(sent.OfType<Task<bool>>());
            },
            limit);

        // Some may have been taken though others were refused.
        ImmutableArray<bool> stored = [.. await Task.WhenAll(sent.Select(async one => one is { IsCompletedSuccessfully: true } && await one))];
        var acknowledged = stored.Count(isStored => isStored);
        _metrics.Stored(acknowledged);
        if (acknowledged < count)
        {
            _metrics.Dropped("error", count - acknowledged);
        }

        return stored;
    }

    public void Dispose() => _sending.Dispose();

    private bool IsForgotten(Waiting one)
    {
        lock (_forgetting)
        {
            return _forgotten.Count > 0 && _forgotten.TryGetValue(one.ClientId, out var last) && one.Number <= last;
        }
    }
}
