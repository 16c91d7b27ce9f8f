namespace Actors.Patterns;

/// <summary>The only writer of workflows and service blueprints in the service; operators may write them by SQL too. Key: <see cref="Key"/>.</summary>
/// <remarks>
/// Every method throws <see cref="Storage.StorageUnavailableException"/> or <see cref="Hosting.WritesSuspendedException"/> when
/// nothing was written and a later repeat is safe, and <see cref="Storage.OutcomeUnknownException"/> when the commit's answer was
/// lost. A cancellation token has no effect once a write was sent. Those that take an idempotency key throw
/// <see cref="Idempotency.AlreadyAnsweredException"/> when a request with the same one was faster.
/// </remarks>
[Alias("IPatternGrain")]
public interface IPatternGrain : IGrainWithStringKey
{
    /// <summary>The one key of this grain.</summary>
    public const string Key = "catalogue";

    /// <summary>Stores a workflow.</summary>
    /// <exception cref="PatternRefusedException">It breaks a rule.</exception>
    [Alias("CreateWorkflow")]
    Task<WorkflowRecord> CreateWorkflowAsync(NewWorkflow workflow, CancellationToken cancellationToken);

    /// <summary>
    /// Changes what is given. Steps of a workflow that templates, runs or plans go by become a new version, and the old one is retired:
    /// what was done by it stays what it was.
    /// </summary>
    /// <returns>The workflow as it is now; the new version, if there is one.</returns>
    /// <exception cref="PatternNotFoundException">There is none of that id.</exception>
    /// <exception cref="PatternRefusedException">It would break a rule.</exception>
    [Alias("ChangeWorkflow")]
    Task<WorkflowRecord> ChangeWorkflowAsync(Guid workflowId, WorkflowChange change, CancellationToken cancellationToken);

    /// <summary>Removes a workflow that nothing goes by.</summary>
    /// <exception cref="PatternNotFoundException">There is none of that id.</exception>
    /// <exception cref="WorkflowInUseException">Templates, runs or plans go by it.</exception>
    [Alias("DeleteWorkflow")]
    Task DeleteWorkflowAsync(Guid workflowId, CancellationToken cancellationToken);

    /// <summary>Stores a service blueprint.</summary>
    /// <exception cref="PatternRefusedException">It names a workflow that is not there, or breaks another rule.</exception>
    [Alias("CreateBlueprint")]
    Task<BlueprintRecord> CreateBlueprintAsync(NewBlueprint blueprint, CancellationToken cancellationToken);

    /// <summary>Changes what is given.</summary>
    /// <exception cref="PatternNotFoundException">There is none of that id.</exception>
    /// <exception cref="PatternRefusedException">It would name a workflow that is not there, or break another rule.</exception>
    [Alias("ChangeBlueprint")]
    Task<BlueprintRecord> ChangeBlueprintAsync(Guid blueprintId, BlueprintChange change, CancellationToken cancellationToken);

    /// <summary>Removes a service blueprint; its workflows stay.</summary>
    /// <exception cref="PatternNotFoundException">There is none of that id.</exception>
    [Alias("DeleteBlueprint")]
    Task DeleteBlueprintAsync(Guid blueprintId, CancellationToken cancellationToken);
}
