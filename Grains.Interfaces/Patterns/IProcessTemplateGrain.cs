namespace Actors.Patterns;

/// <summary>The only writer of process templates in the service; operators may write them by SQL too. Key: <see cref="Key"/>.</summary>
/// <remarks>
/// Every method throws <see cref="Storage.StorageUnavailableException"/> or <see cref="Hosting.WritesSuspendedException"/> when
/// nothing was written and a later repeat is safe, and <see cref="Storage.OutcomeUnknownException"/> when the commit's answer was
/// lost. A cancellation token has no effect once a write was sent. Those that take an idempotency key throw
/// <see cref="Idempotency.AlreadyAnsweredException"/> when a request with the same one was faster.
/// </remarks>
[Alias("IProcessTemplateGrain")]
public interface IProcessTemplateGrain : IGrainWithStringKey
{
    /// <summary>The one key of this grain.</summary>
    public const string Key = "catalogue";

    /// <summary>Makes a process template whose checklist is a workflow's steps.</summary>
    /// <exception cref="PatternNotFoundException">There is no such workflow.</exception>
    /// <exception cref="PatternRefusedException">There is no such project.</exception>
    [Alias("Instantiate")]
    Task<TemplateRecord> InstantiateAsync(Guid workflowId, NewInstance instance, CancellationToken cancellationToken);

    /// <summary>Stores a process template with a checklist of its own.</summary>
    /// <exception cref="PatternRefusedException">It names a workflow or a project that is not there.</exception>
    [Alias("Create")]
    Task<TemplateRecord> CreateAsync(NewTemplate checklist, CancellationToken cancellationToken);

    /// <summary>Changes what is given. Runs by it keep the steps they began with.</summary>
    /// <exception cref="PatternNotFoundException">There is none of that id.</exception>
    /// <exception cref="PatternRefusedException">It would name a workflow or a project that is not there.</exception>
    [Alias("Change")]
    Task<TemplateRecord> ChangeAsync(Guid templateId, TemplateChange change, CancellationToken cancellationToken);

    /// <summary>Removes a process template that nothing goes by.</summary>
    /// <exception cref="PatternNotFoundException">There is none of that id.</exception>
    /// <exception cref="TemplateInUseException">Runs or plans go by it.</exception>
    [Alias("Delete")]
    Task DeleteAsync(Guid templateId, CancellationToken cancellationToken);
}
