using Orleans.Concurrency;

namespace Actors.Sessions;

/// <summary>
/// The memory of one client: the only writer of its rows, and the hot index of events and facts its recalls are answered from.
/// Key: <c>client_{client id}</c>, see <see cref="SessionKey"/>; the same text is the client's Zep session id. The house, whose
/// facts are shared, has a session too: <see cref="SessionKey.House"/>. The first call that neither a cached answer nor a single row
/// answers has the client's memories read from Postgres; all that need them wait for that, 5 s by default, and then get
/// <see cref="SessionLoadingException"/>, or <see cref="Storage.StorageUnavailableException"/> when it fails: nothing was done, repeat later.
/// </summary>
[Alias("ISessionGrain")]
public interface ISessionGrain : IGrainWithStringKey
{
    /// <summary>
    /// Stores memories, all or none, in the order given. Concurrent calls share a commit, which is why the method
    /// interleaves. The answer comes after the Postgres commit; a recall that starts later sees the memories. Important ones wait for Valkey
    /// and Zep, if they are configured, each within its budget.
    /// </summary>
    /// <param name="request">1 to 1,000 memories.</param>
    /// <param name="cancellationToken">Withdraws memories that are still waiting for their commit; later it has no effect. In a cluster it may come too late for those as well.</param>
    /// <returns>One item per memory, in the order of the request.</returns>
    /// <exception cref="MemoryRefusedException">A memory breaks a rule. Nothing was stored; repeating does not help.</exception>
    /// <exception cref="Idempotency.AlreadyAnsweredException">A parallel request with the same idempotency key was faster: its answer is kept.</exception>
    /// <exception cref="SessionBusyException">Too much is waiting. Nothing was stored; repeat later.</exception>
    /// <exception cref="Storage.StorageUnavailableException">Postgres cannot be reached. Nothing was stored; repeat later.</exception>
    /// <exception cref="Storage.OutcomeUnknownException">The commit's answer was lost: look before you repeat.</exception>
    /// <exception cref="Hosting.WritesSuspendedException">This host may not write now. Nothing was stored; repeat later.</exception>
    [AlwaysInterleave, Alias("Remember")]
    Task<RememberAnswer> RememberAsync(RememberRequest request, CancellationToken cancellationToken);

    /// <summary>
    /// Ranks this client's memories, and the shared facts, for a question. Those appear that share a term with it, or a related one, whose
    /// neighbours in their conversation do, or that are near in meaning.
    /// </summary>
    /// <returns>At most <see cref="RecallRequest.K"/> hits, best first; none when nothing matches.</returns>
    [ReadOnly, Alias("Recall")]
    Task<RecallAnswer> RecallAsync(RecallRequest request, CancellationToken cancellationToken);

    /// <summary>One event, expired or not.</summary>
    /// <returns>The event, or null when this client has no event of that id.</returns>
    /// <exception cref="Storage.StorageUnavailableException">The event is not hot and Postgres cannot be reached.</exception>
    [ReadOnly, Alias("GetEvent")]
    Task<EventRecord?> GetEventAsync(Guid eventId, CancellationToken cancellationToken);

    /// <summary>Deletes one event from storage and index. Takes part in shared commits like remember.</summary>
    /// <returns>False when this client has no event of that id.</returns>
    /// <exception cref="SessionBusyException">Too much is waiting. Nothing was deleted; repeat later.</exception>
    /// <exception cref="Storage.StorageUnavailableException">Postgres cannot be reached. Nothing was deleted; repeat later.</exception>
    /// <exception cref="Storage.OutcomeUnknownException">The commit's answer was lost; repeating is safe.</exception>
    /// <exception cref="Hosting.WritesSuspendedException">This host may not write now. Nothing was deleted; repeat later.</exception>
    [AlwaysInterleave, Alias("Forget")]
    Task<bool> ForgetAsync(Guid eventId, CancellationToken cancellationToken);

    /// <summary>
    /// Commits what one of the client's fact subjects decided, and brings it into recall; called by
    /// <see cref="Facts.IFactSubjectGrain"/> only. Takes part in shared commits like remember. Interleaves, since the session
    /// may be waiting for something else while the subject waits for it.
    /// </summary>
    /// <returns>The fact as it is believed from the commit on.</returns>
    /// <exception cref="Facts.FactConflictException">Another writer was faster. Nothing was written: read and decide again.</exception>
    /// <exception cref="Facts.FactRefusedException">The fact breaks a rule of the schema. Nothing was written.</exception>
    /// <exception cref="Facts.FactAlreadyPromotedException">It was found in an event from which it was recorded before. Nothing was written.</exception>
    /// <exception cref="Idempotency.AlreadyAnsweredException">A parallel request with the same idempotency key was faster: its answer is kept.</exception>
    /// <exception cref="SessionBusyException">Too much is waiting. Nothing was written; repeat later.</exception>
    /// <exception cref="Storage.StorageUnavailableException">Postgres cannot be reached. Nothing was written; repeat later.</exception>
    /// <exception cref="Storage.OutcomeUnknownException">The commit's answer was lost: look before you repeat.</exception>
    /// <exception cref="Hosting.WritesSuspendedException">This host may not write now. Nothing was written; repeat later.</exception>
    [AlwaysInterleave, Alias("WriteFact")]
    Task<Facts.FactAnswer> WriteFactAsync(Facts.FactWrite write, CancellationToken cancellationToken);

    /// <summary>
    /// Erases the client: all its rows, in one transaction, then what is hot of it and what was kept of its answers. A recall that starts after
    /// the answer finds nothing of what was there, whatever process it goes through. What is written meanwhile is erased, or written
    /// after the erasure. Erasures follow each other; repeating is safe, and finds nothing.
    /// </summary>
    /// <returns>How much that was.</returns>
    /// <exception cref="Clients.ClientNotFoundException">There is no such client; the house is none.</exception>
    /// <exception cref="Storage.StorageUnavailableException">Postgres cannot be reached, or another writer holds rows of the client for 10 s. Nothing was erased; repeat later.</exception>
    /// <exception cref="Storage.OutcomeUnknownException">The commit's answer was lost; repeating is safe.</exception>
    /// <exception cref="Hosting.WritesSuspendedException">This host may not write now. Nothing was erased; repeat later.</exception>
    [AlwaysInterleave, ResponseTimeout("00:15:00"), Alias("Erase")]
    Task<Clients.ErasureReceipt> EraseAsync(CancellationToken cancellationToken);

    /// <summary>Takes over what others have committed for this client, if anything.</summary>
    /// <exception cref="Storage.StorageUnavailableException">Postgres cannot be reached; repeat later.</exception>
    [AlwaysInterleave, Alias("CatchUp")]
    Task CatchUpAsync(CancellationToken cancellationToken);
}
