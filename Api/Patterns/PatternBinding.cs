using System.Collections.Immutable;
using System.Text.Json;
using Actors.Http;
using Actors.Runs;

namespace Actors.Patterns;

/// <summary>Reads requests about patterns.</summary>
internal static class PatternBinding
{
    public const int DefaultPage = 50;
    public const int MaxPage = 500;
    public const int MaxCursorLength = 64;
    public const int MaxQueryLength = 1_024;

    public static NewWorkflow NewWorkflow(JsonElement element)
    {
        var faults = new Faults();
        var body = JsonObjectReader.OfBody(element, faults);
        var workflow = new NewWorkflow(
            body.Text("name", Patterns.NewWorkflow.MaxNameLength, required: true) ?? "",
            body.Text("description", WorkflowStep.MaxDescriptionLength),
            body.Text("capability", Patterns.NewWorkflow.MaxNameLength),
            body.Id("parent_workflow_id"),
            Status(body) ?? WorkflowStatus.Active,
            StepsOf(body, faults) ?? []);
        body.RefuseOthers();
        faults.ThrowIfAny();
        return workflow;
    }

    /// <summary>What is not there stays; null takes a description, a capability or a parent away.</summary>
    public static WorkflowChange WorkflowChange(JsonElement element)
    {
        var faults = new Faults();
        var body = JsonObjectReader.OfBody(element, faults);
        var change = new WorkflowChange(
            body.Has("name") ? body.Text("name", Patterns.NewWorkflow.MaxNameLength, required: true) : null,
            body.Given("description", name => body.Text(name, WorkflowStep.MaxDescriptionLength)),
            body.Given("capability", name => body.Text(name, Patterns.NewWorkflow.MaxNameLength)),
            body.Given("parent_workflow_id", body.Id),
            Status(body),
            StepsOf(body, faults) ?? default);
        body.RefuseOthers();
        faults.ThrowIfAny();
        return change;
    }

    public static NewInstance Instance(JsonElement element)
    {
        var faults = new Faults();
        var body = JsonObjectReader.OfBody(element, faults);
        var instance = new NewInstance(
            body.Text("engagement_id", Patterns.NewWorkflow.MaxNameLength, required: true) ?? "",
            body.Id("project_id"),
            body.Text("name", Patterns.NewWorkflow.MaxNameLength));
        body.RefuseOthers();
        faults.ThrowIfAny();
        return instance;
    }

    public static WorkflowListRequest Workflows(IQueryCollection parameters)
    {
        var faults = new Faults();
        var query = new QueryReader(parameters, faults);
        var request = new WorkflowListRequest(
            query.Text("capability", Patterns.NewWorkflow.MaxNameLength),
            query.Text("query", MaxQueryLength),
            query.Choice("status", WorkflowStatusNames.StatusOf, WorkflowStatusNames.All),
            query.Id("parent_workflow_id"),
            query.Integer("limit", 1, MaxPage) ?? DefaultPage,
            After(query));
        query.RefuseOthers();
        faults.ThrowIfAny();
        return request;
    }

    public static TemplateListRequest Templates(IQueryCollection parameters)
    {
        var faults = new Faults();
        var query = new QueryReader(parameters, faults);
        var status = query.Choice("status", name => TemplateRecord.Statuses.IndexOf(name) is >= 0 and var i ? i : (int?)null, TemplateRecord.Statuses);
        var request = new TemplateListRequest(
            query.Text("engagement_id", Patterns.NewWorkflow.MaxNameLength),
            status is { } index ? TemplateRecord.Statuses[index] : null,
            query.Id("workflow_id"),
            query.Integer("limit", 1, MaxPage) ?? DefaultPage,
            After(query));
        query.RefuseOthers();
        faults.ThrowIfAny();
        return request;
    }

    public static NewBlueprint NewBlueprint(JsonElement element)
    {
        var faults = new Faults();
        var body = JsonObjectReader.OfBody(element, faults);
        var blueprint = new NewBlueprint(
            body.Text("name", Patterns.NewWorkflow.MaxNameLength, required: true) ?? "",
            body.Text("description", WorkflowStep.MaxDescriptionLength),
            Status(body) ?? WorkflowStatus.Active,
            body.Ids("workflow_sequence", Patterns.NewBlueprint.MaxWorkflows) ?? []);
        body.RefuseOthers();
        faults.ThrowIfAny();
        return blueprint;
    }

    /// <summary>What is not there stays; null takes a description away.</summary>
    public static BlueprintChange BlueprintChange(JsonElement element)
    {
        var faults = new Faults();
        var body = JsonObjectReader.OfBody(element, faults);
        var change = new BlueprintChange(
            body.Has("name") ? body.Text("name", Patterns.NewWorkflow.MaxNameLength, required: true) : null,
            body.Given("description", name => body.Text(name, WorkflowStep.MaxDescriptionLength)),
            Status(body),
            body.Ids("workflow_sequence", Patterns.NewBlueprint.MaxWorkflows) ?? default);
        body.RefuseOthers();
        faults.ThrowIfAny();
        return change;
    }

    public static (WorkflowStatus? Status, int Limit, Guid? After) Blueprints(IQueryCollection parameters)
    {
        var faults = new Faults();
        var query = new QueryReader(parameters, faults);
        var status = query.Choice("status", WorkflowStatusNames.StatusOf, WorkflowStatusNames.All);
        var (limit, after) = (query.Integer("limit", 1, MaxPage) ?? DefaultPage, After(query));
        query.RefuseOthers();
        faults.ThrowIfAny();
        return (status, limit, after);
    }

    public static string Cursor(Guid after) => after.ToString("N");

    private static WorkflowStatus? Status(JsonObjectReader body) => body.Choice("status", WorkflowStatusNames.StatusOf, WorkflowStatusNames.All);

    // Null: not given.
    private static ImmutableArray<WorkflowStep>? StepsOf(JsonObjectReader body, Faults faults)
    {
        if (body.Any("steps") is not { } list)
        {
            return null;
        }

        if (list.ValueKind != JsonValueKind.Array || list.GetArrayLength() > WorkflowStep.MaxSteps)
        {
            body.Fault("steps", $"must be an array of at most {WorkflowStep.MaxSteps} steps");
            return null;
        }

        var steps = ImmutableArray.CreateBuilder<WorkflowStep>();
        foreach (var (index, item) in list.EnumerateArray().Index())
        {
            if (JsonObjectReader.For(item, $"/steps/{index}", faults) is not { } step)
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

    private static Guid? After(QueryReader query)
    {
        if (query.Text("cursor", MaxCursorLength) is not { } cursor)
        {
            return null;
        }

        if (Guid.TryParseExact(cursor, "N", out var after))
        {
            return after;
        }

        query.Fault("cursor", "must be a next_cursor of this list");
        return null;
    }
}
