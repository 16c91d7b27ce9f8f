using System.Collections.Immutable;

namespace Actors.Patterns;

/// <summary>Reads of the catalogue, from Postgres. Stateless; key: <see cref="Key"/>.</summary>
/// <remarks>Every method throws <see cref="Storage.StorageUnavailableException"/> when Postgres cannot be reached; repeat later.</remarks>
[Alias("IPatternQueryGrain")]
public interface IPatternQueryGrain : IGrainWithStringKey
{
    /// <summary>The one key of this grain.</summary>
    public const string Key = "catalogue";

    /// <summary>A workflow; null when there is none of that id.</summary>
    [Alias("FindWorkflow")]
    Task<WorkflowRecord?> FindWorkflowAsync(Guid workflowId, CancellationToken cancellationToken);

    /// <summary>One page of workflows, newest version first.</summary>
    [Alias("ListWorkflows")]
    Task<WorkflowPage> ListWorkflowsAsync(WorkflowListRequest request, CancellationToken cancellationToken);

    /// <summary>A service blueprint; null when there is none of that id.</summary>
    [Alias("FindBlueprint")]
    Task<BlueprintRecord?> FindBlueprintAsync(Guid blueprintId, CancellationToken cancellationToken);

    /// <summary>One page of service blueprints, newest first.</summary>
    /// <param name="status">Of this status; null: of any.</param>
    /// <param name="limit">Most blueprints on the page: 1 to 500.</param>
    /// <param name="after">Last blueprint of the page before; null: the first page.</param>
    /// <param name="cancellationToken">Ends the read.</param>
    [Alias("ListBlueprints")]
    Task<BlueprintPage> ListBlueprintsAsync(WorkflowStatus? status, int limit, Guid? after, CancellationToken cancellationToken);

    /// <summary>A process template; null when there is none of that id.</summary>
    [Alias("FindTemplate")]
    Task<TemplateRecord?> FindTemplateAsync(Guid templateId, CancellationToken cancellationToken);

    /// <summary>One page of process templates, newest first.</summary>
    [Alias("ListTemplates")]
    Task<TemplatePage> ListTemplatesAsync(TemplateListRequest request, CancellationToken cancellationToken);

    /// <summary>A version of a prompt; null when there is none of that id.</summary>
    [Alias("FindPrompt")]
    Task<PromptRecord?> FindPromptAsync(Guid promptId, CancellationToken cancellationToken);

    /// <summary>The version of a prompt that is to be sent; null when there is none.</summary>
    [Alias("FindActivePrompt")]
    Task<PromptRecord?> FindActivePromptAsync(string name, CancellationToken cancellationToken);

    /// <summary>One page of versions of prompts, newest first.</summary>
    [Alias("ListPrompts")]
    Task<PromptPage> ListPromptsAsync(PromptListRequest request, CancellationToken cancellationToken);

    /// <summary>Fills in the placeholders of a version of a prompt; it need not be the active one.</summary>
    /// <param name="promptId">Which version.</param>
    /// <param name="values">The texts to fill in, by variable: those the prompt has and no others.</param>
    /// <param name="cancellationToken">Ends the read.</param>
    /// <exception cref="PatternNotFoundException">There is no version of that id.</exception>
    /// <exception cref="PatternRefusedException">A variable is missing or unknown, the text has a malformed placeholder, or the prompt gets too long.</exception>
    [Alias("RenderPrompt")]
    Task<RenderedPrompt> RenderPromptAsync(Guid promptId, ImmutableDictionary<string, string> values, CancellationToken cancellationToken);
}

/// <summary>Which workflows to list. All filters that are given must hold.</summary>
/// <param name="Capability">Of this capability.</param>
/// <param name="Query">With these words in name, description or capability, in any of their English forms.</param>
/// <param name="Status">Of this status.</param>
/// <param name="ParentWorkflowId">Parts of this workflow.</param>
/// <param name="Limit">Most workflows on the page: 1 to 500.</param>
/// <param name="After">Last workflow of the page before; null: the first page.</param>
[GenerateSerializer, Immutable, Alias("WorkflowListRequest")]
public sealed record WorkflowListRequest(
    [property: Id(0)] string? Capability,
    [property: Id(1)] string? Query,
    [property: Id(2)] WorkflowStatus? Status,
    [property: Id(3)] Guid? ParentWorkflowId,
    [property: Id(4)] int Limit,
    [property: Id(5)] Guid? After);

/// <summary>One page of workflows. Large ones make short pages.</summary>
/// <param name="Workflows">The workflows.</param>
/// <param name="HasMore">Whether there is a next page.</param>
[GenerateSerializer, Immutable, Alias("WorkflowPage")]
public sealed record WorkflowPage([property: Id(0)] ImmutableArray<WorkflowRecord> Workflows, [property: Id(1)] bool HasMore);

/// <summary>Which process templates to list. All filters that are given must hold.</summary>
/// <param name="EngagementId">Of this engagement.</param>
/// <param name="Status">Of this status.</param>
/// <param name="WorkflowId">Made of this workflow.</param>
/// <param name="Limit">Most templates on the page: 1 to 500.</param>
/// <param name="After">Last template of the page before; null: the first page.</param>
[GenerateSerializer, Immutable, Alias("TemplateListRequest")]
public sealed record TemplateListRequest(
    [property: Id(0)] string? EngagementId,
    [property: Id(1)] string? Status,
    [property: Id(2)] Guid? WorkflowId,
    [property: Id(3)] int Limit,
    [property: Id(4)] Guid? After);

/// <summary>One page of process templates. Large ones make short pages.</summary>
/// <param name="Templates">The templates.</param>
/// <param name="HasMore">Whether there is a next page.</param>
[GenerateSerializer, Immutable, Alias("TemplatePage")]
public sealed record TemplatePage([property: Id(0)] ImmutableArray<TemplateRecord> Templates, [property: Id(1)] bool HasMore);
