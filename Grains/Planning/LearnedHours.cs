using System.Collections.Immutable;
using Actors.Patterns;
using Actors.Runs;

namespace Actors.Planning;

/// <summary>A completed run to learn hours from.</summary>
/// <param name="OriginId">First version of the workflow it went by.</param>
/// <param name="ActualHours">How long all of it took.</param>
/// <param name="Steps">Its steps.</param>
internal sealed record CompletedRun(Guid OriginId, decimal ActualHours, ImmutableArray<RunStep> Steps);

/// <summary>
/// How long steps will take, judged by runs that were completed. Pure. docs/planner.md tells the rule:
/// the median of what the step took; of <see cref="FewRuns"/> runs and more, one that took over <see cref="OutlierFactor"/> times the median
/// of all, or less than that part of it, is left out; and with fewer than <see cref="FewRuns"/> left the workflow's own estimate counts as
/// one more of them.
/// A run that tells only how long all of it took is shared out over its steps by their estimates. All numbers are hand-set.
/// </summary>
internal static class LearnedHours
{
    /// <summary>How many times the median is out of the usual.</summary>
    public const int OutlierFactor = 3;

    /// <summary>From so many runs on, an estimate has no voice.</summary>
    public const int FewRuns = 3;

    /// <summary>Hours of each step, and what they rest on.</summary>
    /// <param name="steps">Steps of a workflow, or of a checklist made of it.</param>
    /// <param name="runs">Its completed runs. A step is known by its title; of several with the same title, by its place among them.</param>
    public static ImmutableArray<(decimal? Hours, HoursBasis Basis)> Of(ImmutableArray<WorkflowStep> steps, ImmutableArray<CompletedRun> runs)
    {
        var samples = runs.SelectMany(SamplesOf).ToLookup(sample => sample.Key);
        return [.. KeysOf(steps.Select(step => step.Title)).Zip(steps, (key, step) => Judge(step.EstimatedHours, [.. samples[key]]))];
    }

    /// <summary>The middle of a list, or the mean of the two in its middle.</summary>
    public static decimal Median(IEnumerable<decimal> values)
    {
        var ordered = values.Order().ToArray();
        var middle = ordered.Length / 2;
        return ordered.Length % 2 == 1 ? ordered[middle] : (ordered[middle - 1] + ordered[middle]) / 2;
    }

    private static (decimal? Hours, HoursBasis Basis) Judge(decimal? estimate, Sample[] samples)
    {
        if (samples.Length == 0)
        {
            return (estimate, new HoursBasis(estimate is null ? HoursSource.None : HoursSource.Workflow));
        }

        // Of two runs far apart nobody can say which is the usual one.
        var middle = Median(samples.Select(sample => sample.Actual));
        var usual = samples.Length < FewRuns
            ? samples
            : Array.FindAll(samples, sample => sample.Actual <= middle * OutlierFactor && sample.Actual * OutlierFactor >= middle);
        var voices = usual.Select(sample => sample.Actual);
        if (usual.Length < FewRuns && estimate is { } known)
        {
            voices = voices.Append(known);
        }

        var variances = usual.Where(sample => sample.Estimated > 0).Select(sample => (double)(sample.Actual - sample.Estimated!.Value) / (double)sample.Estimated.Value * 100).ToArray();
        return (
            Math.Round(Median(voices), 2),
            new HoursBasis(HoursSource.Runs, usual.Length, samples.Length - usual.Length, variances.Length == 0 ? null : Math.Round(variances.Average(), 1)));
    }

    private static IEnumerable<Sample> SamplesOf(CompletedRun run)
    {
        var open = run.Steps.Where(step => step.ActualHours is null).ToArray();
        var (rest, estimated) = (run.ActualHours - run.Steps.Sum(step => step.ActualHours ?? 0), open.Sum(step => step.EstimatedHours ?? 0));
        // Without an estimate for each there is nothing to share several by.
        var share = rest > 0 && estimated > 0 && open.All(step => step.EstimatedHours is not null) ? rest / estimated : (decimal?)null;
        return from pair in KeysOf(run.Steps.Select(step => step.Title)).Zip(run.Steps)
               let actual = pair.Second.ActualHours ?? (open.Length == 1 && rest > 0 ? rest : pair.Second.EstimatedHours * share)
               where actual is not null
               select new Sample(pair.First, actual.Value, pair.Second.EstimatedHours);
    }

    private static IEnumerable<(string Title, int Place)> KeysOf(IEnumerable<string> titles)
    {
        var seen = new Dictionary<string, int>(StringComparer.OrdinalIgnoreCase);
        foreach (var title in titles)
        {
            var known = title.Trim().ToUpperInvariant();
            yield return (known, seen[known] = seen.GetValueOrDefault(known) + 1);
        }
    }

    private sealed record Sample((string Title, int Place) Key, decimal Actual, decimal? Estimated);
}
