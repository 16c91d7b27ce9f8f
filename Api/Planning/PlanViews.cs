using System.ComponentModel;
using Actors.OpenApi;
using Actors.Sessions;
using Actors.Work;

namespace Actors.Planning;

[Description("A plan.")]
internal sealed record PlanView(
    [Description("Its id.")] Guid PlanId,
    [Description("For whom; null: the house.")] string? ClientId,
    [Description("What it is called.")] string PlanTitle,
    [Description("What is to be reached.")] string Intent,
    [Description("For which engagement; null: none.")] string? EngagementId,
    [Description("The workflow it goes by; null: none.")] Guid? WorkflowId,
    [Description("The engagement's checklist it goes by; null: none.")] Guid? ProcessTemplateId,
    [Description("What to do.")] SopView Sop,
    [Description("What else was known.")] RawJson Context,
    [Description("How far it has come."), ValuesOf(typeof(PlanStatusNames), nameof(PlanStatusNames.All))] string Status,
    [Description("Why it was approved or put away; null: not said.")] string? StatusNote,
    [Description("Who wrote it first."), ValuesOf(typeof(PlanRecord), nameof(PlanRecord.Writers))] string WrittenBy,
    [Description("When tasks were made of it; null: not yet.")] DateTimeOffset? TasksCreatedAt,
    [Description("When it was made.")] DateTimeOffset CreatedAt,
    [Description("When it was changed last.")] DateTimeOffset UpdatedAt)
{
    public static PlanView Of(PlanRecord plan) => new(
        plan.Id,
        plan.ClientId,
        plan.Title,
        plan.Intent,
        plan.EngagementId,
        plan.WorkflowId,
        plan.ProcessTemplateId,
        SopView.Of(plan.Sop),
        new RawJson(plan.ContextJson),
        PlanStatusNames.Of(plan.Status),
        plan.StatusNote,
        plan.WrittenBy,
        plan.TasksCreatedAt,
        plan.CreatedAt,
        plan.UpdatedAt);
}

[Description("A new plan.")]
internal sealed record MadePlanView(
    [Description("Its id.")] Guid PlanId,
    [Description("For whom; null: the house.")] string? ClientId,
    [Description("What it is called.")] string PlanTitle,
    [Description("What is to be reached.")] string Intent,
    [Description("For which engagement; null: none.")] string? EngagementId,
    [Description("The workflow it goes by; null: none matched.")] Guid? WorkflowId,
    [Description("The engagement's checklist it goes by; null: none.")] Guid? ProcessTemplateId,
    [Description("What to do.")] SopView Sop,
    [Description("A new plan is a draft."), ValuesOf(typeof(PlanStatusNames), nameof(PlanStatusNames.All))] string Status,
    [Description("Who wrote it."), ValuesOf(typeof(PlanRecord), nameof(PlanRecord.Writers))] string WrittenBy,
    [Description("What it was made without, though it is configured: `recall` (the client's memory did not answer in time), `llm` (the model failed), or nothing.")] string[] Degraded,
    [Description("When it was made.")] DateTimeOffset CreatedAt)
{
    public static MadePlanView Of(MadePlan made) => new(
        made.Plan.Id,
        made.Plan.ClientId,
        made.Plan.Title,
        made.Plan.Intent,
        made.Plan.EngagementId,
        made.Plan.WorkflowId,
        made.Plan.ProcessTemplateId,
        SopView.Of(made.Plan.Sop),
        PlanStatusNames.Of(made.Plan.Status),
        made.Plan.WrittenBy,
        [.. made.Degraded],
        made.Plan.CreatedAt);
}

[Description("A standard operating procedure.")]
internal sealed record SopView(
    [Description("What it is called.")] string Name,
    [Description("What it is made of.")] string Summary,
    [Description("Its steps.")] SopStepView[] Checklist,
    [Description("What was taken for granted: preferences and facts of the client among it.")] string[] Assumptions,
    [Description("What may go wrong.")] string[] Risks)
{
    public static SopView Of(Sop sop) => new(sop.Name, sop.Summary, [.. sop.Checklist.Select(SopStepView.Of)], [.. sop.Assumptions], [.. sop.Risks]);
}

[Description("A step of a procedure.")]
internal sealed record SopStepView(
    [Description("Its number, from 1.")] int StepNumber,
    [Description("What is done.")] string Title,
    [Description("How; null: not said.")] string? Description,
    [Description("How long it is thought to take; null: not known.")] decimal? EstimatedHours,
    [Description("What the hours rest on.")] HoursBasisView Basis,
    [Description("Numbers of the steps to be done before.")] int[] Dependencies,
    [Description("Who does it; null: not said.")] string? Owner,
    [Description("Words to find it by.")] string[] Tags)
{
    public static SopStepView Of(SopStep step) => new(
        step.StepNumber,
        step.Title,
        step.Description,
        step.EstimatedHours,
        new HoursBasisView(HoursSourceNames.Of(step.Basis.Source), step.Basis.Runs, step.Basis.Outliers, step.Basis.MeanVariancePct),
        [.. step.Dependencies],
        step.Owner,
        [.. step.Tags]);
}

[Description("What hours rest on.")]
internal sealed record HoursBasisView(
    [Description("Where they come from."), ValuesOf(typeof(HoursSourceNames), nameof(HoursSourceNames.All))] string Source,
    [Description("How many completed runs they were learned from, outliers left out.")] int Runs,
    [Description("How many runs were left out: of three and more, those over three times the median of all, or under a third of it.")] int Outliers,
    [Description("Mean variance of those runs' step, in per cent; null without estimates.")] double? MeanVariancePct);

[Description("The tasks that were made of a plan.")]
internal sealed record PlanTasksView(
    [Description("Of which plan.")] Guid PlanId,
    [Description("How far the plan has come."), ValuesOf(typeof(PlanStatusNames), nameof(PlanStatusNames.All))] string PlanStatus,
    [Description("A task for each step, each after those it depends on.")] TaskView[] Tasks)
{
    public static PlanTasksView Of(PlanTasks made) => new(made.Plan.Id, PlanStatusNames.Of(made.Plan.Status), [.. made.Tasks.Select(TaskView.Of)]);
}

[Description("A plan in a list.")]
internal sealed record PlanSummaryView(
    [Description("Its id.")] Guid PlanId,
    [Description("For whom; null: the house.")] string? ClientId,
    [Description("What it is called.")] string PlanTitle,
    [Description("What is to be reached.")] string Intent,
    [Description("For which engagement; null: none.")] string? EngagementId,
    [Description("The workflow it goes by; null: none.")] Guid? WorkflowId,
    [Description("The engagement's checklist it goes by; null: none.")] Guid? ProcessTemplateId,
    [Description("How far it has come."), ValuesOf(typeof(PlanStatusNames), nameof(PlanStatusNames.All))] string Status,
    [Description("Who wrote it first."), ValuesOf(typeof(PlanRecord), nameof(PlanRecord.Writers))] string WrittenBy,
    [Description("How many steps it has.")] int Steps,
    [Description("Hours of those steps of which they are known; null: of none.")] decimal? EstimatedHours,
    [Description("When tasks were made of it; null: not yet.")] DateTimeOffset? TasksCreatedAt,
    [Description("When it was made.")] DateTimeOffset CreatedAt,
    [Description("When it was changed last.")] DateTimeOffset UpdatedAt)
{
    public static PlanSummaryView Of(PlanSummary plan) => new(
        plan.Id,
        plan.ClientId,
        plan.Title,
        plan.Intent,
        plan.EngagementId,
        plan.WorkflowId,
        plan.ProcessTemplateId,
        PlanStatusNames.Of(plan.Status),
        plan.WrittenBy,
        plan.Steps,
        plan.EstimatedHours,
        plan.TasksCreatedAt,
        plan.CreatedAt,
        plan.UpdatedAt);
}

[Description("One page of plans.")]
internal sealed record PlanList(
    [Description("Newest first.")] PlanSummaryView[] Items,
    [Description("The `cursor` of the next page; null: this is the last.")] string? NextCursor);
