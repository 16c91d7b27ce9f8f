using System.Text.Json.Nodes;
using Actors.Http;
using Actors.OpenApi;
using Actors.Runs;

namespace Actors.Patterns;

/// <summary>What the routes of <see cref="PatternApi"/> do, and what their requests hold, as <see cref="PatternBinding"/> reads it.</summary>
internal static class PatternDocs
{
    public const string Id = "01a204c1-fdad-77e9-aaf4-f9c3bd0985d8";

    private const string Workflow =
        """
        {"workflow_id":"01a204c1-fdad-77e9-aaf4-f9c3bd0985d8","origin_id":"01a204c1-fdad-77e9-aaf4-f9c3bd0985d8","version":1,"name":"Client onboarding",
         "description":"From signature to the first weekly report.","capability":"delivery","parent_workflow_id":null,"status":"active",
         "steps":[{"order":1,"title":"Kick-off call","description":null,"estimated_hrs":1}],
         "created_at":"2026-11-23T09:00:00+00:00","updated_at":"2026-11-23T09:00:00+00:00"}
        """;

    public static readonly RouteTag Tag = new("Patterns", "How work is done: workflows, and the checklists made of them, which every key reads and admins write. And the prompts that the service sends to language models, for admins.");

    public static readonly Exception NoSuchPattern = new PatternNotFoundException();

    private static readonly Exception NoSuchParent = new PatternRefusedException("no_such_parent", "There is no workflow of the id parent_workflow_id.");

    public static RouteDoc CreateWorkflow { get; } = new("createWorkflow", Tag, "Store a workflow", "Steps are numbered anew, in the order of their `order`, or else as they stand.")
    {
        Body = new(
            Schemas.Object("NewWorkflow", Name with { IsRequired = true }, Description, Capability, Parent, Status with { Default = "active" }, Steps with { Default = "[]" }),
            ("workflow", """{"name":"Client onboarding","capability":"delivery","steps":[{"title":"Kick-off call","estimated_hrs":1},{"title":"Accounts and access","estimated_hrs":1.6}]}"""),
            ("draft", """{"name":"Weekly report","status":"draft"}""")),
        Answers = [AnswerDoc.Json<WorkflowView>(201, "The workflow.", Workflow)],
        Refusals = [NoSuchParent],
    };

    public static RouteDoc ListWorkflows { get; } = new("listWorkflows", Tag, "List workflows", "Newest version first, retired ones too unless `status` says otherwise.")
    {
        Parameters =
        [
            new Field("capability", Schemas.Text(NewWorkflow.MaxNameLength), "Only of this capability.", "delivery"),
            new Field("query", Schemas.Text(PatternBinding.MaxQueryLength), "With these words in name, description or capability, in any of their English forms.", "onboarding clients"),
            new Field("status", Schemas.OneOf(WorkflowStatusNames.All), "Only of this status.", "active"),
            new Field("parent_workflow_id", Schemas.Id, "Only parts of this workflow.", Id),
            Limit, Cursor,
        ],
        Answers = [AnswerDoc.Json<WorkflowList>(200, "One page.", $$"""{"items":[{{Workflow}}],"next_cursor":null}""")],
    };

    public static RouteDoc GetWorkflow { get; } = new("getWorkflow", Tag, "One workflow", "Any version of it.")
    {
        Parameters = [IdOf("workflow")],
        Answers = [AnswerDoc.Json<WorkflowView>(200, "The workflow.", Workflow)],
        Refusals = [NoSuchPattern],
    };

    public static RouteDoc ChangeWorkflow { get; } = new(
        "changeWorkflow", Tag, "Change a workflow",
        "What is not named stays; null takes a description, a capability or a parent away. New steps of a workflow that templates, runs or plans go by become a new version with an id of its own, and the old one is retired.")
    {
        Parameters = [IdOf("workflow")],
        Body = new(
            Schemas.Object("WorkflowChange", Name with { IsNullable = false }, Description, Capability, Parent, Status, Steps),
            ("steps", """{"steps":[{"title":"Kick-off call","estimated_hrs":1.5}]}"""),
            ("retire", """{"status":"retired"}""")),
        Answers = [AnswerDoc.Json<WorkflowView>(200, "The workflow as it is now; its new version, if there is one.", Workflow)],
        Refusals =
        [
            NoSuchPattern, NoSuchParent,
            new PatternRefusedException("workflow_contains_itself", "A workflow cannot be a part of itself."),
            new PatternRefusedException("workflow_superseded", "Its steps were changed in a later version already; change that one."),
        ],
    };

    public static RouteDoc DeleteWorkflow { get; } = new("deleteWorkflow", Tag, "Delete a workflow", "One that nothing goes by; others can be retired.")
    {
        Parameters = [IdOf("workflow")],
        Answers = [new AnswerDoc(204, "Deleted.")],
        Refusals = [NoSuchPattern, new WorkflowInUseException()],
    };

    private static Field Name => new("name", Schemas.NotBlank(NewWorkflow.MaxNameLength), "What it is called.", "Client onboarding");

    private static Field Description => new("description", Schemas.Text(WorkflowStep.MaxDescriptionLength), "What it is for.", "From signature to the first weekly report.");

    private static Field Capability => new("capability", Schemas.Text(NewWorkflow.MaxNameLength), "What it is an instance of.", "delivery");

    private static Field Parent => new("parent_workflow_id", Schemas.Id, "The workflow it is a part of.", Id);

    private static Field Steps => new("steps", StepsSchema, "Its steps, all of them.", StepsExample);

    private static Field Status => new("status", Schemas.OneOf(WorkflowStatusNames.All), "Whether it is to be used.", "active");

    /// <summary>Steps, as <see cref="StepsBinding"/> reads them.</summary>
    public static JsonObject StepsSchema => Schemas.ListOf(
        Schemas.Object(
            "WorkflowStep",
            new Field("order", Schemas.Integer(1, WorkflowStep.MaxSteps), "Its place. Null: where it stands.", 1),
            new Field("title", Schemas.NotBlank(WorkflowStep.MaxTitleLength), "What is done.", "Kick-off call") { IsRequired = true },
            new Field("description", Schemas.Text(WorkflowStep.MaxDescriptionLength), "How.", "With everybody who will be asked."),
            new Field("estimated_hrs", Schemas.Number(0, (double)NewRun.MaxHours), "How long it is thought to take.", 1)),
        0,
        WorkflowStep.MaxSteps);

    public static JsonArray StepsExample => [new JsonObject { ["title"] = "Kick-off call", ["estimated_hrs"] = 1 }];

    public static Field Limit => new("limit", Schemas.Integer(1, PatternBinding.MaxPage), "Most items on the page.", 20) { Default = PatternBinding.DefaultPage };

    public static Field Cursor => new("cursor", Schemas.Text(IdCursors.MaxLength), "The `next_cursor` of the page before.", IdCursors.Of(Guid.AllBitsSet));

    public static Field IdOf(string what) => new("id", Schemas.Id, $"Id of the {what}.", Id);
}
