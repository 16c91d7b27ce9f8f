using Actors.OpenApi;

namespace Actors.Work;

/// <summary>What the routes of <see cref="ProjectApi"/> do, and what their requests hold, as <see cref="ProjectBinding"/> reads it.</summary>
internal static class ProjectDocs
{
    private const string Example =
        """
        {"project_id":"01a204c1-fdad-77e9-aaf4-f9c3bd0985d8","client_id":"1","name":"Audit","description":null,"billable":true,"status":"active",
         "created_at":"2026-11-23T09:00:00+00:00","updated_at":"2026-11-23T09:00:00+00:00"}
        """;

    private static readonly Exception NoSuchProject = new WorkNotFoundException("project");

    public static RouteDoc Create { get; } = new("createProject", WorkFields.Tag, "Store a project", "Hours of its tasks are billed unless `billable` is false.")
    {
        Body = new(
            Schemas.Object(
                "NewProject", Name with { IsRequired = true }, WorkFields.NewOwner, Description, Billable with { Default = true }, Status with { Default = "active" }),
            ("project", """{"name":"Audit","client_id":"1"}"""),
            ("unbilled", """{"name":"Our own books","client_id":"1","billable":false}""")),
        Answers = [AnswerDoc.Versioned<ProjectView>(201, "The project.", Example)],
    };

    public static RouteDoc List { get; } = new("listProjects", WorkFields.Tag, "List projects", "Newest first.")
    {
        Parameters =
        [
            WorkFields.ClientId,
            new Field("status", Schemas.OneOf(ProjectStatusNames.All), "Only of this status.", "active"),
            new Field("billable", Schemas.Flag, "Only those whose hours are billed, or only the others.", true),
            WorkFields.Limit, WorkFields.Cursor,
        ],
        Answers = [AnswerDoc.Json<ProjectList>(200, "One page.", $$"""{"items":[{{Example}}],"next_cursor":null}""")],
    };

    public static RouteDoc Get { get; } = new("getProject", WorkFields.Tag, "One project", "With its version as `ETag`.")
    {
        Parameters = [WorkFields.IdOf("project")],
        Answers = [AnswerDoc.Versioned<ProjectView>(200, "The project.", Example)],
        Refusals = [NoSuchProject],
    };

    public static RouteDoc Change { get; } = new("changeProject", WorkFields.Tag, "Change a project", "What is not named stays; null takes a description away.")
    {
        Parameters = [WorkFields.IdOf("project")],
        TakesIfMatch = true,
        Body = new(
            Schemas.Object("ProjectChange", Name with { IsNullable = false }, Description, Billable, Status),
            ("done", """{"status":"completed"}""")),
        Answers = [AnswerDoc.Versioned<ProjectView>(200, "The project as it is now.", Example)],
        Refusals = [NoSuchProject],
    };

    public static RouteDoc Delete { get; } = new("deleteProject", WorkFields.Tag, "Delete a project", "Its tasks stay, without a project.")
    {
        Parameters = [WorkFields.IdOf("project")],
        TakesIfMatch = true,
        Answers = [WorkFields.Deleted],
        Refusals = [NoSuchProject],
    };

    private static Field Name => new("name", Schemas.NotBlank(NewProject.MaxNameLength), "What it is called.", "Audit");

    private static Field Description => new("description", Schemas.Text(NewProject.MaxDescriptionLength), "What it is.", "Books of a year, looked through.");

    private static Field Billable => new("billable", Schemas.Flag, "Whether hours of its tasks are billed.", true);

    private static Field Status => new("status", Schemas.OneOf(ProjectStatusNames.All), "How far it has come.", "active");
}
