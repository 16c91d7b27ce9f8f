using Orleans.Concurrency;

namespace Actors.Patterns;

/// <summary>See <see cref="IPatternQueryGrain"/>.</summary>
[GrainType("pattern-query"), StatelessWorker(8)]
internal sealed class PatternQueryGrain(PatternQueryStore store) : Grain, IPatternQueryGrain
{
    public Task<WorkflowRecord?> FindWorkflowAsync(Guid workflowId, CancellationToken cancellationToken) => store.FindWorkflowAsync(workflowId, cancellationToken);

    public Task<WorkflowPage> ListWorkflowsAsync(WorkflowListRequest request, CancellationToken cancellationToken) =>
        store.ListWorkflowsAsync(request, cancellationToken);

    public Task<BlueprintRecord?> FindBlueprintAsync(Guid blueprintId, CancellationToken cancellationToken) => store.FindBlueprintAsync(blueprintId, cancellationToken);

    public Task<BlueprintPage> ListBlueprintsAsync(WorkflowStatus? status, int limit, Guid? after, CancellationToken cancellationToken) =>
        store.ListBlueprintsAsync(status, limit, after, cancellationToken);

    public Task<TemplateRecord?> FindTemplateAsync(Guid templateId, CancellationToken cancellationToken) => store.FindTemplateAsync(templateId, cancellationToken);

    public Task<TemplatePage> ListTemplatesAsync(TemplateListRequest request, CancellationToken cancellationToken) =>
        store.ListTemplatesAsync(request, cancellationToken);
}
