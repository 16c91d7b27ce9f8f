using System.Text.Json.Nodes;
using Actors.OpenApi;
using Actors.Runs;
using Actors.Sessions;

namespace Actors.Work;

/// <summary>What the routes of <see cref="SprintApi"/> do, and what their requests hold, as <see cref="SprintBinding"/> reads it.</summary>
internal static class SprintDocs
{
    private const string Week = "2026-W48";

    private const string Example =
        """
        {"sprint_id":"2026-W48","client_id":"1","name":"2026-W48","goal":"The report is out.","status":"active","starts_on":"2026-11-23","ends_on":"2026-11-29",
         "capacity_hours":30,"created_at":"2026-11-20T09:00:00+00:00","updated_at":"2026-11-23T09:00:00+00:00"}
        """;

    private static readonly Exception NoSuchSprint = new WorkNotFoundException("sprint");

    /// <summary>Schema of a week, or of what stands for this one.</summary>
    public static JsonObject WeekOrCurrent => Named($"^({SprintBinding.Current}|[0-9]{{4}}-W[0-9]{{2}})$");

    public static RouteDoc Create { get; } = new("createSprint", WorkFields.Tag, "Store a sprint", "A client has one a week, Monday to Sunday.")
    {
        Body = new(
            Schemas.Object(
                "NewSprint",
                new Field("sprint_id", OfWeek, "Its ISO week.", Week) { IsRequired = true },
                WorkFields.NewOwner,
                Name with { Schema = Schemas.Text(NewProject.MaxNameLength), Description = "What it is called. Null: as its week." },
                Goal, Status with { Default = "planned" }, Hours with { Default = 0 }),
            ("week", """{"sprint_id":"2026-W48","client_id":"1","capacity_hours":30}"""),
            ("goal", """{"sprint_id":"2026-W49","client_id":"1","goal":"The report is out.","capacity_hours":30}""")),
        Answers = [AnswerDoc.Versioned<SprintView>(201, "The sprint.", Example)],
        Refusals = [new SprintExistsException()],
    };

    public static RouteDoc List { get; } = new("listSprints", WorkFields.Tag, "List sprints", "Newest week first.")
    {
        Parameters =
        [
            WorkFields.ClientId,
            new Field("status", Schemas.OneOf(SprintStatusNames.All), "Only of this status.", "active"),
            new Field("from", OfWeek, "Only of this week or later.", "2026-W40"),
            new Field("to", OfWeek, "Only of this week or earlier.", "2026-W53"),
            WorkFields.Limit,
            new Field("cursor", Schemas.Text(SprintBinding.MaxCursorLength), "The `next_cursor` of the page before.", SprintBinding.Cursor(new SprintPosition(SprintWeek.Parse(Week)!, Guid.AllBitsSet))),
        ],
        Answers = [AnswerDoc.Json<SprintList>(200, "One page.", $$"""{"items":[{{Example}}],"next_cursor":null}""")],
    };

    public static RouteDoc Get { get; } = new("getSprint", WorkFields.Tag, "One sprint", "With its version as `ETag`.")
    {
        Parameters = [Sprint, Owner],
        Answers = [AnswerDoc.Versioned<SprintView>(200, "The sprint.", Example)],
        Refusals = [NoSuchSprint],
    };

    public static RouteDoc Change { get; } = new("changeSprint", WorkFields.Tag, "Change a sprint", "What is not named stays; null takes a goal away.")
    {
        Parameters = [Sprint, Owner],
        TakesIfMatch = true,
        Body = new(
            Schemas.Object("SprintChange", Name with { IsNullable = false }, Goal, Status, Hours),
            ("begun", """{"status":"active","capacity_hours":32}""")),
        Answers = [AnswerDoc.Versioned<SprintView>(200, "The sprint as it is now.", Example)],
        Refusals = [NoSuchSprint],
    };

    public static RouteDoc Delete { get; } = new("deleteSprint", WorkFields.Tag, "Delete a sprint", "Tasks of its week stay.")
    {
        Parameters = [Sprint, Owner],
        TakesIfMatch = true,
        Answers = [WorkFields.Deleted],
        Refusals = [NoSuchSprint],
    };

    public static RouteDoc Capacity { get; } = new(
        "getSprintCapacity", WorkFields.Tag, "How much of a week is planned",
        "A task belongs to the week it is to begin in, in the configured zone, unless it is cancelled; its hours are its estimate, or else the length of its slot. A week without a sprint is answered too.")
    {
        Parameters = [Sprint, Owner],
        Answers =
        [
            AnswerDoc.Json<CapacityView>(200, "Whether there is a sprint or not.", $$"""
                {"sprint":{{Example}},"capacity_hours":30,"planned_billable_hours":15,"scheduled_hours":20,"billable_pct":50,"billable_of_scheduled_pct":75,
                 "floor_pct":60,"below_floor":true}
                """),
        ],
    };

    private static Field Sprint => new("sprint", WeekOrCurrent, "Its ISO week, or `current`: the one it is now, in the configured zone.", Week);

    private static Field Owner => new("client_id", ClientIds.InQuery, "Whose. Null: the key's only client's; the house's, of an admin.", "1");

    private static Field Name => new("name", Schemas.NotBlank(NewProject.MaxNameLength), "What it is called.", "Report week");

    private static Field Goal => new("goal", Schemas.Text(NewProject.MaxDescriptionLength), "What it is for.", "The report is out.");

    private static Field Status => new("status", Schemas.OneOf(SprintStatusNames.All), "How far it has come.", "active");

    private static Field Hours => RunDocs.Hours("capacity_hours", "How many hours there are in the week.", 30);

    private static JsonObject OfWeek => Named("^[0-9]{4}-W[0-9]{2}$");

    private static JsonObject Named(string pattern)
    {
        var schema = Schemas.Text();
        schema["pattern"] = pattern;
        return schema;
    }
}
