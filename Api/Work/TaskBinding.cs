using System.Text.Json;
using Actors.Access;
using Actors.Http;
using Actors.Runs;
using Actors.Sessions;

namespace Actors.Work;

/// <summary>Reads requests about tasks.</summary>
internal static class TaskBinding
{
    public static (string? ClientId, NewTask Task) New(JsonElement element, Caller caller)
    {
        var faults = new Faults();
        var body = JsonObjectReader.OfBody(element, faults);
        var clientId = ClientIds.OfOneOrOnly(body, caller);
        var task = new NewTask(
            body.Text("title", NewTask.MaxTitleLength, required: true) ?? "",
            body.Text("description", NewProject.MaxDescriptionLength),
            body.Id("project_id"),
            Status(body) ?? TaskState.Todo,
            Priority(body) ?? 0,
            body.Text("owner", NewTask.MaxOwnerLength),
            body.Texts("tags", NewTask.MaxTags, NewTask.MaxTagLength) ?? [],
            body.Ids("depends_on", NewTask.MaxDependencies, isSet: true) ?? [],
            RunBinding.Hours(body, "estimated_hours"),
            RunBinding.Hours(body, "actual_hours"),
            body.Time("due_at"),
            body.Time("scheduled_start_at"),
            body.Time("scheduled_end_at"));
        body.RefuseOthers();
        faults.ThrowIfAny();
        caller.EnsureMayRead(clientId);
        return (clientId, task);
    }

    /// <summary>What is not there stays; null takes away what may be missing.</summary>
    public static TaskChange Change(JsonElement element)
    {
        var faults = new Faults();
        var body = JsonObjectReader.OfBody(element, faults);
        var change = new TaskChange(
            body.Has("title") ? body.Text("title", NewTask.MaxTitleLength, required: true) : null,
            body.Given("description", name => body.Text(name, NewProject.MaxDescriptionLength)),
            body.Given("project_id", body.Id),
            Status(body),
            Priority(body),
            body.Given("owner", name => body.Text(name, NewTask.MaxOwnerLength)),
            body.Texts("tags", NewTask.MaxTags, NewTask.MaxTagLength) ?? default,
            body.Ids("depends_on", NewTask.MaxDependencies, isSet: true) ?? default,
            body.Given("estimated_hours", name => RunBinding.Hours(body, name)),
            body.Given("actual_hours", name => RunBinding.Hours(body, name)),
            body.Given("due_at", body.Time),
            body.Given("scheduled_start_at", body.Time),
            body.Given("scheduled_end_at", body.Time));
        body.RefuseOthers();
        faults.ThrowIfAny();
        return change;
    }

    public static TaskListRequest List(IQueryCollection parameters, Caller caller)
    {
        var faults = new Faults();
        var query = new QueryReader(parameters, faults);
        var request = new TaskListRequest(
            caller.Visibility,
            ClientIds.Of(query, required: false),
            query.Id("project_id"),
            query.Id("plan_id"),
            query.Choice("status", TaskStateNames.StateOf, TaskStateNames.All),
            query.Text("owner", NewTask.MaxOwnerLength),
            query.Text("tag", NewTask.MaxTagLength),
            query.Time("due_before"),
            query.Time("scheduled_from"),
            query.Time("scheduled_to"),
            SprintBinding.SprintOf(query),
            query.Choice("order", TaskOrderNames.OrderOf, TaskOrderNames.All) ?? TaskOrder.Newest,
            query.Integer("limit", 1, WorkApi.MaxPage) ?? WorkApi.DefaultPage,
            RowCursor.Of(query));
        query.RefuseOthers();
        faults.ThrowIfAny();
        caller.EnsureMayRead(request.ClientId);
        return request;
    }

    private static TaskState? Status(JsonObjectReader body) => body.Choice("status", TaskStateNames.StateOf, TaskStateNames.All);

    private static int? Priority(JsonObjectReader body) => body.Integer("priority", -NewTask.MaxPriority, NewTask.MaxPriority);
}
