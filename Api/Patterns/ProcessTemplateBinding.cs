using System.Text.Json;
using Actors.Http;

namespace Actors.Patterns;

/// <summary>Reads requests about process templates.</summary>
internal static class ProcessTemplateBinding
{
    // What a template is made with.
    public const string DefaultStatus = "active";

    public static NewInstance Instance(JsonElement element)
    {
        var faults = new Faults();
        var body = JsonObjectReader.OfBody(element, faults);
        var instance = new NewInstance(
            body.Text("engagement_id", NewWorkflow.MaxNameLength, required: true) ?? "",
            body.Id("project_id"),
            body.Text("name", NewWorkflow.MaxNameLength));
        body.RefuseOthers();
        faults.ThrowIfAny();
        return instance;
    }

    public static NewTemplate New(JsonElement element)
    {
        var faults = new Faults();
        var body = JsonObjectReader.OfBody(element, faults);
        var template = new NewTemplate(
            body.Text("name", NewWorkflow.MaxNameLength, required: true) ?? "",
            StepsBinding.Read(body, "checklist", faults, required: true) ?? [],
            body.Id("workflow_id"),
            body.Text("engagement_id", NewWorkflow.MaxNameLength),
            body.Id("project_id"),
            Status(body) ?? DefaultStatus);
        body.RefuseOthers();
        faults.ThrowIfAny();
        return template;
    }

    /// <summary>What is not there stays; null takes a workflow, an engagement or a project away.</summary>
    public static TemplateChange Change(JsonElement element)
    {
        var faults = new Faults();
        var body = JsonObjectReader.OfBody(element, faults);
        var change = new TemplateChange(
            body.Has("name") ? body.Text("name", NewWorkflow.MaxNameLength, required: true) : null,
            StepsBinding.Read(body, "checklist", faults) ?? default,
            body.Given("workflow_id", body.Id),
            body.Given("engagement_id", name => body.Text(name, NewWorkflow.MaxNameLength)),
            body.Given("project_id", body.Id),
            Status(body));
        body.RefuseOthers();
        faults.ThrowIfAny();
        return change;
    }

    public static TemplateListRequest List(IQueryCollection parameters)
    {
        var faults = new Faults();
        var query = new QueryReader(parameters, faults);
        var request = new TemplateListRequest(
            query.Text("engagement_id", NewWorkflow.MaxNameLength),
            StatusAt(query.Choice("status", IndexOf, TemplateRecord.Statuses)),
            query.Id("workflow_id"),
            query.Integer("limit", 1, PatternBinding.MaxPage) ?? PatternBinding.DefaultPage,
            IdCursors.Read(query));
        query.RefuseOthers();
        faults.ThrowIfAny();
        return request;
    }

    private static string? Status(JsonObjectReader body) => StatusAt(body.Choice("status", IndexOf, TemplateRecord.Statuses));

    private static int? IndexOf(string status) => TemplateRecord.Statuses.IndexOf(status) is >= 0 and var i ? i : null;

    private static string? StatusAt(int? index) => index is { } i ? TemplateRecord.Statuses[i] : null;
}
