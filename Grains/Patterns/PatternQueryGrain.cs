using System.Collections.Immutable;
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

    public Task<PromptRecord?> FindPromptAsync(Guid promptId, CancellationToken cancellationToken) => store.FindPromptAsync(promptId, cancellationToken);

    public Task<PromptRecord?> FindActivePromptAsync(string name, CancellationToken cancellationToken) => store.FindActivePromptAsync(name, cancellationToken);

    public Task<PromptPage> ListPromptsAsync(PromptListRequest request, CancellationToken cancellationToken) => store.ListPromptsAsync(request, cancellationToken);

    public async Task<RenderedPrompt> RenderPromptAsync(Guid promptId, ImmutableDictionary<string, string> values, CancellationToken cancellationToken)
    {
        var prompt = await store.FindPromptAsync(promptId, cancellationToken) ?? throw new PatternNotFoundException();
        var text = PromptTemplateText.Parse(prompt.Template);
        return new RenderedPrompt(text.Render(values), text.Names);
    }
}
