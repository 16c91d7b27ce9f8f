using System.Collections.Immutable;
using System.Text.Json;
using Actors.Http;
using Actors.Runs;

namespace Actors.Patterns;

/// <summary>Reads steps, of a workflow or of a process template.</summary>
internal static class StepsBinding
{
    /// <param name="body">The body.</param>
    /// <param name="name">The member that holds them.</param>
    /// <param name="faults">Takes what is wrong with them.</param>
    /// <param name="required">Whether they must be given.</param>
    /// <returns>The steps; null: not given, or faulty.</returns>
    public static ImmutableArray<WorkflowStep>? Read(JsonObjectReader body, string name, Faults faults, bool required = false)
    {
        if (body.Any(name) is not { } list)
        {
            if (required)
            {
                body.Fault(name, "is required");
            }

            return null;
        }

        if (list.ValueKind != JsonValueKind.Array || list.GetArrayLength() > WorkflowStep.MaxSteps)
        {
            body.Fault(name, $"must be an array of at most {WorkflowStep.MaxSteps} steps");
            return null;
        }

        var steps = ImmutableArray.CreateBuilder<WorkflowStep>();
        foreach (var (index, item) in list.EnumerateArray().Index())
        {
            if (JsonObjectReader.For(item, $"/{name}/{index}", faults) is not { } step)
            {
                continue;
            }

            steps.Add(new WorkflowStep(
                step.Integer("order", 1, WorkflowStep.MaxSteps) ?? index + 1,
                step.Text("title", WorkflowStep.MaxTitleLength, required: true) ?? "",
                step.Text("description", WorkflowStep.MaxDescriptionLength),
                (decimal?)step.Number("estimated_hrs", 0, (double)NewRun.MaxHours)));
            step.RefuseOthers();
        }

        // Numbered anew, in the order that was meant.
        return [.. steps.OrderBy(step => step.Order).Select((step, i) => step with { Order = i + 1 })];
    }
}
