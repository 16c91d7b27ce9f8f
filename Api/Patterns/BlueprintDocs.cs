using System.Text.Json.Nodes;
using Actors.OpenApi;

namespace Actors.Patterns;

/// <summary>What the routes of <see cref="BlueprintApi"/> do, and what their requests hold, as <see cref="PatternBinding"/> reads it.</summary>
internal static class BlueprintDocs
{
    private const string Blueprint =
        """
        {"service_blueprint_id":"01a204c1-fdad-77e9-aaf4-f9c3bd0985d8","name":"Audit","description":null,"status":"active",
         "workflow_sequence":["01a204c1-fdad-77e9-aaf4-f9c3bd0985d9"],"created_at":"2026-11-23T09:00:00+00:00","updated_at":"2026-11-23T09:00:00+00:00"}
        """;

    private static readonly Exception NoSuchWorkflow = new PatternRefusedException("no_such_workflow", "workflow_sequence names a workflow that is not there.");

    public static RouteDoc Create { get; } = new("createServiceBlueprint", PatternDocs.Tag, "Store a service blueprint", "A service, and the workflows it is made of.")
    {
        Body = new(
            Schemas.Object("NewServiceBlueprint", Name with { IsRequired = true }, Description, Status with { Default = "active" }, Sequence with { Default = "[]" }),
            ("blueprint", """{"name":"Audit","description":"Books of a year, looked through."}"""),
            ("draft", """{"name":"Audit","status":"draft"}""")),
        Answers = [AnswerDoc.Json<BlueprintView>(201, "The blueprint.", Blueprint)],
        Refusals = [NoSuchWorkflow],
    };

    public static RouteDoc List { get; } = new("listServiceBlueprints", PatternDocs.Tag, "List service blueprints", "Newest first.")
    {
        Parameters = [new Field("status", Schemas.OneOf(WorkflowStatusNames.All), "Only of this status.", "active"), PatternDocs.Limit, PatternDocs.Cursor],
        Answers = [AnswerDoc.Json<BlueprintList>(200, "One page.", $$"""{"items":[{{Blueprint}}],"next_cursor":null}""")],
    };

    public static RouteDoc Get { get; } = new("getServiceBlueprint", PatternDocs.Tag, "One service blueprint", "With the ids of its workflows.")
    {
        Parameters = [PatternDocs.IdOf("blueprint")],
        Answers = [AnswerDoc.Json<BlueprintView>(200, "The blueprint.", Blueprint)],
        Refusals = [PatternDocs.NoSuchPattern],
    };

    public static RouteDoc Change { get; } = new("changeServiceBlueprint", PatternDocs.Tag, "Change a service blueprint", "What is not named stays; null takes a description away.")
    {
        Parameters = [PatternDocs.IdOf("blueprint")],
        Body = new(
            Schemas.Object("ServiceBlueprintChange", Name with { IsNullable = false }, Description, Status, Sequence),
            ("retire", """{"status":"retired"}""")),
        Answers = [AnswerDoc.Json<BlueprintView>(200, "The blueprint as it is now.", Blueprint)],
        Refusals = [PatternDocs.NoSuchPattern, NoSuchWorkflow],
    };

    public static RouteDoc Delete { get; } = new("deleteServiceBlueprint", PatternDocs.Tag, "Delete a service blueprint", "Its workflows stay.")
    {
        Parameters = [PatternDocs.IdOf("blueprint")],
        Answers = [new AnswerDoc(204, "Deleted.")],
        Refusals = [PatternDocs.NoSuchPattern],
    };

    private static Field Name => new("name", Schemas.NotBlank(NewWorkflow.MaxNameLength), "What the service is called.", "Audit");

    private static Field Description => new("description", Schemas.Text(WorkflowStep.MaxDescriptionLength), "What it is.", "Books of a year, looked through.");

    private static Field Status => new("status", Schemas.OneOf(WorkflowStatusNames.All), "Whether it is to be used.", "active");

    private static Field Sequence => new(
        "workflow_sequence", Schemas.ListOf(Schemas.Id, 0, NewBlueprint.MaxWorkflows), "Ids of its workflows, in order.", new JsonArray());
}
