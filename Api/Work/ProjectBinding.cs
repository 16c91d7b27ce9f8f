using System.Text.Json;
using Actors.Access;
using Actors.Http;
using Actors.Sessions;

namespace Actors.Work;

/// <summary>Reads requests about projects.</summary>
internal static class ProjectBinding
{
    public static (string? ClientId, NewProject Project) New(JsonElement element, Caller caller)
    {
        var faults = new Faults();
        var body = JsonObjectReader.OfBody(element, faults);
        var clientId = ClientIds.OfOneOrOnly(body, caller);
        var project = new NewProject(
            body.Text("name", NewProject.MaxNameLength, required: true) ?? "",
            body.Text("description", NewProject.MaxDescriptionLength),
            body.Flag("billable") ?? true,
            Status(body) ?? ProjectStatus.Active);
        body.RefuseOthers();
        faults.ThrowIfAny();
        caller.EnsureMayRead(clientId);
        return (clientId, project);
    }

    /// <summary>What is not there stays; null takes a description away.</summary>
    public static ProjectChange Change(JsonElement element)
    {
        var faults = new Faults();
        var body = JsonObjectReader.OfBody(element, faults);
        var change = new ProjectChange(
            body.Has("name") ? body.Text("name", NewProject.MaxNameLength, required: true) : null,
            body.Given("description", name => body.Text(name, NewProject.MaxDescriptionLength)),
            body.Flag("billable"),
            Status(body));
        body.RefuseOthers();
        faults.ThrowIfAny();
        return change;
    }

    public static ProjectListRequest List(IQueryCollection parameters, Caller caller)
    {
        var faults = new Faults();
        var query = new QueryReader(parameters, faults);
        var request = new ProjectListRequest(
            caller.Visibility,
            ClientIds.Of(query, required: false),
            query.Choice("status", ProjectStatusNames.StatusOf, ProjectStatusNames.All),
            query.Flag("billable"),
            query.Integer("limit", 1, WorkApi.MaxPage) ?? WorkApi.DefaultPage,
            RowCursor.Of(query));
        query.RefuseOthers();
        faults.ThrowIfAny();
        caller.EnsureMayRead(request.ClientId);
        return request;
    }

    private static ProjectStatus? Status(JsonObjectReader body) => body.Choice("status", ProjectStatusNames.StatusOf, ProjectStatusNames.All);
}
