using System.Collections.Immutable;
using Actors.Caching;
using Actors.Embeddings;
using Actors.Facts;
using Actors.Sessions.Recall;
using Actors.Storage;
using Actors.Zep;
using Microsoft.Extensions.Options;

namespace Actors.Sessions;

/// <summary>
/// What sessions have from the shared cache. Before a session's index is read, its answers and events come from there when they still hold,
/// which costs one small query: any write of the client moves its version. Members are called on the turns of any session.
/// </summary>
internal sealed class SessionCache(
    ISharedCache cache, SessionStore store, SharedFacts shared, IOptions<SessionOptions> limits, IOptions<SharedFactsOptions> sharedLimits,
    IOptions<EmbeddingsOptions> embeddings, IOptions<ZepOptions> zep, IOptions<ValkeyOptions> valkey, RankingOptions ranking, RecallMetrics metrics, TimeProvider time)
{
    /// <summary>Names the cache in <see cref="RecallAnswer.Degraded"/>.</summary>
    public const string Degraded = "valkey";

    private readonly CacheKind<CachedAnswer> _answers = CachedMemories.Answers(ranking, limits.Value, sharedLimits.Value, zep.Value);

    // With embeddings an answer depends on vectors too, which come without moving the client's version.
    private readonly bool _keepsAnswers = !embeddings.Value.IsOn;

    /// <summary>Whether the cache is known to fail, which answers are to say.</summary>
    public bool IsFailing => cache.IsFailing;

    /// <summary>An answer that still holds; null: none, or it takes too long to find out.</summary>
    /// <param name="clientId">Whose memory is asked.</param>
    /// <param name="request">The question.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    public async ValueTask<RecallAnswer?> FindAnswerAsync(string clientId, RecallRequest request, CancellationToken cancellationToken)
    {
        if (!_keepsAnswers || await cache.FindAsync(_answers, clientId, RecallKey.Of(request), cancellationToken) is not { } known)
        {
            return null;
        }

        if (await FindHeadAsync(clientId, cancellationToken) is not { } head
            || (head.Version, head.EraseEpoch, head.LastRecordedAt) != (known.Version, known.EraseEpoch, known.LastRecordedAt) || shared.Version != known.SharedVersion
            || time.GetUtcNow() >= known.ValidUntil || !known.Hits.All(hit => OwnerOf(hit) is not { } owner || owner == clientId))
        {
            return null;
        }

        metrics.Answered(cache.Tier);
        return new RecallAnswer(known.Hits, Cached: true, known.Degraded);
    }

    /// <summary>Keeps an answer that lacks nothing but for good, or for a while that <paramref name="validUntil"/> ends.</summary>
    /// <param name="clientId">Whose memory was asked.</param>
    /// <param name="key">As <see cref="RecallKey"/> makes it.</param>
    /// <param name="answer">The answer.</param>
    /// <param name="session">Who gave it, as it was then.</param>
    /// <param name="sharedVersion">The version of the shared facts before they were asked.</param>
    /// <param name="validUntil">When it stops being true by itself, exclusive; null: never.</param>
    public void Keep(string clientId, string key, RecallAnswer answer, HotSession session, long sharedVersion, DateTimeOffset? validUntil)
    {
        if (_keepsAnswers)
        {
            cache.Keep(
                _answers, clientId, key,
                new CachedAnswer(
                    session.Head.Version, session.Head.EraseEpoch, session.Head.LastRecordedAt, sharedVersion, validUntil, answer.Hits, answer.Degraded));
        }
    }

    /// <summary>An event of this client; null: there is none.</summary>
    /// <exception cref="StorageUnavailableException">Postgres cannot be reached.</exception>
    public async Task<EventRecord?> FindEventAsync(string clientId, Guid eventId, CancellationToken cancellationToken)
    {
        if (await cache.FindAsync(CachedMemories.Events, clientId, eventId.ToString(), cancellationToken) is { } known
            && known.Event.Id == eventId && known.Event.ClientId == clientId
            && await store.IsUnchangedAsync(clientId, eventId, known.Event.RunId, known.Version, known.EraseEpoch, cancellationToken))
        {
            return known.Event;
        }

        return await store.FindAsync(clientId, eventId, cancellationToken);
    }

    /// <summary>Keeps what a write has stored.</summary>
    /// <param name="clientId">Whose it is.</param>
    /// <param name="write">The write, after its commit.</param>
    /// <returns>Which of its memories Valkey has acknowledged; none when the answer to the write is kept for repeats.</returns>
    public async ValueTask<ImmutableArray<bool>> StoreAsync(string clientId, SessionWrite write)
    {
        var entries = write.Added.Select(added => (
            added.Memory.Id.ToString(), new CachedEvent(CachedMemories.Format, write.StoredAt.Version, write.StoredAt.EraseEpoch, added.Memory))).ToList();
        var isStored = new bool[write.Stored.Length];
        if (write.IdempotencyKey is not null)
        {
            entries.ForEach(entry => cache.Keep(CachedMemories.Events, clientId, entry.Item1, entry.Item2));
        }
        else if (entries.Count > 0)
        {
            var acknowledged = await cache.StoreAsync(CachedMemories.Events, clientId, entries);
            for (var i = 0; i < acknowledged.Length; i++)
            {
                isStored[write.Added[i].Place] = acknowledged[i];
            }
        }

        return [.. isStored];
    }

    // When Postgres is slow nothing is gained: reading the session waits for it as well, and tells who waits.
    private async Task<SessionHead?> FindHeadAsync(string clientId, CancellationToken cancellationToken)
    {
        var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var reading = store.ReadHeadAsync(clientId, stop.Token);
        try
        {
            return await reading.WaitAsync(valkey.Value.Budget, time, cancellationToken);
        }
        catch (StorageUnavailableException)
        {
            return null;
        }
        catch (TimeoutException)
        {
            _ = stop.CancelAsync();
            return null;
        }
        finally
        {
            _ = DisposeAfterAsync(reading, stop);
        }
    }

    private static async Task DisposeAfterAsync(Task reading, CancellationTokenSource stop)
    {
        await Task.WhenAny(reading);
        stop.Dispose();
    }

    private static string? OwnerOf(RecallHit hit) => hit.Event is { } memory ? memory.ClientId : hit.Fact?.Subject.ClientId;
}
