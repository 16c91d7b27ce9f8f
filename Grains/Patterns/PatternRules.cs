namespace Actors.Patterns;

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
