using Actors.Sessions;

namespace Actors.Patterns;

/// <summary>See <see cref="IPatternGrain"/>. What is there is looked at in the transaction that changes it.</summary>
[GrainType("pattern")]
internal sealed class PatternGrain(PatternStore store, TimeProvider time) : Grain, IPatternGrain
{
    private DateTimeOffset Now => SessionRules.WholeMicroseconds(time.GetUtcNow());

    public Task<WorkflowRecord> CreateWorkflowAsync(NewWorkflow workflow, CancellationToken cancellationToken)
    {
        var (id, now) = (Guid.CreateVersion7(time.GetUtcNow()), Now);
        return store.InsertAsync(
            new WorkflowRecord(
                id, id, Version: 1, workflow.Name, workflow.Description, workflow.Capability, workflow.ParentWorkflowId, workflow.Status, workflow.Steps, now, now),
            workflow.IdempotencyKey);
    }

    public Task<WorkflowRecord> ChangeWorkflowAsync(Guid workflowId, WorkflowChange change, CancellationToken cancellationToken) =>
        store.ChangeAsync(workflowId, (workflow, isUsed) => PatternRules.Change(workflow, change, isUsed, Guid.CreateVersion7(time.GetUtcNow()), Now));

    public Task DeleteWorkflowAsync(Guid workflowId, CancellationToken cancellationToken) => store.DeleteAsync(workflowId);

    public Task<BlueprintRecord> CreateBlueprintAsync(NewBlueprint blueprint, CancellationToken cancellationToken) =>
        store.InsertBlueprintAsync(Guid.CreateVersion7(time.GetUtcNow()), blueprint, Now);

    public Task<BlueprintRecord> ChangeBlueprintAsync(Guid blueprintId, BlueprintChange change, CancellationToken cancellationToken) =>
        store.UpdateBlueprintAsync(blueprintId, change);

    public Task DeleteBlueprintAsync(Guid blueprintId, CancellationToken cancellationToken) => store.DeleteBlueprintAsync(blueprintId);
}

/// <summary>What a workflow becomes when it is changed. Pure.</summary>
internal static class PatternRules
{
    /// <param name="workflow">As it is.</param>
    /// <param name="change">What is to change.</param>
    /// <param name="isUsed">Whether anything goes by it.</param>
    /// <param name="newId">Id of a new version.</param>
    /// <param name="now">When a new version is made.</param>
    /// <returns>The same workflow changed, or its next version.</returns>
    public static WorkflowRecord Change(WorkflowRecord workflow, WorkflowChange change, bool isUsed, Guid newId, DateTimeOffset now)
    {
        var changed = workflow with
        {
            Name = change.Name ?? workflow.Name,
            Description = change.Description is { } description ? description.Value : workflow.Description,
            Capability = change.Capability is { } capability ? capability.Value : workflow.Capability,
            ParentWorkflowId = change.Parent is { } parent ? parent.Value : workflow.ParentWorkflowId,
            Status = change.Status ?? workflow.Status,
            Steps = change.Steps.IsDefault ? workflow.Steps : change.Steps,
        };
        return isUsed && !changed.Steps.SequenceEqual(workflow.Steps)
            ? changed with { Id = newId, Version = workflow.Version + 1, CreatedAt = now, UpdatedAt = now }
            : changed;
    }
}
