using Actors.Access;
using Actors.Patterns;

namespace Actors.Planning.Tests;

public class RulePlanWriterTests
{
    [Fact]
    public void a_part_stands_in_for_the_step_that_is_called_as_it_is_and_others_follow()
    {
        var whole = Workflow("Onboarding", null, "Contract", "accounts ", "Report");
        var accounts = Workflow("Accounts", whole, "Request", "Try");
        var letters = Workflow("Letters", whole, "Write");
        var trial = Workflow("Try", accounts, "Sign in");

        var sop = RulePlanWriter.Write(Material(whole, accounts, trial, letters));

        Assert.Equal(["Contract", "Request", "Sign in", "Report", "Write"], sop.Checklist.Select(step => step.Title));
        Assert.Equal([1, 2, 3, 4, 5], sop.Checklist.Select(step => step.StepNumber));
        Assert.Equal([[], [1], [2], [3], [4]], sop.Checklist.Select(step => step.Dependencies.ToArray()));
        Assert.Equal(["", "Accounts", "Try", "", "Letters"], sop.Checklist.Select(step => string.Join(',', step.Tags)));
    }

    [Fact]
    public void a_part_without_steps_takes_no_step_away()
    {
        var whole = Workflow("Onboarding", null, "Accounts");
        Assert.Equal(["Accounts"], RulePlanWriter.Write(Material(whole, Workflow("Accounts", whole))).Checklist.Select(step => step.Title));
    }

    [Fact]
    public void a_plan_has_no_more_steps_than_a_plan_may_have()
    {
        var whole = Workflow("Much", null, [.. Enumerable.Range(1, 400).Select(i => $"Step {i}")]);
        var more = Workflow("More", whole, [.. Enumerable.Range(1, 400).Select(i => $"Other {i}")]);

        var sop = RulePlanWriter.Write(Material(whole, more));

        Assert.Equal(Sop.MaxSteps, sop.Checklist.Length);
        Assert.Contains("A plan has at most 500 steps; 300 of the workflow's are left out.", sop.Risks);
    }

    private static PlanMaterial Material(params WorkflowRecord[] workflows) => new(
        new NewPlan("1", "Onboard Ada", null, null, "{}", new ClientVisibility(["1"])), default,
        workflows is [] ? null : new WorkflowMaterial(workflows[0], null, [.. workflows.Select(workflow => new PartMaterial(workflow, workflow.Steps, []))]), [], [], [], [], []);

    private static WorkflowRecord Workflow(string name, WorkflowRecord? whole, params string[] steps)
    {
        var id = Guid.CreateVersion7();
        return new WorkflowRecord(
            id, id, 1, name, null, null, whole?.Id, WorkflowStatus.Active, [.. steps.Select((title, i) => new WorkflowStep(i + 1, title, null, 1))], default, default);
    }
}
