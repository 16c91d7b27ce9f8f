using System.Collections.Immutable;
using System.Text.Json;
using Actors.Access;
using Actors.Http;
using Actors.Sessions;

namespace Actors.Planning;

/// <summary>Reads requests about plans.</summary>
internal static class PlanBinding
{
    public const int DefaultPage = 50;
    public const int MaxPage = 500;
    public const int MaxEngagementLength = Patterns.NewWorkflow.MaxNameLength;

    /// <summary>What to do when a language model is configured and fails.</summary>
    public static ImmutableArray<string> Fallbacks { get; } = ["none", "rules"];

    /// <summary>Whose runs hours are learned from.</summary>
    public static ImmutableArray<string> Teachers { get; } = ["client", "all"];

    public static NewPlan New(JsonElement element, IQueryCollection parameters, Caller caller)
    {
        var faults = new Faults();
        var query = new QueryReader(parameters, faults);
        var fallback = query.Choice("fallback", name => Fallbacks.IndexOf(name) is >= 0 and var i ? i : (int?)null, Fallbacks);
        query.RefuseOthers();
        var body = JsonObjectReader.OfBody(element, faults);
        var clientId = ClientIds.OfOneOrOnly(body, caller);
        var teachers = body.Choice("learn_from", name => Teachers.IndexOf(name) is >= 0 and var i ? i : (int?)null, Teachers);
        var plan = new NewPlan(
            clientId,
            body.Text("intent", NewPlan.MaxIntentLength, required: true) ?? "",
            body.Text("engagement_id", MaxEngagementLength),
            body.Id("workflow_id"),
            body.ObjectText("context") ?? "{}",
            clientId is null || teachers == 1 ? caller.Visibility : new ClientVisibility([clientId]),
            fallback == 1);
        if (plan.ContextJson.Length > NewPlan.MaxContextLength)
        {
            body.Fault("context", $"must have at most {NewPlan.MaxContextLength} characters as JSON");
        }

        body.RefuseOthers();
        faults.ThrowIfAny();
        return plan;
    }

    /// <summary>What is not there stays.</summary>
    public static PlanChange Change(JsonElement element)
    {
        var faults = new Faults();
        var body = JsonObjectReader.OfBody(element, faults);
        var change = new PlanChange(
            body.Has("plan_title") ? body.Text("plan_title", PlanChange.MaxTitleLength, required: true) : null,
            body.Any("sop") is { } sop ? SopBinding.Read(sop, "/sop", faults) : null);
        body.RefuseOthers();
        if (change is { Title: null, Sop: null } && !faults.Any)
        {
            faults.Add("", "must have plan_title or sop");
        }

        faults.ThrowIfAny();
        return change;
    }

    public static PlanDecision Decision(JsonElement element)
    {
        var faults = new Faults();
        var body = JsonObjectReader.OfBody(element, faults);
        var decision = new PlanDecision(body.Text("note", PlanDecision.MaxNoteLength));
        body.RefuseOthers();
        faults.ThrowIfAny();
        return decision;
    }

    public static NewPlanTasks Tasks(JsonElement element)
    {
        var faults = new Faults();
        var body = JsonObjectReader.OfBody(element, faults);
        var tasks = new NewPlanTasks(body.Id("project_id"));
        body.RefuseOthers();
        faults.ThrowIfAny();
        return tasks;
    }

    public static PlanListRequest List(IQueryCollection parameters, Caller caller)
    {
        var faults = new Faults();
        var query = new QueryReader(parameters, faults);
        var clientId = ClientIds.Of(query, required: false);
        var request = new PlanListRequest(
            caller.Visibility,
            clientId,
            query.Choice("status", PlanStatusNames.StatusOf, PlanStatusNames.All),
            query.Text("engagement_id", MaxEngagementLength),
            query.Id("workflow_id"),
            query.Integer("limit", 1, MaxPage) ?? DefaultPage,
            IdCursors.Read(query));
        query.RefuseOthers();
        faults.ThrowIfAny();
        if (clientId is not null)
        {
            caller.EnsureMayRead(clientId);
        }

        return request;
    }
}
