namespace Actors.Access;

/// <summary>The only writer of API keys in the service; operators may write them by SQL too. Key: <see cref="Key"/>.</summary>
/// <remarks>
/// Every method throws <see cref="Storage.StorageUnavailableException"/> or <see cref="Hosting.WritesSuspendedException"/> when
/// nothing was written and a later repeat is safe, and <see cref="Storage.OutcomeUnknownException"/> when the commit's answer was
/// lost. A cancellation token has no effect once a write was sent.
/// </remarks>
[Alias("IAccessGrain")]
public interface IAccessGrain : IGrainWithStringKey
{
    /// <summary>The one key of this grain.</summary>
    public const string Key = "access";

    /// <summary>Stores a new key.</summary>
    /// <exception cref="KeyRefusedException">It breaks a rule. Nothing was written; repeating does not help.</exception>
    /// <exception cref="Idempotency.AlreadyAnsweredException">A request with the same idempotency key was faster: its answer is kept.</exception>
    [Alias("Create")]
    Task<KeyRecord> CreateAsync(NewKey key, CancellationToken cancellationToken);

    /// <summary>Changes what is given.</summary>
    /// <returns>The key as it is now; null when there is none of that id.</returns>
    /// <exception cref="KeyRefusedException">It would break a rule. Nothing was written; repeating does not help.</exception>
    [Alias("Change")]
    Task<KeyRecord?> ChangeAsync(Guid keyId, KeyChange change, CancellationToken cancellationToken);

    /// <summary>Removes a key for good.</summary>
    /// <returns>False when there is none of that id.</returns>
    [Alias("Delete")]
    Task<bool> DeleteAsync(Guid keyId, CancellationToken cancellationToken);

    /// <summary>Notes when keys were used last. An earlier time than the one noted changes nothing, nor does a key that is gone.</summary>
    /// <param name="uses">At most one entry a key.</param>
    /// <param name="cancellationToken">See above.</param>
    [Alias("NoteUses")]
    Task NoteUsesAsync(System.Collections.Immutable.ImmutableArray<KeyUse> uses, CancellationToken cancellationToken);
}
