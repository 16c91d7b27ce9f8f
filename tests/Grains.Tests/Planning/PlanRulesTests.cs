namespace Actors.Planning.Tests;

public class PlanRulesTests
{
    [Fact]
    public void steps_come_after_those_they_depend_on_and_else_by_their_number() =>
        Assert.Equal([2, 4, 1, 3], PlanRules.InOrder([Step(1, 4), Step(2), Step(3, 1, 2), Step(4, 2, 2)]).Select(step => step.StepNumber));

    [Fact]
    public void circles_gaps_and_repeated_numbers_are_refused()
    {
        Assert.Equal("steps_depend_on_each_other", Refusal(Step(1, 2), Step(2, 1), Step(3)));
        Assert.Equal("steps_depend_on_each_other", Refusal(Step(1, 1)));
        Assert.Equal("no_such_step", Refusal(Step(1, 7)));
        Assert.Equal("step_numbers_repeat", Refusal(Step(1), Step(1)));
    }

    [Fact]
    public void hours_that_were_left_keep_their_basis_and_others_are_given()
    {
        var learned = new HoursBasis(HoursSource.Runs, 3);
        var plan = Plan(Step(1) with { Title = "a", EstimatedHours = 2, Basis = learned }, Step(2) with { Title = "b", EstimatedHours = 2, Basis = learned });

        var changed = PlanRules.Change(plan, new PlanChange(Sop: plan.Sop with { Checklist = [Step(1) with { Title = "a", EstimatedHours = 2 }, Step(2) with { Title = "b", EstimatedHours = 5 }, Step(3)] }));

        Assert.Equal([learned, new HoursBasis(HoursSource.Given), new HoursBasis(HoursSource.None)], changed.Sop.Checklist.Select(step => step.Basis));
    }

    [Fact]
    public void a_plan_goes_from_draft_to_approved_and_to_tasks_once_and_away()
    {
        var draft = Plan(Step(1));
        var approved = PlanRules.Approve(draft, "fine");
        Assert.Equal((PlanStatus.Approved, "fine"), (approved.Status, approved.StatusNote));
        Assert.Equal("plan_not_draft", State(() => PlanRules.Approve(approved, null)));
        Assert.Equal("plan_not_draft", State(() => PlanRules.Change(approved, new PlanChange("x"))));
        var now = DateTimeOffset.UnixEpoch;
        var withTasks = PlanRules.WithTasks(draft, now);
        Assert.Equal((PlanStatus.Approved, now), (withTasks.Status, withTasks.TasksCreatedAt));
        Assert.Equal("plan_has_tasks", State(() => PlanRules.WithTasks(withTasks, now)));
        var archived = PlanRules.Archive(approved, null);
        Assert.Equal("plan_archived", State(() => PlanRules.Archive(archived, null)));
        Assert.Equal("plan_over", State(() => PlanRules.WithTasks(archived, now)));
    }

    [Theory]
    [InlineData("  abc ", 3, "abc")]
    [InlineData("abcd", 3, "ab…")]
    [InlineData("a\U0001F600b", 3, "a…")]
    public void a_long_text_is_cut_between_characters(string text, int length, string expected) => Assert.Equal(expected, PlanRules.Shortened(text, length));

    private static string Refusal(params SopStep[] steps) => Assert.Throws<PlanRefusedException>(() => { PlanRules.InOrder([.. steps]); }).Code;

    private static string State(Func<PlanRecord> act) => Assert.Throws<PlanStateException>(() => { act(); }).Code;

    private static SopStep Step(int number, params int[] dependencies) =>
        new(number, $"Step {number}", null, null, new HoursBasis(HoursSource.None), [.. dependencies], null, []);

    private static PlanRecord Plan(params SopStep[] steps) => new(
        Guid.Empty, "1", "t", "i", null, null, null, new Sop("n", "s", [.. steps], [], []), "{}", PlanStatus.Draft, null, "rules", null, default, default);
}
