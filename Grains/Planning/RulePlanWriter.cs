using System.Collections.Immutable;
using System.Globalization;
using Actors.Runs;
using Actors.Work;

namespace Actors.Planning;

/// <summary>
/// Writes a procedure without a language model: the steps of the workflow that matches, one after the other. A part stands in for the step
/// that is called as it is; other parts follow. Pure.
/// </summary>
internal static class RulePlanWriter
{
    // What every piece of work needs, where nobody has written down more.
    private static readonly (string Title, string Description)[] Skeleton =
    [
        ("Clarify the goal", "Write down what will be there in the end, by when, and who says that it is done."),
        ("Split the work into steps", "List the steps, and estimate each. Stored as a workflow, they are what the next plan goes by."),
        ("Do the work", "Start a run, and report hours as they come."),
        ("Review with the client", "Show the result, and note what is to be changed."),
        ("Close", "Complete the run with its actual hours, so that the next estimate is better."),
    ];

    /// <summary>The procedure.</summary>
    public static Sop Write(PlanMaterial material)
    {
        var steps = material.Match is null ? Chained(SkeletonSteps()) : KnownStepsOf(material);
        return new Sop(
            material.Match?.Workflow.Name ?? PlanRules.Shortened(material.Plan.Intent, PlanChange.MaxTitleLength),
            material.Match is { } by
                ? SummaryOf(by, steps)
                : "No workflow matches this intent well enough, so this is a skeleton without hours: replace its steps, or name a workflow by workflow_id.",
            steps,
            AssumptionsOf(material),
            [.. LeftOut(material) is > 0 and var left ? [$"A plan has at most {Sop.MaxSteps} steps; {left} of the workflow's are left out."] : Array.Empty<string>(), .. RisksOf(steps)]);
    }

    /// <summary>The steps of the workflow that matches and of its parts, with what is known of their hours; none when nothing matches.</summary>
    public static ImmutableArray<SopStep> KnownStepsOf(PlanMaterial material) =>
        material.Match is { } match ? Chained(StepsOf(match).Take(Sop.MaxSteps)) : [];

    private static int LeftOut(PlanMaterial material) => material.Match is { } match ? Math.Max(0, StepsOf(match).Count() - Sop.MaxSteps) : 0;

    /// <summary>What the client wants and what is known of it, in the words of its facts.</summary>
    public static ImmutableArray<string> AssumptionsOf(PlanMaterial material) =>
    [
        .. material.Preferences, .. material.Facts,
        .. material.PastPlans.Select(plan => $"There is a like plan of {plan.CreatedAt.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture)} ({plan.Status}): {plan.Title}"),
    ];

    /// <summary>What is to be known of the steps' hours.</summary>
    public static IEnumerable<string> RisksOf(ImmutableArray<SopStep> steps)
    {
        foreach (var step in steps.Where(step => Math.Abs(step.Basis.MeanVariancePct ?? 0) > VarianceGroup.HighPct).Take(Sop.MaxRemarks / 2))
        {
            var (pct, runs) = (step.Basis.MeanVariancePct!.Value, Counted(step.Basis.Runs, "completed run"));
            yield return $"'{step.Title}' took {Math.Abs(pct).ToString("0.#", CultureInfo.InvariantCulture)} % {(pct > 0 ? "longer" : "less")} than estimated, on average of {runs}.";
        }

        if (steps.Count(step => step.Basis is { Source: HoursSource.Runs, Runs: < LearnedHours.FewRuns }) is > 0 and var few)
        {
            yield return $"The hours of {Counted(few, "step")} rest on fewer than {LearnedHours.FewRuns} completed runs.";
        }

        if (steps.Count(step => step.EstimatedHours is null) is > 0 and var unknown)
        {
            yield return $"There is no estimate of {Counted(unknown, "step")}.";
        }
    }

    private static IEnumerable<SopStep> StepsOf(WorkflowMaterial match)
    {
        var partsOf = match.Parts.Skip(1).ToLookup(part => part.Workflow.ParentWorkflowId);
        return StepsOf(match.Parts[0]);

        IEnumerable<SopStep> StepsOf(PartMaterial whole)
        {
            var parts = partsOf[whole.Workflow.Id].ToList();
            var tags = TagsOf(match.Workflow.Capability, whole == match.Parts[0] ? null : whole.Workflow.Name);
            foreach (var (step, (hours, basis)) in whole.Steps.Zip(LearnedHours.Of(whole.Steps, whole.Runs)))
            {
                if (parts.Find(part => part.IsCalled(step.Title)) is not { } part)
                {
                    yield return new SopStep(0, step.Title, step.Description, hours, basis, [], Owner: null, tags);
                    continue;
                }

                parts.Remove(part);
                foreach (var inner in StepsOf(part))
                {
                    yield return inner;
                }
            }

            foreach (var inner in parts.SelectMany(StepsOf))
            {
                yield return inner;
            }
        }
    }

    private static IEnumerable<SopStep> SkeletonSteps() =>
        Skeleton.Select(step => new SopStep(0, step.Title, step.Description, EstimatedHours: null, new HoursBasis(HoursSource.None), [], Owner: null, []));

    // Each after the one before, as the workflow lists them.
    private static ImmutableArray<SopStep> Chained(IEnumerable<SopStep> steps) =>
        [.. steps.Select((step, i) => step with { StepNumber = i + 1, Dependencies = i == 0 ? [] : [i] })];

    private static string SummaryOf(WorkflowMaterial match, ImmutableArray<SopStep> steps)
    {
        var by = $"By the workflow '{match.Workflow.Name}', version {match.Workflow.Version}";
        var parts = match.Parts.Length > 1 ? $", with {string.Join(", ", match.Parts.Skip(1).Select(part => $"'{part.Workflow.Name}'"))}" : "";
        var checklist = match.TemplateId is null ? "" : ", in the engagement's checklist";
        var hours = steps.Sum(step => step.EstimatedHours ?? 0).ToString("0.##", CultureInfo.InvariantCulture);
        var learned = steps.Count(step => step.Basis.Source == HoursSource.Runs) is > 0 and var count ? $"; those of {Counted(count, "step")} are learned from completed runs" : "";
        return PlanRules.Shortened($"{by}{checklist}{parts}: {Counted(steps.Length, "step")}, {hours} hours{learned}.", Sop.MaxSummaryLength);
    }

    private static ImmutableArray<string> TagsOf(params IEnumerable<string?> tags) =>
        [.. tags.Where(tag => !string.IsNullOrWhiteSpace(tag)).Select(tag => PlanRules.Shortened(tag!, NewTask.MaxTagLength)).Distinct()];

    private static string Counted(int count, string noun) => count == 1 ? $"1 {noun}" : $"{count} {noun}s";
}
