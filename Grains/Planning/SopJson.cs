using System.Collections.Immutable;
using System.Text.Json;
using System.Text.Json.Nodes;
using Actors.Runs;

namespace Actors.Planning;

/// <summary>A procedure as <c>plans.sop</c> holds it: a JSON object with the names of the API.</summary>
internal static class SopJson
{
    // Postgres' own limit is the memory its parser may take.
    private static readonly JsonDocumentOptions AnyDepth = new() { MaxDepth = int.MaxValue };

    /// <summary>A procedure as JSON.</summary>
    public static string Write(Sop sop) => new JsonObject
    {
        ["name"] = sop.Name,
        ["summary"] = sop.Summary,
        ["checklist"] = new JsonArray([.. sop.Checklist.Select(Node)]),
        ["assumptions"] = Texts(sop.Assumptions),
        ["risks"] = Texts(sop.Risks),
    }.ToJsonString();

    /// <summary>
    /// A procedure from JSON. What an operator wrote freely is read as far as it can be: what is missing is empty, a step without a title
    /// is "Step n", one without a number gets a free one, and what is no step's number is no dependency.
    /// </summary>
    public static Sop Read(string json)
    {
        using var document = JsonDocument.Parse(json, AnyDepth);
        var root = document.RootElement;
        var numbers = new HashSet<int>();
        var read = Items(root, "checklist").Select(Step).Select(step => numbers.Add(step.StepNumber) ? step : step with { StepNumber = 0 }).ToArray();
        // Steps without a number of their own get one that is free.
        var free = Enumerable.Range(1, read.Length).Where(numbers.Add).GetEnumerator();
        SopStep[] steps = [.. read.Select(step => step.StepNumber == 0 && free.MoveNext() ? step with { StepNumber = free.Current } : step)];
        return new Sop(
            Text(root, "name") ?? "",
            Text(root, "summary") ?? "",
            [.. steps.Select(step => step with { Dependencies = [.. step.Dependencies.Where(number => number != step.StepNumber && numbers.Contains(number))] })],
            Strings(root, "assumptions"),
            Strings(root, "risks"));
    }

    private static JsonNode Node(SopStep step) => new JsonObject
    {
        ["step_number"] = step.StepNumber,
        ["title"] = step.Title,
        ["description"] = step.Description,
        ["estimated_hours"] = step.EstimatedHours,
        ["basis"] = new JsonObject
        {
            ["source"] = HoursSourceNames.Of(step.Basis.Source),
            ["runs"] = step.Basis.Runs,
            ["outliers"] = step.Basis.Outliers,
            ["mean_variance_pct"] = step.Basis.MeanVariancePct,
        },
        ["dependencies"] = new JsonArray([.. step.Dependencies.Select(number => (JsonNode)number)]),
        ["owner"] = step.Owner,
        ["tags"] = Texts(step.Tags),
    };

    private static JsonArray Texts(ImmutableArray<string> texts) => new([.. texts.Select(text => (JsonNode)text)]);

    private static SopStep Step(JsonElement item, int index)
    {
        var basis = item.ValueKind == JsonValueKind.Object && item.TryGetProperty("basis", out var found) ? found : default;
        return new SopStep(
            Integer(item, "step_number") is >= 1 and var number ? number : index + 1,
            Text(item, "title") ?? $"Step {index + 1}",
            Text(item, "description"),
            Hours(item),
            new HoursBasis(
                HoursSourceNames.SourceOf(Text(basis, "source") ?? "") ?? (Hours(item) is null ? HoursSource.None : HoursSource.Given),
                Integer(basis, "runs") ?? 0,
                Integer(basis, "outliers") ?? 0,
                Member(basis, "mean_variance_pct", JsonValueKind.Number) is { } variance && variance.TryGetDouble(out var pct) && double.IsFinite(pct) ? pct : null),
            [.. Items(item, "dependencies").Where(n => n.ValueKind == JsonValueKind.Number).Select(n => n.TryGetInt32(out var value) ? value : 0).Distinct()],
            Text(item, "owner"),
            Strings(item, "tags"));
    }

    private static decimal? Hours(JsonElement item) =>
        Member(item, "estimated_hours", JsonValueKind.Number) is { } value && value.TryGetDecimal(out var hours) ? Math.Clamp(hours, 0, NewRun.MaxHours) : null;

    private static int? Integer(JsonElement item, string name) =>
        Member(item, name, JsonValueKind.Number) is { } value && value.TryGetInt32(out var number) ? number : null;

    private static string? Text(JsonElement item, string name) =>
        Member(item, name, JsonValueKind.String)?.GetString() is { Length: > 0 } text ? text : null;

    private static ImmutableArray<string> Strings(JsonElement item, string name) =>
        [.. Items(item, name).Where(text => text.ValueKind == JsonValueKind.String).Select(text => text.GetString()!)];

    private static IEnumerable<JsonElement> Items(JsonElement item, string name) =>
        Member(item, name, JsonValueKind.Array) is { } list ? list.EnumerateArray() : Enumerable.Empty<JsonElement>();

    private static JsonElement? Member(JsonElement item, string name, JsonValueKind kind) =>
        item.ValueKind == JsonValueKind.Object && item.TryGetProperty(name, out var value) && value.ValueKind == kind ? value : null;
}
