using System.Text.Json.Nodes;
using Actors.OpenApi;
using Actors.Runs;

namespace Actors.Work;

/// <summary>What the routes of <see cref="TaskApi"/> do, and what their requests hold, as <see cref="TaskBinding"/> reads it.</summary>
internal static class TaskDocs
{
    public const string Example =
        """
        {"task_id":"01a204c1-fdad-77e9-aaf4-f9c3bd0985d8","client_id":"1","project_id":"01a204c1-fdad-77e9-aaf4-f9c3bd0985d9","plan_id":null,"step_number":null,
         "title":"Send the draft report","description":null,"status":"todo","priority":10,"owner":"Ada","tags":["report"],"depends_on":[],"estimated_hours":2.5,
         "actual_hours":null,"due_at":"2026-11-27T17:00:00+00:00","scheduled_start_at":"2026-11-24T17:00:00+00:00","scheduled_end_at":"2026-11-24T19:30:00+00:00",
         "created_at":"2026-11-23T09:00:00+00:00","updated_at":"2026-11-23T09:00:00+00:00"}
        """;

    private static readonly Exception NoSuchTask = new WorkNotFoundException("task");

    private static readonly Exception[] Refusals =
    [
        new WorkRefusedException("no_such_project", "This client has no project of the id project_id."),
        new WorkRefusedException("no_such_task", "depends_on names a task this client does not have."),
        new WorkRefusedException("scheduled_start_not_before_end", "scheduled_start_at must be before scheduled_end_at."),
    ];

    public static RouteDoc Create { get; } = new("createTask", WorkFields.Tag, "Store a task", "Its project, and the tasks it depends on, are its client's.")
    {
        Body = new(
            Schemas.Object(
                "NewTask", Title with { IsRequired = true }, WorkFields.NewOwner, Description, Project, Status with { Default = "todo" }, Priority with { Default = 0 }, Owner,
                Tags with { Default = "[]" }, DependsOn with { Default = "[]" }, Estimated, Actual, DueAt, Start, End),
            ("scheduled", """
                {"title":"Send the draft report","client_id":"1","estimated_hours":2.5,"tags":["report"],
                 "scheduled_start_at":"2026-11-24T09:00:00-08:00","scheduled_end_at":"2026-11-24T11:30:00-08:00"}
                """),
            ("title", """{"title":"Ask for the missing invoices","client_id":"1"}""")),
        Answers = [AnswerDoc.Versioned<TaskView>(201, "The task.", Example)],
        Refusals = Refusals,
    };

    public static RouteDoc List { get; } = new("listTasks", WorkFields.Tag, "List tasks", "All filters that are given must hold.")
    {
        Parameters =
        [
            WorkFields.ClientId,
            new Field("project_id", Schemas.Id, "Only in this project.", WorkFields.Id),
            new Field("plan_id", Schemas.Id, "Only of this plan.", WorkFields.Id),
            new Field("status", Schemas.OneOf(TaskStateNames.All), "Only of this status.", "todo"),
            new Field("owner", Schemas.Text(NewTask.MaxOwnerLength), "Only of this owner.", "Ada"),
            new Field("tag", Schemas.Text(NewTask.MaxTagLength), "Only with this tag.", "report"),
            new Field("due_before", Schemas.Time, "Only what is due before this time.", "2026-12-01T00:00:00Z"),
            new Field("scheduled_from", Schemas.Time, "Only what is to begin at this time or later.", "2026-11-23T00:00:00Z"),
            new Field("scheduled_to", Schemas.Time, "Only what is to begin before this time.", "2026-11-30T00:00:00Z"),
            new Field("sprint", SprintDocs.WeekOrCurrent, "Only what is to begin in this week, in the configured zone.", SprintBinding.Current),
            new Field("order", Schemas.OneOf(TaskOrderNames.All), "By when they were made, are to begin, or are due; those without a time last.", "scheduled") { Default = "newest" },
            WorkFields.Limit, WorkFields.Cursor,
        ],
        Answers = [AnswerDoc.Json<TaskList>(200, "One page.", $$"""{"items":[{{Example}}],"next_cursor":null}""")],
    };

    public static RouteDoc Get { get; } = new("getTask", WorkFields.Tag, "One task", "With its version as `ETag`.")
    {
        Parameters = [WorkFields.IdOf("task")],
        Answers = [AnswerDoc.Versioned<TaskView>(200, "The task.", Example)],
        Refusals = [NoSuchTask],
    };

    public static RouteDoc Change { get; } = new("changeTask", WorkFields.Tag, "Change a task", "What is not named stays; null takes away what may be missing.")
    {
        Parameters = [WorkFields.IdOf("task")],
        TakesIfMatch = true,
        Body = new(
            Schemas.Object(
                "TaskChange", Title with { IsNullable = false }, Description, Project, Status, Priority, Owner, Tags, DependsOn, Estimated, Actual, DueAt, Start, End),
            ("done", """{"status":"done","actual_hours":3}"""),
            ("unscheduled", """{"scheduled_start_at":null,"scheduled_end_at":null}""")),
        Answers = [AnswerDoc.Versioned<TaskView>(200, "The task as it is now.", Example)],
        Refusals = [NoSuchTask, .. Refusals, new WorkRefusedException("tasks_depend_on_each_other", "The task would depend on itself, through others perhaps.")],
    };

    public static RouteDoc Delete { get; } = new("deleteTask", WorkFields.Tag, "Delete a task", "Tasks that depended on it do so no more.")
    {
        Parameters = [WorkFields.IdOf("task")],
        TakesIfMatch = true,
        Answers = [WorkFields.Deleted],
        Refusals = [NoSuchTask],
    };

    private static Field Title => new("title", Schemas.NotBlank(NewTask.MaxTitleLength), "What is to be done.", "Send the draft report");

    private static Field Description => new("description", Schemas.Text(NewProject.MaxDescriptionLength), "How.", "To everybody on the board.");

    private static Field Project => new("project_id", Schemas.Id, "In which project.", WorkFields.Id);

    private static Field Status => new("status", Schemas.OneOf(TaskStateNames.All), "How far it has come. One that is `cancelled` takes no hours of a week.", "in_progress");

    private static Field Priority => new("priority", Schemas.Integer(-NewTask.MaxPriority, NewTask.MaxPriority), "More is more urgent.", 10);

    private static Field Owner => new("owner", Schemas.Text(NewTask.MaxOwnerLength), "Who does it.", "Ada");

    private static Field Tags => new(
        "tags", Schemas.ListOf(Schemas.NotBlank(NewTask.MaxTagLength), 0, NewTask.MaxTags), "All its tags, each once.", new JsonArray("report"));

    private static Field DependsOn => new(
        "depends_on", Schemas.ListOf(Schemas.Id, 0, NewTask.MaxDependencies), "Ids of all the tasks that come first, each once.", new JsonArray());

    private static Field Estimated => RunDocs.Hours("estimated_hours", "How long it is thought to take.", 2.5);

    private static Field Actual => RunDocs.Hours("actual_hours", "How long it took.", 3);

    private static Field DueAt => new("due_at", Schemas.Time, "By when it must be done.", "2026-11-27T17:00:00Z");

    private static Field Start => new("scheduled_start_at", Schemas.Time, "When it is to begin.", "2026-11-24T09:00:00-08:00");

    private static Field End => new("scheduled_end_at", Schemas.Time, "When it is to end; after its start.", "2026-11-24T11:30:00-08:00");
}
