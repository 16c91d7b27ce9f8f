using System.Collections.Immutable;
using Actors.Patterns;
using Actors.Runs;

namespace Actors.Planning.Tests;

public class LearnedHoursTests
{
    [Fact]
    public void without_runs_hours_are_the_workflows()
    {
        Assert.Equal((2m, new HoursBasis(HoursSource.Workflow)), Learned(2));
        Assert.Equal((null, new HoursBasis(HoursSource.None)), Learned(null));
    }

    [Fact]
    public void three_runs_and_more_speak_for_themselves_by_their_median() =>
        Assert.Equal((4m, new HoursBasis(HoursSource.Runs, 3, 0, 116.7)), Learned(2, 3, 4, 6));

    [Fact]
    public void with_one_or_two_runs_the_estimate_counts_as_one_more()
    {
        Assert.Equal((3m, new HoursBasis(HoursSource.Runs, 1, 0, 100)), Learned(2, 4));
        Assert.Equal((4m, new HoursBasis(HoursSource.Runs, 2, 0, 125)), Learned(2, 4, 5));
        Assert.Equal((4.5m, new HoursBasis(HoursSource.Runs, 2, 0, null)), Learned(null, 4, 5));
    }

    [Fact]
    public void what_is_more_than_three_times_the_median_or_less_than_a_third_is_left_out()
    {
        Assert.Equal((2m, new HoursBasis(HoursSource.Runs, 4, 2, 12.5)), Learned(2, 2, 2, 2, 3, 9.1m, 0.6m));
        // Two runs left: the estimate is asked again.
        Assert.Equal((3m, new HoursBasis(HoursSource.Runs, 2, 1, 75)), Learned(2, 3, 4, 30));
        // Just within.
        Assert.Equal((3m, new HoursBasis(HoursSource.Runs, 3, 0, null)), Learned(null, 1, 3, 9));
    }

    [Fact]
    public void of_two_runs_far_apart_neither_is_the_outlier() => Assert.Equal((2m, new HoursBasis(HoursSource.Runs, 2, 0, 175)), Learned(2, 1, 10));

    [Fact]
    public void a_run_that_tells_its_total_only_is_shared_out_by_the_steps_estimates()
    {
        var steps = ImmutableArray.Create(new WorkflowStep(1, "Ask", null, 1), new WorkflowStep(2, "Look", null, 3), new WorkflowStep(3, "Tell", null, null));
        var all = new CompletedRun(Guid.Empty, 8, [new(1, "Ask", 1, null), new(2, "Look", 3, null)]);
        var some = new CompletedRun(Guid.Empty, 8, [new(1, "Ask", 1, 5), new(2, "Look", 3, null)]);
        var unknown = new CompletedRun(Guid.Empty, 8, [new(1, "Ask", null, null), new(2, "Look", 3, null)]);

        Assert.Equal([1.5m, 4.5m, null], LearnedHours.Of(steps, [all]).Select(learned => learned.Hours));
        Assert.Equal([3m, 3m, null], LearnedHours.Of(steps, [some]).Select(learned => learned.Hours));
        Assert.Equal([1m, 3m, null], LearnedHours.Of(steps, [unknown]).Select(learned => learned.Hours));
        Assert.Equal([8m], LearnedHours.Of([new WorkflowStep(1, "Ask", null, null)], [new CompletedRun(Guid.Empty, 8, [new(1, "Ask", null, null)])]).Select(learned => learned.Hours));
    }

    [Fact]
    public void a_step_is_known_by_its_title_wherever_it_stands_and_by_its_place_among_its_like()
    {
        var steps = ImmutableArray.Create(new WorkflowStep(1, "Review", null, null), new WorkflowStep(2, "Write", null, null), new WorkflowStep(3, "review ", null, null));
        var run = new CompletedRun(Guid.Empty, 6, [new(1, "WRITE", null, 1), new(2, "Review", null, 2), new(3, "Review", null, 3)]);

        Assert.Equal([2m, 1m, 3m], LearnedHours.Of(steps, [run]).Select(learned => learned.Hours));
    }

    private static (decimal? Hours, HoursBasis Basis) Learned(decimal? estimate, params decimal[] actual) =>
        LearnedHours.Of(
            [new WorkflowStep(1, "Ask", null, estimate)],
            [.. actual.Select(hours => new CompletedRun(Guid.Empty, hours, [new RunStep(1, "Ask", estimate, hours)]))]).Single();
}
