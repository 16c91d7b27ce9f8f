using Orleans.Concurrency;

namespace Actors.Patterns;

/// <summary>See <see cref="IPatternQueryGrain"/>.</summary>
[GrainType("pattern-query"), StatelessWorker(8)]
internal sealed class PatternQueryGrain(PatternQueryStore store) : Grain, IPatternQueryGrain
{
    public Task<WorkflowRecord?> FindWorkflowAsync(Guid workflowId, CancellationToken cancellationToken) => store.FindWorkflowAsync(workflowId, cancellationToken);

    public Task<WorkflowPage> ListWorkflowsAsync(WorkflowListRequest request, CancellationToken cancellationToken) =>
        store.ListWorkflowsAsync(request, cancellationToken);

    public Task<TemplateRecord?> FindTemplateAsync(Guid templateId, CancellationToken cancellationToken) => store.FindTemplateAsync(templateId, cancellationToken);

    public Task<TemplatePage> ListTemplatesAsync(TemplateListRequest request, CancellationToken cancellationToken) =>
        store.ListTemplatesAsync(request, cancellationToken);
}
