namespace Actors.Patterns;

/// <summary>The only writer of prompt templates in the service; operators may write them by SQL too. Key: <see cref="Key"/>.</summary>
/// <remarks>
/// Every method throws <see cref="Storage.StorageUnavailableException"/> or <see cref="Hosting.WritesSuspendedException"/> when
/// nothing was written and a later repeat is safe, and <see cref="Storage.OutcomeUnknownException"/> when the commit's answer was
/// lost. A cancellation token has no effect once a write was sent. Those that take an idempotency key throw
/// <see cref="Idempotency.AlreadyAnsweredException"/> when a request with the same one was faster.
/// </remarks>
[Alias("IPromptTemplateGrain")]
public interface IPromptTemplateGrain : IGrainWithStringKey
{
    /// <summary>The one key of this grain.</summary>
    public const string Key = "catalogue";

    /// <summary>Stores the first version of a prompt.</summary>
    /// <exception cref="PromptNameTakenException">There are versions of that name.</exception>
    /// <exception cref="PatternRefusedException">It breaks a rule.</exception>
    [Alias("Create")]
    Task<PromptRecord> CreateAsync(NewPrompt prompt, CancellationToken cancellationToken);

    /// <summary>
    /// Changes what is given. A new text becomes the next version of the prompt, since the text of a version never changes. Of the
    /// versions of a prompt at most one is active: activating one, or storing a new one that is active, deactivates the others.
    /// </summary>
    /// <returns>The version as it is now; the new one, if there is one.</returns>
    /// <exception cref="PatternNotFoundException">There is no version of that id.</exception>
    /// <exception cref="PatternRefusedException">It would break a rule.</exception>
    /// <exception cref="PromptInUseException">The service sends it, and would have none to send.</exception>
    [Alias("Change")]
    Task<PromptRecord> ChangeAsync(Guid promptId, PromptChange change, CancellationToken cancellationToken);

    /// <summary>Removes one version.</summary>
    /// <exception cref="PatternNotFoundException">There is no version of that id.</exception>
    /// <exception cref="PromptInUseException">The service sends it.</exception>
    [Alias("Delete")]
    Task DeleteAsync(Guid promptId, CancellationToken cancellationToken);
}
