using System.Collections.Immutable;

namespace Actors.Zep;

/// <summary>
/// What the service asks of Zep, whichever version of its API speaks: sessions (v2) are being removed and v4 exists. Each call is one request,
/// and no call throws for what Zep, or the way to it, does wrong: that is in the answer. Ids are Zep's, opaque, and to be kept as they come.
/// </summary>
internal interface IZep
{
    /// <summary>Makes a user, unless there is one of that id.</summary>
    Task<ZepAnswer> EnsureUserAsync(string userId, CancellationToken cancellationToken);

    /// <summary>Makes a thread of a user, unless there is one of that id.</summary>
    Task<ZepAnswer> EnsureThreadAsync(string threadId, string userId, CancellationToken cancellationToken);

    /// <summary>Adds messages to a thread, in their order; they are found some seconds to minutes later.</summary>
    /// <param name="threadId">The thread.</param>
    /// <param name="messages">1 to <see cref="ZepLimits.Messages"/>, each of at most <see cref="ZepLimits.MessageLength"/> characters.</param>
    /// <param name="cancellationToken">Gives up; whether they were added is then unknown.</param>
    /// <returns>
    /// The messages' ids, in their order. Messages of one memory that are there already, by their ids, were added before: that is no failure. Of
    /// several memories it is <see cref="ZepFailure.Refused"/>, and none was added: send each by itself.
    /// </returns>
    Task<ZepAnswer<ImmutableArray<string>>> AddMessagesAsync(string threadId, ImmutableArray<ZepMessage> messages, CancellationToken cancellationToken);

    /// <summary>Takes a message, and what was derived of it alone, out of the user's graph. One that is not there is no failure.</summary>
    /// <returns>Whether it was there: what was added just now may come there later.</returns>
    Task<ZepAnswer<bool>> RemoveMessageAsync(string messageId, CancellationToken cancellationToken);

    /// <summary>Adds a fact to a user's graph.</summary>
    /// <returns>The edge's id, which Zep gives.</returns>
    Task<ZepAnswer<string>> AddFactAsync(string userId, ZepTriple fact, CancellationToken cancellationToken);

    /// <summary>Changes a fact's text and times, an end that it has no longer included; <see cref="ZepFailure.NotFound"/> when there is no such edge.</summary>
    Task<ZepAnswer> ChangeFactAsync(string edgeId, ZepTriple fact, CancellationToken cancellationToken);

    /// <summary>Takes a fact out of its graph. One that is not there is no failure.</summary>
    /// <returns>Whether it was there: what was added just now may come there later.</returns>
    Task<ZepAnswer<bool>> RemoveFactAsync(string edgeId, CancellationToken cancellationToken);

    /// <summary>Deletes a user with threads and graph. One that is not there is no failure.</summary>
    Task<ZepAnswer> RemoveUserAsync(string userId, CancellationToken cancellationToken);

    /// <summary>Searches a user's graph for facts, scored by a cross-encoder. A user that is not there has none.</summary>
    /// <param name="userId">The user.</param>
    /// <param name="query">The question; cut at <see cref="ZepLimits.QueryLength"/> characters.</param>
    /// <param name="limit">Most hits, 1 to <see cref="ZepLimits.SearchHits"/>.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <returns>Best first, those that Zep holds for ended included.</returns>
    Task<ZepAnswer<ImmutableArray<ZepHit>>> SearchAsync(string userId, string query, int limit, CancellationToken cancellationToken);

    /// <summary>Asks something that reads next to nothing: whether Zep answers, and takes the key.</summary>
    Task<ZepAnswer> PingAsync(CancellationToken cancellationToken);
}
