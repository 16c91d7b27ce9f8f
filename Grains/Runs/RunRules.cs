using System.Collections.Immutable;
using System.Text.Json;
using System.Text.Json.Nodes;
using Actors.Sessions;

namespace Actors.Runs;

/// <summary>What may become of a run. Pure.</summary>
internal static class RunRules
{
    /// <summary>Most characters of a run's telemetry as JSON.</summary>
    public const int MaxTelemetryCharacters = 262_144;

    private static readonly JsonNodeOptions AnyCase = new() { PropertyNameCaseInsensitive = false };

    /// <summary>Whether a run of this status is over.</summary>
    public static bool HasEnded(RunStatus status) => status is RunStatus.Completed or RunStatus.Failed or RunStatus.Cancelled;

    /// <summary>The run with what became known; begun by it, if it was not.</summary>
    /// <exception cref="RunEndedException">It has ended.</exception>
    /// <exception cref="RunRefusedException">Its telemetry would be too large, or it has no such step.</exception>
    public static RunRecord Report(RunRecord run, RunReport report, DateTimeOffset now)
    {
        EnsureOpen(run);
        return With(run, report) with { Status = RunStatus.Running, StartedAt = run.StartedAt ?? now, UpdatedAt = now };
    }

    /// <summary>The run as it ends.</summary>
    /// <exception cref="RunEndedException">It has ended.</exception>
    /// <exception cref="RunRefusedException">It is to be completed and its hours are not known, or as for <see cref="Report"/>.</exception>
    public static RunRecord End(RunRecord run, RunEnd end, DateTimeOffset now)
    {
        EnsureOpen(run);
        var ended = With(run, end.LastReport) with { Status = end.Status, EndedAt = now, UpdatedAt = now };
        if (end.Reason is { } reason)
        {
            ended = ended with { TelemetryJson = Merged(ended.TelemetryJson, JsonSerializer.Serialize(new Dictionary<string, string> { ["reason"] = reason })) };
        }

        if (end.Status != RunStatus.Completed)
        {
            return ended;
        }

        return ended with
        {
            StartedAt = run.StartedAt ?? now,
            ActualHours = ended.ActualHours ?? SumOfSteps(ended.Steps) ?? throw new RunRefusedException(
                "actual_hours_required", "A completed run needs actual_hours, or those of each of its steps."),
        };
    }

    private static void EnsureOpen(RunRecord run)
    {
        if (HasEnded(run.Status))
        {
            throw new RunEndedException(run.Status);
        }
    }

    private static RunRecord With(RunRecord run, RunReport report) => run with
    {
        ActualHours = report.ActualHours ?? run.ActualHours,
        Steps = WithHours(run.Steps, report.Steps.IsDefault ? [] : report.Steps),
        TelemetryJson = report.TelemetryJson is { } telemetry ? Merged(run.TelemetryJson, telemetry) : run.TelemetryJson,
    };

    private static ImmutableArray<RunStep> WithHours(ImmutableArray<RunStep> steps, ImmutableArray<StepReport> reports)
    {
        foreach (var report in reports)
        {
            var step = steps.FirstOrDefault(step => step.StepNumber == report.StepNumber)
                ?? throw new RunRefusedException("no_such_step", $"The run has no step {report.StepNumber}.");
            steps = steps.Replace(step, step with { ActualHours = report.ActualHours });
        }

        return steps;
    }

    // Known only when each step's is.
    private static decimal? SumOfSteps(ImmutableArray<RunStep> steps) =>
        steps.IsEmpty ? null : steps.Aggregate((decimal?)0, (sum, step) => sum + step.ActualHours);

    private static string Merged(string telemetry, string patch)
    {
        if (!MetadataRules.NumbersAreReadable(patch))
        {
            throw new RunRefusedException("number_out_of_range", "The telemetry holds a number that no double can hold.");
        }

        // An operator may have written an array, which has no members to merge into.
        var merged = Patch(Known(telemetry) is JsonObject known ? known : [], JsonNode.Parse(patch, AnyCase)!.AsObject()).ToJsonString();
        return merged.Length <= MaxTelemetryCharacters ? merged : throw new RunRefusedException(
            "telemetry_too_large", $"A run's telemetry has at most {MaxTelemetryCharacters} characters as JSON; null takes a member away.");
    }

    private static JsonNode? Known(string telemetry)
    {
        try
        {
            return JsonNode.Parse(telemetry, AnyCase);
        }
        catch (JsonException)
        {
            throw new RunRefusedException("telemetry_not_readable", "The telemetry, written by SQL, is nested too deeply to be merged into.");
        }
    }

    // RFC 7396.
    private static JsonObject Patch(JsonObject target, JsonObject patch)
    {
        foreach (var (name, value) in patch)
        {
            target[name] = value switch
            {
                null => null,
                JsonObject inner => Patch(target[name] as JsonObject is { } known ? (JsonObject)known.DeepClone() : [], inner),
                _ => value.DeepClone(),
            };
            if (value is null)
            {
                target.Remove(name);
            }
        }

        return target;
    }
}
