using Actors.Clients;
using Actors.Hosting;
using Actors.Storage;
using Microsoft.Extensions.Options;

namespace Actors.Access;

/// <summary>
/// All keys, in memory: a request costs no read of the database, and keys go on working without it. The table is replaced
/// as a whole when a key has changed.
/// </summary>
internal sealed partial class KeyTable : IDisposable
{
    private readonly IGrainFactory _grains;
    private readonly TimeProvider _time;
    private readonly ILogger<KeyTable> _logger;
    private readonly KeyHash _adminHash;
    private readonly KnownKey _adminKey;
    private readonly int _defaultPerMinute;
    private readonly ErasureSignal _erasures;
    private readonly SemaphoreSlim _refreshing = new(1);
    private volatile Keys _keys;
    private bool _isStale;

    public KeyTable(AdminKey admin, IGrainFactory grains, IOptions<AccessOptions> options, ErasureSignal erasures, TimeProvider time, ILogger<KeyTable> logger)
    {
        _erasures = erasures;
        (_grains, _time, _logger, _defaultPerMinute) = (grains, time, logger, options.Value.RequestsPerMinute);
        (_adminHash, _adminKey) = (admin.Hash, KnownKey.Unlimited(admin.Caller));
        _keys = With(null, []);
    }

    /// <summary>The key of this secret, if it is known and may be used now.</summary>
    public KnownKey? Find(ReadOnlySpan<char> secret) =>
        KeyHash.Of(secret) is { } hash && _keys.ByHash.TryGetValue(hash, out var key) ? Usable(key) : null;

    /// <summary>The key of this id, if it is known and may be used now.</summary>
    public KnownKey? Find(Guid keyId) => _keys.ById.TryGetValue(keyId, out var key) ? Usable(key) : null;

    /// <summary>To be asked before a key is called unknown.</summary>
    /// <exception cref="NotHostedException">The keys could not be read yet.</exception>
    public void EnsureLoaded()
    {
        if (_keys.Version is null)
        {
            throw new NotHostedException("The keys have not been read yet.");
        }
    }

    /// <summary>Reads the keys again if one has changed. A change that was acknowledged before the call is seen after it.</summary>
    /// <exception cref="StorageUnavailableException">Postgres cannot be reached; the keys stay as they were.</exception>
    public async Task RefreshAsync(CancellationToken cancellationToken)
    {
        await _refreshing.WaitAsync(cancellationToken);
        try
        {
            var snapshot = await _grains.GetGrain<IAccessQueryGrain>(IAccessQueryGrain.Key).ReadIfChangedAsync(_keys.Version, cancellationToken);
            if (snapshot is not null)
            {
                _keys = With(snapshot.Version, snapshot.Keys);
            }

            _erasures.Heard(snapshot?.Erasures);

            if (_isStale)
            {
                _isStale = false;
                LogFresh();
            }
        }
        finally
        {
            _refreshing.Release();
        }
    }

    /// <summary>Like <see cref="RefreshAsync"/>, but goes on with the keys it has when they cannot be read.</summary>
    public async Task TryRefreshAsync(CancellationToken cancellationToken)
    {
        try
        {
            await RefreshAsync(cancellationToken);
        }
        catch (Exception failure) when (IsPassing(failure) && !cancellationToken.IsCancellationRequested)
        {
            if (!_isStale)
            {
                _isStale = true;
                LogStale(failure);
            }
        }
    }

    /// <summary>Writes down when keys were used, of those used since the last time.</summary>
    public async Task NoteUsesAsync(CancellationToken cancellationToken)
    {
        var used = _keys.ById.Values
            .Select(key => (key.Usage, key.Caller.KeyId, At: key.Usage?.NotNoted))
            .Where(use => use.At is not null)
            .ToList();
        if (used.Count == 0)
        {
            return;
        }

        try
        {
            await _grains.GetGrain<IAccessGrain>(IAccessGrain.Key)
                .NoteUsesAsync([.. used.Select(use => new KeyUse(use.KeyId, use.At!.Value))], cancellationToken);
            used.ForEach(use => use.Usage!.Noted(use.At!.Value));
        }
        catch (Exception failure) when (IsPassing(failure))
        {
            LogUsesKept(failure, used.Count);
        }
    }

    public void Dispose() => _refreshing.Dispose();

    // Nothing that one reading may fail with takes the keys away: the next one may succeed.
    private static bool IsPassing(Exception failure) => failure
        is StorageUnavailableException or OutcomeUnknownException or WritesSuspendedException or NotHostedException
        or OrleansException or TimeoutException or OperationCanceledException or System.Data.Common.DbException;

    private KnownKey? Usable(KnownKey key)
    {
        var now = _time.GetUtcNow();
        if (!key.IsValidAt(now))
        {
            return null;
        }

        key.Usage?.Use(now);
        return key;
    }

    private Keys With(long? version, IReadOnlyCollection<HashedKey> rows)
    {
        var byHash = new Dictionary<KeyHash, KnownKey>(rows.Count + 1);
        var byId = new Dictionary<Guid, KnownKey>(rows.Count + 1);
        foreach (var row in rows)
        {
            var key = KnownKey.Of(row.Key, _keys.ById.GetValueOrDefault(row.Key.Id), _defaultPerMinute);
            byHash[KeyHash.FromBytes(row.Hash.AsSpan())] = key;
            byId[row.Key.Id] = key;
        }

        byHash[_adminHash] = byId[_adminKey.Caller.KeyId] = _adminKey;
        return new Keys(version, byHash, byId);
    }

    private sealed record Keys(long? Version, Dictionary<KeyHash, KnownKey> ByHash, Dictionary<Guid, KnownKey> ById);

    [LoggerMessage(Level = LogLevel.Warning, Message = "Keys cannot be read; those known go on")]
    private partial void LogStale(Exception failure);

    [LoggerMessage(Level = LogLevel.Information, Message = "Keys are read again")]
    private partial void LogFresh();

    [LoggerMessage(Level = LogLevel.Warning, Message = "The last uses of {KeyCount} keys cannot be written; later")]
    private partial void LogUsesKept(Exception failure, int keyCount);
}
