using System.Collections.Immutable;
using Actors.Storage;
using static Actors.Storage.SqlValues;

namespace Actors.Patterns;

/// <summary>The SQL of <see cref="PatternQueryGrain"/>.</summary>
/// <remarks>Every method throws <see cref="StorageUnavailableException"/> when Postgres cannot be reached.</remarks>
internal sealed class PatternQueryStore(Database database)
{
    private const string SelectWorkflow = $"select {PatternRow.WorkflowColumns} from workflows where id = $1";

    // Ids are ordered by the time they were made.
    private const string SelectWorkflows =
        $"""
        select {PatternRow.WorkflowColumns} from workflows
        where ($1::text is null or capability = $1)
          and ($2::text is null
               or to_tsvector('english', left(concat_ws(' ', name, capability, description), 65536)) @@ websearch_to_tsquery('english', $2))
          and ($3::text is null or status = $3) and ($4::uuid is null or parent_workflow_id = $4) and ($5::uuid is null or id < $5)
        order by id desc limit $6
        """;

    private const string SelectBlueprint = $"select {PatternRow.BlueprintColumns} from service_blueprints where id = $1";

    private const string SelectBlueprints =
        $"""
        select {PatternRow.BlueprintColumns} from service_blueprints
        where ($1::text is null or status = $1) and ($2::uuid is null or id < $2)
        order by id desc limit $3
        """;

    private const string SelectTemplate = $"select {PatternRow.TemplateColumns} from process_templates where id = $1";

    private const string SelectTemplates =
        $"""
        select {PatternRow.TemplateColumns} from process_templates
        where ($1::text is null or engagement_id = $1) and ($2::text is null or status = $2) and ($3::uuid is null or workflow_id = $3)
          and ($4::uuid is null or id < $4)
        order by id desc limit $5
        """;

    private const string SelectPrompt = $"select {PatternRow.PromptColumns} from prompt_templates where id = $1";

    private const string SelectActivePrompt = $"select {PatternRow.PromptColumns} from prompt_templates where name = $1 and active";

    private const string SelectPrompts =
        $"""
        select {PatternRow.PromptColumns} from prompt_templates
        where ($1::text is null or name = $1) and ($2::boolean is null or active = $2) and ($3::uuid is null or id < $3)
        order by id desc limit $4
        """;

    /// <summary>A workflow; null when there is none of that id.</summary>
    public async Task<WorkflowRecord?> FindWorkflowAsync(Guid workflowId, CancellationToken cancellationToken) =>
        (await database.SelectAsync(SelectWorkflow, PatternRow.ReadWorkflow, cancellationToken, Uuid(workflowId))).FirstOrDefault();

    /// <summary>One page of workflows.</summary>
    public async Task<WorkflowPage> ListWorkflowsAsync(WorkflowListRequest request, CancellationToken cancellationToken)
    {
        var (rows, hasMore) = await database.SelectPageAsync(
            SelectWorkflows, PatternRow.ReadWorkflow, workflow => (workflow.Description?.Length ?? 0) + SizeOf(workflow.Steps), request.Limit, cancellationToken, Text(request.Capability), Text(request.Query),
            Text(request.Status is { } status ? WorkflowStatusNames.Of(status) : null), Uuid(request.ParentWorkflowId),
            Uuid(request.After), Integer(request.Limit + 1));
        return new WorkflowPage(rows, hasMore);
    }

    /// <summary>A service blueprint; null when there is none of that id.</summary>
    public async Task<BlueprintRecord?> FindBlueprintAsync(Guid blueprintId, CancellationToken cancellationToken) =>
        (await database.SelectAsync(SelectBlueprint, PatternRow.ReadBlueprint, cancellationToken, Uuid(blueprintId))).FirstOrDefault();

    /// <summary>One page of service blueprints.</summary>
    public async Task<BlueprintPage> ListBlueprintsAsync(WorkflowStatus? status, int limit, Guid? after, CancellationToken cancellationToken)
    {
        var (rows, hasMore) = await database.SelectPageAsync(
            SelectBlueprints, PatternRow.ReadBlueprint, blueprint => blueprint.Description?.Length ?? 0, limit, cancellationToken, Text(status is { } known ? WorkflowStatusNames.Of(known) : null),
            Uuid(after), Integer(limit + 1));
        return new BlueprintPage(rows, hasMore);
    }

    /// <summary>A process template; null when there is none of that id.</summary>
    public async Task<TemplateRecord?> FindTemplateAsync(Guid templateId, CancellationToken cancellationToken) =>
        (await database.SelectAsync(SelectTemplate, PatternRow.ReadTemplate, cancellationToken, Uuid(templateId))).FirstOrDefault();

    /// <summary>One page of process templates.</summary>
    public async Task<TemplatePage> ListTemplatesAsync(TemplateListRequest request, CancellationToken cancellationToken)
    {
        var (rows, hasMore) = await database.SelectPageAsync(
            SelectTemplates, PatternRow.ReadTemplate, template => SizeOf(template.Checklist), request.Limit, cancellationToken, Text(request.EngagementId), Text(request.Status),
            Uuid(request.WorkflowId), Uuid(request.After), Integer(request.Limit + 1));
        return new TemplatePage(rows, hasMore);
    }

    /// <summary>A version of a prompt; null when there is none of that id.</summary>
    public async Task<PromptRecord?> FindPromptAsync(Guid promptId, CancellationToken cancellationToken) =>
        (await database.SelectAsync(SelectPrompt, PatternRow.ReadPrompt, cancellationToken, Uuid(promptId))).FirstOrDefault();

    /// <summary>The version of a prompt that is to be sent; null when there is none.</summary>
    public async Task<PromptRecord?> FindActivePromptAsync(string name, CancellationToken cancellationToken) =>
        (await database.SelectAsync(SelectActivePrompt, PatternRow.ReadPrompt, cancellationToken, Text(name))).FirstOrDefault();

    /// <summary>One page of versions of prompts.</summary>
    public async Task<PromptPage> ListPromptsAsync(PromptListRequest request, CancellationToken cancellationToken)
    {
        var (rows, hasMore) = await database.SelectPageAsync(
            SelectPrompts, PatternRow.ReadPrompt, prompt => prompt.Template.Length, request.Limit, cancellationToken, Text(request.Name), Boolean(request.Active), Uuid(request.After), Integer(request.Limit + 1));
        return new PromptPage(rows, hasMore);
    }

    private static long SizeOf(ImmutableArray<WorkflowStep> steps) => steps.Sum(step => (long)step.Title.Length + (step.Description?.Length ?? 0));
}
