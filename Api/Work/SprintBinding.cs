using System.Text.Json;
using Actors.Access;
using Actors.Http;
using Actors.Runs;
using Actors.Sessions;

namespace Actors.Work;

/// <summary>Reads requests about sprints.</summary>
internal static class SprintBinding
{
    /// <summary>The week it is now, in the configured zone.</summary>
    public const string Current = "current";

    public const int MaxCursorLength = 64;

    private const string Expected = "must be a week such as 2026-W48, of the years 1900 to 9998; not every year has a W53";

    public static (string? ClientId, NewSprint Sprint) New(JsonElement element, Caller caller)
    {
        var faults = new Faults();
        var body = JsonObjectReader.OfBody(element, faults);
        var clientId = ClientIds.OfOneOrOnly(body, caller);
        var week = WeekOf(body.Text("sprint_id", int.MaxValue, required: true), "sprint_id", body);
        var sprint = new NewSprint(
            week!,
            body.Text("name", NewProject.MaxNameLength),
            body.Text("goal", NewProject.MaxDescriptionLength),
            Status(body) ?? SprintStatus.Planned,
            RunBinding.Hours(body, "capacity_hours") ?? 0);
        body.RefuseOthers();
        faults.ThrowIfAny();
        caller.EnsureMayRead(clientId);
        return (clientId, sprint);
    }

    /// <summary>What is not there stays; null takes a goal away.</summary>
    public static SprintChange Change(JsonElement element)
    {
        var faults = new Faults();
        var body = JsonObjectReader.OfBody(element, faults);
        var change = new SprintChange(
            body.Has("name") ? body.Text("name", NewProject.MaxNameLength, required: true) : null,
            body.Given("goal", name => body.Text(name, NewProject.MaxDescriptionLength)),
            Status(body),
            RunBinding.Hours(body, "capacity_hours"));
        body.RefuseOthers();
        faults.ThrowIfAny();
        return change;
    }

    public static SprintListRequest List(IQueryCollection parameters, Caller caller)
    {
        var faults = new Faults();
        var query = new QueryReader(parameters, faults);
        var request = new SprintListRequest(
            caller.Visibility,
            ClientIds.Of(query, required: false),
            query.Choice("status", SprintStatusNames.StatusOf, SprintStatusNames.All),
            WeekOf(query, "from"),
            WeekOf(query, "to"),
            query.Integer("limit", 1, WorkApi.MaxPage) ?? WorkApi.DefaultPage,
            After(query));
        query.RefuseOthers();
        faults.ThrowIfAny();
        caller.EnsureMayRead(request.ClientId);
        return request;
    }

    /// <summary>The sprint a path names, and whose: the parameter's client, or else the key's only one; null: the house.</summary>
    /// <returns>A week that is null is the current one.</returns>
    public static (string? ClientId, SprintWeek? Week) Named(string sprint, IQueryCollection parameters, Caller caller)
    {
        var faults = new Faults();
        var query = new QueryReader(parameters, faults);
        var clientId = ClientIds.OfOneOrOnly(query, caller);
        var week = sprint == Current ? null : SprintWeek.Parse(sprint);
        if (week is null && sprint != Current)
        {
            faults.Add("path:sprint", $"{Expected}; or {Current}");
        }

        query.RefuseOthers();
        faults.ThrowIfAny();
        caller.EnsureMayRead(clientId);
        return (clientId, week);
    }

    /// <summary>The parameter <c>sprint</c>: a week, or nothing for the current one; null when it is absent, or with a fault.</summary>
    public static Given<SprintWeek>? SprintOf(QueryReader query) => query.Text("sprint", int.MaxValue) switch
    {
        null => null,
        Current => new(null),
        var name => WeekOf(name, "sprint", query) is { } week ? new(week) : null,
    };

    public static string Cursor(SprintPosition position) => $"{position.Week}.{position.Id:N}";

    private static SprintPosition? After(QueryReader query)
    {
        if (query.Text("cursor", MaxCursorLength) is not { } cursor)
        {
            return null;
        }

        if (cursor.Split('.') is [var name, var text] && SprintWeek.Parse(name) is { } week && Guid.TryParseExact(text, "N", out var id))
        {
            return new SprintPosition(week, id);
        }

        query.Fault("cursor", "must be a next_cursor of this list");
        return null;
    }

    private static SprintWeek? WeekOf(QueryReader query, string name) => WeekOf(query.Text(name, int.MaxValue), name, query);

    private static SprintWeek? WeekOf(string? text, string name, IFieldFaults faults)
    {
        var week = text is null ? null : SprintWeek.Parse(text);
        if (text is not null && week is null)
        {
            faults.Fault(name, Expected);
        }

        return week;
    }

    private static SprintStatus? Status(JsonObjectReader body) => body.Choice("status", SprintStatusNames.StatusOf, SprintStatusNames.All);
}
