using System.Collections.Immutable;
using System.Text.Json;
using Actors.Http;
using Actors.Patterns;
using Actors.Runs;
using Actors.Work;

namespace Actors.Planning;

/// <summary>Reads a procedure as a request gives it: in the shape of the answers, so that one can be read, changed and sent back.</summary>
internal static class SopBinding
{
    /// <returns>Without a basis of its steps, which is the planner's to say; null with faults.</returns>
    public static Sop? Read(JsonElement element, string pointer, Faults faults)
    {
        if (JsonObjectReader.For(element, pointer, faults) is not { } body)
        {
            return null;
        }

        var sop = new Sop(
            body.Text("name", PlanChange.MaxTitleLength, required: true) ?? "",
            body.Text("summary", Sop.MaxSummaryLength) ?? "",
            Steps(body, pointer, faults),
            Texts(body, "assumptions", Sop.MaxRemarks, Sop.MaxRemarkLength),
            Texts(body, "risks", Sop.MaxRemarks, Sop.MaxRemarkLength));
        body.RefuseOthers();
        return sop;
    }

    private static ImmutableArray<SopStep> Steps(JsonObjectReader body, string pointer, Faults faults)
    {
        if (body.Any("checklist") is not { ValueKind: JsonValueKind.Array } list || list.GetArrayLength() > Sop.MaxSteps)
        {
            body.Fault("checklist", $"must be an array of at most {Sop.MaxSteps} steps");
            return [];
        }

        var steps = ImmutableArray.CreateBuilder<SopStep>();
        foreach (var (index, item) in list.EnumerateArray().Index())
        {
            if (JsonObjectReader.For(item, $"{pointer}/checklist/{index}", faults) is not { } step)
            {
                continue;
            }

            steps.Add(new SopStep(
                step.Integer("step_number", 1, Sop.MaxSteps) ?? index + 1,
                step.Text("title", WorkflowStep.MaxTitleLength, required: true) ?? "",
                step.Text("description", WorkflowStep.MaxDescriptionLength),
                (decimal?)step.Number("estimated_hours", 0, (double)NewRun.MaxHours),
                new HoursBasis(HoursSource.None),
                Numbers(step),
                step.Text("owner", NewTask.MaxOwnerLength),
                Texts(step, "tags", NewTask.MaxTags, NewTask.MaxTagLength)));
            step.ObjectText("basis");
            step.RefuseOthers();
        }

        return steps.ToImmutable();
    }

    private static ImmutableArray<int> Numbers(JsonObjectReader step)
    {
        if (step.Any("dependencies") is not { } list)
        {
            return [];
        }

        if (list.ValueKind == JsonValueKind.Array && list.GetArrayLength() <= NewTask.MaxDependencies
            && list.EnumerateArray().All(item => item.ValueKind == JsonValueKind.Number && item.TryGetInt32(out var number) && number is >= 1 and <= Sop.MaxSteps))
        {
            return [.. list.EnumerateArray().Select(item => item.GetInt32()).Distinct()];
        }

        step.Fault("dependencies", $"must be an array of at most {NewTask.MaxDependencies} step numbers of 1 to {Sop.MaxSteps}");
        return [];
    }

    private static ImmutableArray<string> Texts(JsonObjectReader body, string name, int max, int maxLength)
    {
        if (body.Any(name) is not { } list)
        {
            return [];
        }

        if (list.ValueKind == JsonValueKind.Array && list.GetArrayLength() <= max
            && list.EnumerateArray().All(item => item.ValueKind == JsonValueKind.String && item.GetString() is { Length: > 0 } text && text.Length <= maxLength))
        {
            return [.. list.EnumerateArray().Select(item => item.GetString()!)];
        }

        body.Fault(name, $"must be an array of at most {max} texts of 1 to {maxLength} characters");
        return [];
    }
}
