using System.Collections.Immutable;
using System.Text.Json;
using System.Text.Json.Nodes;
using Actors.Runs;

namespace Actors.Patterns;

/// <summary>Steps as <c>workflows.steps</c> and <c>process_templates.checklist</c> hold them: a JSON array of objects.</summary>
internal static class StepsJson
{
    // Postgres' own limit is the memory its parser may take.
    private static readonly JsonDocumentOptions AnyDepth = new() { MaxDepth = int.MaxValue };

    /// <summary>Steps as JSON, numbered from 1 in their order.</summary>
    public static string Write(ImmutableArray<WorkflowStep> steps) => new JsonArray([.. steps.Select((step, i) => (JsonNode)new JsonObject
    {
        ["order"] = i + 1,
        ["title"] = step.Title,
        ["description"] = step.Description,
        ["estimated_hrs"] = step.EstimatedHours,
    })]).ToJsonString();

    /// <summary>Steps from JSON. What an operator wrote freely is read as far as it can be: without a title it is "Step n", hours that are no number are none.</summary>
    public static ImmutableArray<WorkflowStep> Read(string json)
    {
        using var document = JsonDocument.Parse(json, AnyDepth);
        return [.. document.RootElement.EnumerateArray().Select((item, i) => new WorkflowStep(i + 1, Text(item, "title") ?? $"Step {i + 1}", Text(item, "description"), Hours(item)))];
    }

    private static string? Text(JsonElement item, string name) =>
        item.ValueKind == JsonValueKind.Object && item.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String && value.GetString() is { Length: > 0 } text
            ? text
            : null;

    private static decimal? Hours(JsonElement item) =>
        item.ValueKind == JsonValueKind.Object && item.TryGetProperty("estimated_hrs", out var value) && value.ValueKind == JsonValueKind.Number && value.TryGetDecimal(out var hours)
            ? Math.Clamp(hours, 0, NewRun.MaxHours)
            : null;
}
