using System.Text.Json.Nodes;
using Actors.OpenApi;
using Actors.Sessions;

namespace Actors.Runs;

/// <summary>What the routes of <see cref="RunApi"/> do, and what their requests hold, as <see cref="RunBinding"/> reads it.</summary>
internal static class RunDocs
{
    private const string Id = "01a204c1-fdad-77e9-aaf4-f9c3bd0985d8";

    private const string Run =
        """
        {"run_id":"01a204c1-fdad-77e9-aaf4-f9c3bd0985d8","client_id":"1","run_identifier":"onboarding-ada","process_template_id":null,"workflow_id":null,
         "status":"completed","estimated_hours":2.6,"actual_hours":3.5,"variance_pct":34.6153846153846154,
         "steps":[{"step_number":1,"title":"Kick-off call","estimated_hours":1,"actual_hours":1.5}],"telemetry":{"calls":3},
         "started_at":"2026-11-23T09:00:00+00:00","ended_at":"2026-11-23T12:30:00+00:00","created_at":"2026-11-23T09:00:00+00:00","updated_at":"2026-11-23T12:30:00+00:00"}
        """;

    private static readonly RouteTag Tag = new("Runs", "Execution runs: what was done by which workflow, and how long it took.");

    private static readonly Exception NoSuchRun = new RunNotFoundException();

    private static readonly Exception Ended = new RunEndedException(RunStatus.Completed);

    private static readonly Exception[] ReportRefusals =
    [
        new RunRefusedException("telemetry_too_large", "A run's telemetry has at most 262144 characters as JSON; null takes a member away."),
        new RunRefusedException("no_such_step", "The run has no step 7."),
        new RunRefusedException("number_out_of_range", "The telemetry holds a number that no double can hold."),
        new RunRefusedException("telemetry_not_readable", "The telemetry, written by SQL, is nested too deeply to be merged into."),
    ];

    public static RouteDoc Start { get; } = new(
        "startRun", Tag, "Start a run",
        "By a process template or a workflow it has their steps; the estimate, unless given, is the sum of theirs. Without `client_id` it is the key's only client's; an admin's is the house's.")
    {
        Body = new(
            Schemas.Object(
                "NewRun",
                new Field("client_id", ClientIds.InBody, "For whom.", "1"),
                new Field("run_identifier", Schemas.Text(NewRun.MaxIdentifierLength), "What its client calls it, unique among the client's runs. Without slashes, and neither `variance` nor `.` nor `..`. Null: its id.", "onboarding-ada"),
                new Field("process_template_id", Schemas.Id, "The checklist it goes by.", Id),
                new Field("workflow_id", Schemas.Id, "The workflow it goes by; not beside a template.", Id),
                Hours("estimated_hours", "How long it is thought to take.", 2.6),
                new Field("status", Schemas.OneOf(RunBinding.FirstStatuses), "`pending`: planned; it begins with the first report.", "running") { Default = "running" }),
            ("begun", """{"client_id":"1","estimated_hours":2.6}"""),
            ("planned", """{"client_id":"1","estimated_hours":4,"status":"pending"}""")),
        Answers = [AnswerDoc.Json<RunView>(201, "The run.", Run)],
        Refusals =
        [
            new RunIdentifierTakenException(),
            new RunRefusedException("no_such_template", "There is no such process template."),
            new RunRefusedException("no_such_workflow", "There is no such workflow."),
        ],
    };

    public static RouteDoc List { get; } = new("listRuns", Tag, "List runs", "Of the clients the key was issued for; an admin's key sees all, the house's too.")
    {
        Parameters =
        [
            ClientId,
            new Field("status", Schemas.OneOf(RunStatusNames.All), "Only runs of this status.", "completed"),
            new Field("process_template_id", Schemas.Id, "Only runs of this template.", Id),
            new Field("workflow_id", Schemas.Id, "Only runs of this workflow.", Id),
            new Field("order", Schemas.OneOf(RunBinding.Orders), "`variance_desc`: the largest variance first.", "variance_desc") { Default = "newest" },
            new Field("limit", Schemas.Integer(1, RunBinding.MaxPage), "Most runs on the page.", 20) { Default = RunBinding.DefaultPage },
            new Field("cursor", Schemas.Text(RunBinding.MaxCursorLength), "The `next_cursor` of the page before.", "20"),
        ],
        Answers = [AnswerDoc.Json<RunList>(200, "One page.", $$"""{"items":[{{Run}}],"next_cursor":null}""")],
    };

    public static RouteDoc Variance { get; } = new(
        "runVariance", Tag, "How far estimates were off", "Of completed runs, those the key may see. Above 30 %, either way, is called high. At most 500 groups.")
    {
        Parameters =
        [
            ClientId,
            new Field("group_by", Schemas.OneOf(RunBinding.Groupings), "By process template or by workflow.", "template") { Default = "workflow" },
        ],
        Answers =
        [
            AnswerDoc.Json<VarianceView>(200, "The largest median first; those whose runs had no estimate last.", """
                {"group_by":"workflow","high_variance_pct":30,"groups":[{"id":"01a204c1-fdad-77e9-aaf4-f9c3bd0985d8","name":"Client onboarding","runs":3,
                 "mean_variance_pct":41.2,"median_variance_pct":34.6,"spread_pct":12.5,"high_variance":true,"suggested_hours":3.5}]}
                """),
        ],
    };

    public static RouteDoc Get { get; } = new("getRun", Tag, "One run", "By its id, or by its `run_identifier` among its client's runs.")
    {
        Parameters = [RunName, ClientId],
        Answers = [AnswerDoc.Json<RunView>(200, "The run.", Run)],
        Refusals = [NoSuchRun],
    };

    public static RouteDoc Report { get; } = new(
        "reportRun", Tag, "Report what became known", "Telemetry is merged as a JSON merge patch (RFC 7396). A pending run begins by it.")
    {
        Parameters = [RunName, ClientId],
        Body = new(
            Schemas.Object("RunReport", Telemetry, ActualHours, Steps),
            ("hours", """{"actual_hours":1.5,"telemetry":{"calls":3}}""")),
        Answers = [AnswerDoc.Json<RunView>(200, "The run as it is now.", Run)],
        Refusals = [NoSuchRun, Ended, .. ReportRefusals],
    };

    public static RouteDoc Complete { get; } = new(
        "completeRun", Tag, "Complete a run", "It needs actual hours: given now or before, or those of each of its steps. Ends the memories of its scope. Of requests that race, one wins.")
    {
        Parameters = [RunName, ClientId],
        Body = new(
            Schemas.Object("CompletedRun", Telemetry, ActualHours, Steps),
            ("hours", """{"actual_hours":3.5}"""),
            ("report", """{"actual_hours":3.5,"telemetry":{"calls":3}}""")),
        Answers = [AnswerDoc.Json<RunView>(200, "The run.", Run)],
        Refusals =
        [
            NoSuchRun, Ended, .. ReportRefusals,
            new RunRefusedException("actual_hours_required", "A completed run needs actual_hours, or those of each of its steps."),
        ],
    };

    public static RouteDoc Fail { get; } = Unfinished("failRun", "A run that failed", "FailedRun");

    public static RouteDoc Cancel { get; } = Unfinished("cancelRun", "Give a run up", "CancelledRun");

    private static Field RunName => new("run", Schemas.Text(NewRun.MaxIdentifierLength, minLength: 1), "Id of the run, or its identifier.", Id);

    private static Field ClientId => new("client_id", ClientIds.InQuery, "Of this client. Null: of the key's only one, or of all it may see.", "1");

    private static Field Telemetry => new("telemetry", Schemas.AnyObject, "Merged into what was reported before; null takes a member away.", new JsonObject { ["calls"] = 3 });

    private static Field ActualHours => Hours("actual_hours", "How long it took.", 3.5);

    private static Field Steps => new(
        "steps",
        Schemas.ListOf(
            Schemas.Object(
                "StepReport",
                new Field("step_number", Schemas.Integer(1, RunBinding.MaxSteps), "Its place.", 1) { IsRequired = true, IsNullable = false },
                Hours("actual_hours", "How long it took.", 1.5) with { IsRequired = true, IsNullable = false }),
            0,
            RunBinding.MaxSteps),
        "How long steps took.",
        new JsonArray(new JsonObject { ["step_number"] = 1, ["actual_hours"] = 1.5 }));

    public static Field Hours(string name, string description, double example) =>
        new(name, Schemas.Number(0, (double)NewRun.MaxHours), description, example);

    private static RouteDoc Unfinished(string id, string summary, string body) => new(id, Tag, summary, "Ends it, and the memories of its scope. Of requests that race, one wins.")
    {
        Parameters = [RunName, ClientId],
        Body = new(
            Schemas.Object(body, Telemetry, ActualHours, Steps, new Field("reason", Schemas.Text(RunBinding.MaxReasonLength), "Why; kept in its telemetry.", "the client left")),
            ("reason", """{"reason":"the client left"}"""),
            ("report", """{"telemetry":{"calls":3}}""")),
        Answers = [AnswerDoc.Json<RunView>(200, "The run.", Run)],
        Refusals = [NoSuchRun, Ended, .. ReportRefusals],
    };
}
