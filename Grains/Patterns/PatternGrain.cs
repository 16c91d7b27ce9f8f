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
