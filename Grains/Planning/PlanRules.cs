using System.Collections.Immutable;

namespace Actors.Planning;

/// <summary>What may become of a plan. Pure.</summary>
internal static class PlanRules
{
    /// <summary>A draft with what was changed of it.</summary>
    /// <exception cref="PlanStateException">It is no draft any more.</exception>
    /// <exception cref="PlanRefusedException">Its steps would depend on each other in a circle, or on what is not there.</exception>
    public static PlanRecord Change(PlanRecord plan, PlanChange change)
    {
        if (plan.Status != PlanStatus.Draft)
        {
            throw new PlanStateException("plan_not_draft", $"The plan is {PlanStatusNames.Of(plan.Status)}; only drafts are changed.");
        }

        if (change.Sop is { } sop)
        {
            InOrder(sop.Checklist);
        }

        return plan with { Title = change.Title ?? plan.Title, Sop = change.Sop is { } next ? WithBasis(next, plan.Sop) : plan.Sop };
    }

    /// <summary>The plan, approved.</summary>
    /// <exception cref="PlanStateException">It is no draft any more.</exception>
    public static PlanRecord Approve(PlanRecord plan, string? note) => plan.Status == PlanStatus.Draft
        ? plan with { Status = PlanStatus.Approved, StatusNote = note }
        : throw new PlanStateException("plan_not_draft", $"The plan is {PlanStatusNames.Of(plan.Status)}; only drafts are approved.");

    /// <summary>The plan, put away.</summary>
    /// <exception cref="PlanStateException">It is archived already.</exception>
    public static PlanRecord Archive(PlanRecord plan, string? note) => plan.Status != PlanStatus.Archived
        ? plan with { Status = PlanStatus.Archived, StatusNote = note }
        : throw new PlanStateException("plan_archived", "The plan is archived already.");

    /// <summary>The plan once tasks were made of it: whoever does that to a draft approves it.</summary>
    /// <exception cref="PlanStateException">It has tasks already, or is over.</exception>
    /// <exception cref="PlanRefusedException">It has no steps.</exception>
    public static PlanRecord WithTasks(PlanRecord plan, DateTimeOffset now) =>
        plan.TasksCreatedAt is not null ? throw new PlanStateException("plan_has_tasks", "Tasks were made of this plan already.")
        : plan.Status is PlanStatus.Completed or PlanStatus.Cancelled or PlanStatus.Archived ? throw new PlanStateException("plan_over", $"The plan is {PlanStatusNames.Of(plan.Status)}.")
        : plan.Sop.Checklist.IsEmpty ? throw new PlanRefusedException("plan_has_no_steps", "The plan has no steps to make tasks of.")
        : plan with { Status = plan.Status == PlanStatus.Draft ? PlanStatus.Approved : plan.Status, TasksCreatedAt = now };

    /// <summary>Steps so that each comes after those it depends on; of several that could come next, the one with the least number.</summary>
    /// <exception cref="PlanRefusedException">They depend on each other in a circle, or on what is not there, or two have one number.</exception>
    public static ImmutableArray<SopStep> InOrder(ImmutableArray<SopStep> steps)
    {
        var byNumber = new Dictionary<int, SopStep>();
        foreach (var step in steps)
        {
            if (!byNumber.TryAdd(step.StepNumber, step))
            {
                throw new PlanRefusedException("step_numbers_repeat", $"Two steps have the number {step.StepNumber}.");
            }
        }

        var open = byNumber.ToDictionary(pair => pair.Key, pair => pair.Value.Dependencies.Distinct().Count());
        var after = new Dictionary<int, List<int>>();
        foreach (var (number, dependency) in steps.SelectMany(step => step.Dependencies.Distinct(), (step, dependency) => (step.StepNumber, dependency)))
        {
            if (!byNumber.ContainsKey(dependency))
            {
                throw new PlanRefusedException("no_such_step", $"Step {number} depends on step {dependency}, which is not there.");
            }

            (after.TryGetValue(dependency, out var known) ? known : after[dependency] = []).Add(number);
        }

        var ready = new PriorityQueue<int, int>(open.Where(pair => pair.Value == 0).Select(pair => (pair.Key, pair.Key)));
        var ordered = ImmutableArray.CreateBuilder<SopStep>(steps.Length);
        while (ready.TryDequeue(out var number, out _))
        {
            ordered.Add(byNumber[number]);
            foreach (var next in after.GetValueOrDefault(number) ?? [])
            {
                if (--open[next] == 0)
                {
                    ready.Enqueue(next, next);
                }
            }
        }

        return ordered.Count == steps.Length ? ordered.MoveToImmutable() : throw new PlanRefusedException(
            "steps_depend_on_each_other", $"These steps depend on each other in a circle, or on such: {string.Join(", ", open.Where(pair => pair.Value > 0).Select(pair => pair.Key).Order().Take(20))}.");
    }

    /// <summary>A text, cut at a length, with a sign that it was.</summary>
    public static string Shortened(string text, int length)
    {
        var trimmed = text.Trim();
        if (trimmed.Length <= length)
        {
            return trimmed;
        }

        // Not between the halves of a surrogate pair.
        var end = char.IsHighSurrogate(trimmed[length - 2]) ? length - 2 : length - 1;
        return string.Concat(trimmed.AsSpan(0, end), "…");
    }

    // Hours that somebody changed are his; hours that are as they were rest on what they rested on.
    private static Sop WithBasis(Sop sop, Sop before)
    {
        var known = before.Checklist.ToLookup(step => (step.Title, step.EstimatedHours), step => step.Basis);
        return sop with
        {
            Checklist =
            [
                .. sop.Checklist.Select(step => step with
                {
                    Basis = known[(step.Title, step.EstimatedHours)].FirstOrDefault()
                        ?? new HoursBasis(step.EstimatedHours is null ? HoursSource.None : HoursSource.Given),
                }),
            ],
        };
    }
}
