using System.Collections.Immutable;
using System.Text.Json;
using Actors.Http;

namespace Actors.Patterns;

/// <summary>Reads requests about patterns.</summary>
internal static class PatternBinding
{
    public const int DefaultPage = 50;
    public const int MaxPage = 500;
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
            StepsBinding.Read(body, "steps", faults) ?? []);
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
            StepsBinding.Read(body, "steps", faults) ?? default);
        body.RefuseOthers();
        faults.ThrowIfAny();
        return change;
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
            IdCursors.Read(query));
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
        var (limit, after) = (query.Integer("limit", 1, MaxPage) ?? DefaultPage, IdCursors.Read(query));
        query.RefuseOthers();
        faults.ThrowIfAny();
        return (status, limit, after);
    }

    private static WorkflowStatus? Status(JsonObjectReader body) => body.Choice("status", WorkflowStatusNames.StatusOf, WorkflowStatusNames.All);

    // Null: not given.
    private static ImmutableArray<Guid>? SequenceOf(JsonObjectReader body)
    {
        if (body.Any("workflow_sequence") is not { } list)
        {
            return null;
        }

        if (list.ValueKind != JsonValueKind.Array || list.GetArrayLength() > Patterns.NewBlueprint.MaxWorkflows)
        {
            body.Fault("workflow_sequence", $"must be an array of at most {Patterns.NewBlueprint.MaxWorkflows} workflow ids");
            return null;
        }

        var ids = ImmutableArray.CreateBuilder<Guid>();
        foreach (var (index, item) in list.EnumerateArray().Index())
        {
            if (item.ValueKind == JsonValueKind.String && Guid.TryParseExact(item.GetString(), "D", out var id))
            {
                ids.Add(id);
            }
            else
            {
                body.FaultAt("workflow_sequence", index, "must be a UUID");
            }
        }

        return ids.ToImmutable();
    }
}
