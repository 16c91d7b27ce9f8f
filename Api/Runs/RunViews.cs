using System.Collections.Immutable;
using System.ComponentModel;
using Actors.OpenApi;
using Actors.Sessions;

namespace Actors.Runs;

[Description("An execution run.")]
internal sealed record RunView(
    [Description("Its id.")] Guid RunId,
    [Description("For whom; null: the house.")] string? ClientId,
    [Description("What its client calls it.")] string RunIdentifier,
    [Description("The checklist it goes by; null: none.")] Guid? ProcessTemplateId,
    [Description("The workflow it goes by; null: none.")] Guid? WorkflowId,
    [Description("How far it has come."), ValuesOf(typeof(RunStatusNames), nameof(RunStatusNames.All))] string Status,
    [Description("How long it was thought to take; null: not said.")] decimal? EstimatedHours,
    [Description("How long it took; null: not known.")] decimal? ActualHours,
    [Description("(actual - estimated) / estimated, in per cent; null without both.")] decimal? VariancePct,
    [Description("Its steps, in order.")] RunStepView[] Steps,
    [Description("What was reported of it.")] RawJson Telemetry,
    [Description("When it began; null: it has not.")] DateTimeOffset? StartedAt,
    [Description("When it ended, and with it the memories of its scope; null: it has not.")] DateTimeOffset? EndedAt,
    [Description("When it was recorded.")] DateTimeOffset CreatedAt,
    [Description("When it was changed last.")] DateTimeOffset UpdatedAt)
{
    public static RunView Of(RunRecord run) => new(
        run.Id,
        run.ClientId,
        run.RunIdentifier,
        run.ProcessTemplateId,
        run.WorkflowId,
        RunStatusNames.Of(run.Status),
        run.EstimatedHours,
        run.ActualHours,
        run.VariancePct,
        [.. run.Steps.Select(step => new RunStepView(step.StepNumber, step.Title, step.EstimatedHours, step.ActualHours))],
        new RawJson(run.TelemetryJson),
        run.StartedAt,
        run.EndedAt,
        run.CreatedAt,
        run.UpdatedAt);
}

[Description("A step of a run.")]
internal sealed record RunStepView(
    [Description("Its place, from 1.")] int StepNumber,
    [Description("What is done.")] string Title,
    [Description("How long it was thought to take; null: not said.")] decimal? EstimatedHours,
    [Description("How long it took; null: not known.")] decimal? ActualHours);

[Description("One page of runs.")]
internal sealed record RunList(
    [Description("In the order that was asked for.")] RunView[] Items,
    [Description("The `cursor` of the next page; null: this is the last.")] string? NextCursor);

[Description("How far completed runs were from their estimates.")]
internal sealed record VarianceView(
    [Description("By what they are grouped."), ValuesOf(typeof(RunBinding), nameof(RunBinding.Groupings))] string GroupBy,
    [Description("Above this a variance is called high, in per cent, either way.")] double HighVariancePct,
    [Description("The largest median first.")] VarianceGroupView[] Groups)
{
    public static VarianceView Of(VarianceGrouping grouping, ImmutableArray<VarianceGroup> groups) => new(
        RunBinding.Groupings[(int)grouping],
        VarianceGroup.HighPct,
        [.. groups.Select(group => new VarianceGroupView(
            group.Id, group.Name, group.Runs, group.MeanPct, group.MedianPct, group.SpreadPct, group.IsHigh, group.SuggestedHours))]);
}

[Description("The completed runs of one template or workflow.")]
internal sealed record VarianceGroupView(
    [Description("Id of the template or workflow.")] Guid Id,
    [Description("Its name.")] string Name,
    [Description("How many completed runs.")] int Runs,
    [Description("Mean variance, in per cent; null when no run had an estimate.")] double? MeanVariancePct,
    [Description("Median variance, in per cent; null when no run had an estimate.")] double? MedianVariancePct,
    [Description("Standard deviation of the variances, in points; null when fewer than two runs had an estimate.")] double? SpreadPct,
    [Description("Whether the median is above the limit, either way.")] bool HighVariance,
    [Description("Median of the actual hours: what to estimate next time.")] decimal SuggestedHours);
