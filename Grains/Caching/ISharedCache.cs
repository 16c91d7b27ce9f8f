using System.Collections.Immutable;

namespace Actors.Caching;

/// <summary>
/// What is worth keeping beyond an activation: in Valkey for all silos, or without one in this process. Nothing depends on it, so whatever
/// is wrong with it is an entry that is not there. Whether an entry still holds, its owner checks. Thread safe.
/// </summary>
internal interface ISharedCache
{
    /// <summary>What answers from it are counted as.</summary>
    string Tier { get; }

    /// <summary>Whether it is known to fail: then nobody waits for it, and answers say so.</summary>
    bool IsFailing { get; }

    /// <summary>An entry; null: none, or not to be had within <see cref="ValkeyOptions.Budget"/>. Fails only when cancelled.</summary>
    /// <param name="kind">Its kind.</param>
    /// <param name="clientId">Whose it is.</param>
    /// <param name="name">What it was kept under.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    ValueTask<T?> FindAsync<T>(CacheKind<T> kind, string clientId, string name, CancellationToken cancellationToken)
        where T : class;

    /// <summary>Keeps an entry, soon, and at no cost to the caller; it is dropped when too many wait.</summary>
    void Keep<T>(CacheKind<T> kind, string clientId, string name, T entry)
        where T : class;

    /// <summary>Keeps entries, in one round trip.</summary>
    /// <returns>Which of them Valkey has acknowledged within <see cref="ValkeyOptions.Budget"/>; empty: none. Never fails.</returns>
    ValueTask<ImmutableArray<bool>> StoreAsync<T>(CacheKind<T> kind, string clientId, IReadOnlyList<(string Name, T Entry)> entries)
        where T : class;

    /// <summary>Drops what this process keeps of a client, or is about to; of all of them when it is null. What is in Valkey stays.</summary>
    void Forget(string? clientId);

    /// <summary>
    /// Removes everything of a client, and what of it waits to be kept in this process. What is being kept at this
    /// moment, by another process above all, may stay until its time is over, or until this is called again.
    /// </summary>
    /// <returns>How many entries were removed.</returns>
    /// <exception cref="CacheUnavailableException">The cache cannot be reached; some may be left. Repeating is safe.</exception>
    Task<long> RemoveClientAsync(string clientId, CancellationToken cancellationToken);
}
