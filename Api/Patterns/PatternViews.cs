using System.ComponentModel;
using Actors.OpenApi;

namespace Actors.Patterns;

[Description("A version of a workflow.")]
internal sealed record WorkflowView(
    [Description("Id of this version.")] Guid WorkflowId,
    [Description("Id of the first version.")] Guid OriginId,
    [Description("Which version, from 1.")] int Version,
    [Description("What it is called.")] string Name,
    [Description("What it is for; null: not said.")] string? Description,
    [Description("What it is an instance of; null: not said.")] string? Capability,
    [Description("The workflow it is a part of; null: none.")] Guid? ParentWorkflowId,
    [Description("Whether it is to be used."), ValuesOf(typeof(WorkflowStatusNames), nameof(WorkflowStatusNames.All))] string Status,
    [Description("Its steps, in order.")] StepView[] Steps,
    [Description("When this version was made.")] DateTimeOffset CreatedAt,
    [Description("When it was changed last.")] DateTimeOffset UpdatedAt)
{
    public static WorkflowView Of(WorkflowRecord workflow) => new(
        workflow.Id,
        workflow.OriginId,
        workflow.Version,
        workflow.Name,
        workflow.Description,
        workflow.Capability,
        workflow.ParentWorkflowId,
        WorkflowStatusNames.Of(workflow.Status),
        [.. workflow.Steps.Select(StepView.Of)],
        workflow.CreatedAt,
        workflow.UpdatedAt);
}

[Description("A step of a workflow or a process template.")]
internal sealed record StepView(
    [Description("Its place, from 1.")] int Order,
    [Description("What is done.")] string Title,
    [Description("How; null: not said.")] string? Description,
    [Description("How long it is thought to take; null: not said.")] decimal? EstimatedHrs)
{
    public static StepView Of(WorkflowStep step) => new(step.Order, step.Title, step.Description, step.EstimatedHours);
}

[Description("One page of workflows.")]
internal sealed record WorkflowList(
    [Description("Newest version first.")] WorkflowView[] Items,
    [Description("The `cursor` of the next page; null: this is the last.")] string? NextCursor);

[Description("A service: the workflows it is made of.")]
internal sealed record BlueprintView(
    [Description("Its id.")] Guid ServiceBlueprintId,
    [Description("What the service is called.")] string Name,
    [Description("What it is; null: not said.")] string? Description,
    [Description("Whether it is to be used."), ValuesOf(typeof(WorkflowStatusNames), nameof(WorkflowStatusNames.All))] string Status,
    [Description("Ids of its workflows, in order.")] Guid[] WorkflowSequence,
    [Description("When it was made.")] DateTimeOffset CreatedAt,
    [Description("When it was changed last.")] DateTimeOffset UpdatedAt)
{
    public static BlueprintView Of(BlueprintRecord blueprint) => new(
        blueprint.Id,
        blueprint.Name,
        blueprint.Description,
        WorkflowStatusNames.Of(blueprint.Status),
        [.. blueprint.WorkflowSequence],
        blueprint.CreatedAt,
        blueprint.UpdatedAt);
}

[Description("One page of service blueprints.")]
internal sealed record BlueprintList(
    [Description("Newest first.")] BlueprintView[] Items,
    [Description("The `cursor` of the next page; null: this is the last.")] string? NextCursor);

[Description("The checklist of an engagement.")]
internal sealed record TemplateView(
    [Description("Its id.")] Guid ProcessTemplateId,
    [Description("What it is called.")] string Name,
    [Description("The version of the workflow it goes by; null: none.")] Guid? WorkflowId,
    [Description("For which engagement; null: not said.")] string? EngagementId,
    [Description("In which project; null: none.")] Guid? ProjectId,
    [Description("How far it has come."), ValuesOf(typeof(TemplateRecord), nameof(TemplateRecord.Statuses))] string Status,
    [Description("Its steps, in order.")] StepView[] Checklist,
    [Description("When it was made.")] DateTimeOffset CreatedAt,
    [Description("When it was changed last.")] DateTimeOffset UpdatedAt)
{
    public static TemplateView Of(TemplateRecord template) => new(
        template.Id,
        template.Name,
        template.WorkflowId,
        template.EngagementId,
        template.ProjectId,
        template.Status,
        [.. template.Checklist.Select(StepView.Of)],
        template.CreatedAt,
        template.UpdatedAt);
}

[Description("One page of process templates.")]
internal sealed record TemplateList(
    [Description("Newest first.")] TemplateView[] Items,
    [Description("The `cursor` of the next page; null: this is the last.")] string? NextCursor);
