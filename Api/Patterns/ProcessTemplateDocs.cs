using Actors.OpenApi;

namespace Actors.Patterns;

/// <summary>What the routes of <see cref="ProcessTemplateApi"/> do, and what their requests hold, as <see cref="ProcessTemplateBinding"/> reads it.</summary>
internal static class ProcessTemplateDocs
{
    private const string Template =
        """
        {"process_template_id":"01a204c1-fdad-77e9-aaf4-f9c3bd0985d8","name":"Client onboarding","workflow_id":"01a204c1-fdad-77e9-aaf4-f9c3bd0985d8",
         "engagement_id":"ada-2026","project_id":null,"status":"active","checklist":[{"order":1,"title":"Kick-off call","description":null,"estimated_hrs":1}],
         "created_at":"2026-11-23T09:00:00+00:00","updated_at":"2026-11-23T09:00:00+00:00"}
        """;

    private static readonly Exception NoSuchWorkflow = new PatternRefusedException("no_such_workflow", "There is no workflow of the id workflow_id.");

    private static readonly Exception NoSuchProject = new PatternRefusedException("no_such_project", "There is no project of the id project_id.");

    public static RouteDoc Instantiate { get; } = new("instantiateWorkflow", PatternDocs.Tag, "Make a process template of a workflow", "Its checklist is the workflow's steps as they are now.")
    {
        Parameters = [PatternDocs.IdOf("workflow")],
        Body = new(
            Schemas.Object(
                "NewInstance",
                new Field("engagement_id", Schemas.NotBlank(NewWorkflow.MaxNameLength), "For which engagement.", "ada-2026") { IsRequired = true },
                new Field("project_id", Schemas.Id, "In which project.", PatternDocs.Id),
                new Field("name", Schemas.Text(NewWorkflow.MaxNameLength), "What it is called. Null: as the workflow.", "Onboarding of Ada")),
            ("engagement", """{"engagement_id":"ada-2026"}"""),
            ("named", """{"engagement_id":"ada-2026","name":"Onboarding of Ada"}""")),
        Answers = [AnswerDoc.Json<TemplateView>(201, "The process template.", Template)],
        Refusals = [PatternDocs.NoSuchPattern, NoSuchProject],
    };

    public static RouteDoc Create { get; } = new(
        "createProcessTemplate", PatternDocs.Tag, "Store a process template", "With a checklist of its own. Steps are numbered anew, in the order of their `order`, or else as they stand.")
    {
        Body = new(
            Schemas.Object(
                "NewProcessTemplate", Name with { IsRequired = true }, Checklist with { IsRequired = true }, Workflow, Engagement, Project,
                Status with { Default = ProcessTemplateBinding.DefaultStatus }),
            ("engagement", """{"name":"Onboarding of Ada","engagement_id":"ada-2026","checklist":[{"title":"Kick-off call","estimated_hrs":1},{"title":"Accounts and access","estimated_hrs":1.6}]}"""),
            ("draft", """{"name":"Onboarding","status":"draft","checklist":[]}""")),
        Answers = [AnswerDoc.Json<TemplateView>(201, "The process template.", Template)],
        Refusals = [NoSuchWorkflow, NoSuchProject],
    };

    public static RouteDoc List { get; } = new("listProcessTemplates", PatternDocs.Tag, "List process templates", "Newest first.")
    {
        Parameters =
        [
            new Field("engagement_id", Schemas.Text(NewWorkflow.MaxNameLength), "Only of this engagement.", "ada-2026"),
            new Field("status", Schemas.OneOf(TemplateRecord.Statuses), "Only of this status.", "active"),
            new Field("workflow_id", Schemas.Id, "Only those made of this workflow.", PatternDocs.Id),
            PatternDocs.Limit, PatternDocs.Cursor,
        ],
        Answers = [AnswerDoc.Json<TemplateList>(200, "One page.", $$"""{"items":[{{Template}}],"next_cursor":null}""")],
    };

    public static RouteDoc Get { get; } = new("getProcessTemplate", PatternDocs.Tag, "One process template", "With its checklist.")
    {
        Parameters = [PatternDocs.IdOf("process template")],
        Answers = [AnswerDoc.Json<TemplateView>(200, "The process template.", Template)],
        Refusals = [PatternDocs.NoSuchPattern],
    };

    public static RouteDoc Change { get; } = new(
        "changeProcessTemplate", PatternDocs.Tag, "Change a process template",
        "What is not named stays; null takes a workflow, an engagement or a project away. Runs keep the steps they began with.")
    {
        Parameters = [PatternDocs.IdOf("process template")],
        Body = new(
            Schemas.Object("ProcessTemplateChange", Name with { IsNullable = false }, Checklist, Workflow, Engagement, Project, Status),
            ("checklist", """{"checklist":[{"title":"Kick-off call","estimated_hrs":1.5}]}"""),
            ("retire", """{"status":"retired"}""")),
        Answers = [AnswerDoc.Json<TemplateView>(200, "The process template as it is now.", Template)],
        Refusals = [PatternDocs.NoSuchPattern, NoSuchWorkflow, NoSuchProject],
    };

    public static RouteDoc Delete { get; } = new("deleteProcessTemplate", PatternDocs.Tag, "Delete a process template", "One that nothing goes by; others can be retired.")
    {
        Parameters = [PatternDocs.IdOf("process template")],
        Answers = [new AnswerDoc(204, "Deleted.")],
        Refusals = [PatternDocs.NoSuchPattern, new TemplateInUseException()],
    };

    private static Field Name => new("name", Schemas.NotBlank(NewWorkflow.MaxNameLength), "What it is called.", "Onboarding of Ada");

    private static Field Checklist => new("checklist", PatternDocs.StepsSchema, "Its steps, all of them.", PatternDocs.StepsExample);

    private static Field Workflow => new("workflow_id", Schemas.Id, "The workflow it goes by.", PatternDocs.Id);

    private static Field Engagement => new("engagement_id", Schemas.Text(NewWorkflow.MaxNameLength), "For which engagement.", "ada-2026");

    private static Field Project => new("project_id", Schemas.Id, "In which project.", PatternDocs.Id);

    private static Field Status => new("status", Schemas.OneOf(TemplateRecord.Statuses), "How far it has come.", "active");
}
