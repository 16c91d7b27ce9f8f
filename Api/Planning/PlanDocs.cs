using System.Text.Json.Nodes;
using Actors.Http;
using Actors.OpenApi;
using Actors.Patterns;
using Actors.Runs;
using Actors.Sessions;
using Actors.Work;

namespace Actors.Planning;

/// <summary>What the routes of <see cref="PlanApi"/> do, and what their requests hold, as <see cref="PlanBinding"/> reads it.</summary>
internal static class PlanDocs
{
    private const string Id = "01a204c1-fdad-77e9-aaf4-f9c3bd0985d8";

    private const string SopJson =
        """
        {"name":"Client onboarding","summary":"By the workflow 'Client onboarding', version 1: 1 step, 1.5 hours; those of 1 step are learned from completed runs.",
         "checklist":[{"step_number":1,"title":"Kick-off call","description":null,"estimated_hours":1.5,
          "basis":{"source":"runs","runs":3,"outliers":1,"mean_variance_pct":41.7},"dependencies":[],"owner":null,"tags":["delivery"]}],
         "assumptions":["No calls on Fridays"],"risks":["'Kick-off call' took 41.7 % longer than estimated, on average of 3 completed runs."]}
        """;

    private const string Plan =
        $$"""
        {"plan_id":"{{Id}}","client_id":"1","plan_title":"Onboard Ada","intent":"Onboard Ada","engagement_id":null,"workflow_id":null,"process_template_id":null,
         "sop":{{SopJson}},"context":{},"status":"draft","status_note":null,"written_by":"rules","tasks_created_at":null,
         "created_at":"2026-11-23T09:00:00+00:00","updated_at":"2026-11-23T09:00:00+00:00"}
        """;

    private static readonly RouteTag Tag = new("Planner", "Plans: what to do to reach an intent, with hours learned from what it took before.");

    private static readonly Exception NoSuchPlan = new PlanNotFoundException();

    private static readonly Exception NoDraft = new PlanStateException("plan_not_draft", "The plan is approved; only drafts are changed.");

    public static RouteDoc Create { get; } = new(
        "createPlan", Tag, "Make a plan",
        """
        From the workflow that matches the intent best (or the one that is named), with its parts; each step's hours from completed runs, with their `basis`.
        What the client prefers or forbids stands among the assumptions. When no workflow matches, it is a skeleton that says so.
        With a language model configured, that writes the steps; hours still come from the runs. When it fails: 502, no plan, and an event of salience 0.9; or by rules, with `fallback=rules`.
        """)
    {
        Parameters = [new Field("fallback", Schemas.OneOf(PlanBinding.Fallbacks), "What to do when a language model is configured and fails.", "rules") { Default = "none" }],
        Body = new(
            Schemas.Object(
                "NewPlan",
                new Field("client_id", ClientIds.InBody, "For whom. Without it: the key's only client; for an admin the house.", "1"),
                new Field("intent", Schemas.NotBlank(NewPlan.MaxIntentLength), "What is to be reached.", "Onboard Ada") { IsRequired = true, IsNullable = false },
                new Field("engagement_id", Schemas.Text(PlanBinding.MaxEngagementLength), "For which engagement; its active checklist of the workflow, if it has one, stands in for the workflow's steps.", "ada-2026"),
                new Field("workflow_id", Schemas.Id, "The workflow to go by. Null: the one that matches best.", Id) { IsFilledIn = false },
                new Field("learn_from", Schemas.OneOf(PlanBinding.Teachers), "Whose completed runs hours are learned from: the plan's client's, or those of all clients the key may see. Who reads the plan sees how many they were and how far off.", "client") { Default = "client" },
                new Field("context", Schemas.AnyObject, $"Kept with the plan, and told to a language model; at most {NewPlan.MaxContextLength} characters as JSON.", new JsonObject { ["team"] = 2 })),
            ("intent", """{"client_id":"1","intent":"Onboard Ada"}"""),
            ("context", """{"client_id":"1","intent":"Onboard Ada","engagement_id":"ada-2026","context":{"team":2}}""")),
        Answers =
        [
            AnswerDoc.Versioned<MadePlanView>(201, "The plan.", $$"""
                {"plan_id":"{{Id}}","client_id":"1","plan_title":"Onboard Ada","intent":"Onboard Ada","engagement_id":null,"workflow_id":null,"process_template_id":null,
                 "sop":{{SopJson}},"status":"draft","written_by":"rules","degraded":[],"created_at":"2026-11-23T09:00:00+00:00"}
                """),
        ],
        Refusals =
        [
            new PlanRefusedException("no_such_workflow", "There is no workflow of the id workflow_id."),
            new PlanRefusedException("number_out_of_range", "The context holds a number that no double can hold."),
            new LanguageModelException("The language model did not answer in time."),
        ],
    };

    public static RouteDoc List { get; } = new("listPlans", Tag, "List plans", "Without their procedures. Of the clients the key was issued for; an admin's key sees all, the house's too.")
    {
        Parameters =
        [
            new Field("client_id", ClientIds.InQuery, "Of this client. Null: of all the key may see.", "1"),
            new Field("status", Schemas.OneOf(PlanStatusNames.All), "Only plans of this status.", "draft"),
            new Field("engagement_id", Schemas.Text(PlanBinding.MaxEngagementLength), "Only plans for this engagement.", "ada-2026"),
            new Field("workflow_id", Schemas.Id, "Only plans by this workflow.", Id),
            new Field("limit", Schemas.Integer(1, PlanBinding.MaxPage), "Most plans on the page.", 20) { Default = PlanBinding.DefaultPage },
            new Field("cursor", Schemas.Text(IdCursors.MaxLength), "The `next_cursor` of the page before.", "01a204c1fdad77e9aaf4f9c3bd0985d8"),
        ],
        Answers = [AnswerDoc.Json<PlanList>(200, "One page.", $$"""
            {"items":[{"plan_id":"{{Id}}","client_id":"1","plan_title":"Onboard Ada","intent":"Onboard Ada","engagement_id":null,"workflow_id":null,"process_template_id":null,
             "status":"draft","written_by":"rules","steps":1,"estimated_hours":1.5,"tasks_created_at":null,
             "created_at":"2026-11-23T09:00:00+00:00","updated_at":"2026-11-23T09:00:00+00:00"}],"next_cursor":null}
            """)],
    };

    public static RouteDoc Get { get; } = new("getPlan", Tag, "One plan", "By its id.")
    {
        Parameters = [PlanId],
        Answers = [AnswerDoc.Versioned<PlanView>(200, "The plan.", Plan)],
        Refusals = [NoSuchPlan],
    };

    public static RouteDoc Change { get; } = new(
        "changePlan", Tag, "Change a draft", "The procedure is replaced whole, in the shape it is read in. Hours that are as they were keep their basis; others are `given`.")
    {
        Parameters = [PlanId],
        TakesIfMatch = true,
        Body = new(
            Schemas.Object(
                "PlanChange",
                new Field("plan_title", Schemas.NotBlank(PlanChange.MaxTitleLength), "New title.", "Onboard Ada") { IsNullable = false },
                new Field("sop", SopSchema, "New procedure.", JsonNode.Parse(SopJson)!)),
            ("title", """{"plan_title":"Onboard Ada"}""")),
        Answers = [AnswerDoc.Versioned<PlanView>(200, "The plan as it is now.", Plan)],
        Refusals =
        [
            NoSuchPlan, NoDraft,
            new PlanRefusedException("step_numbers_repeat", "Two steps have the number 1."),
            new PlanRefusedException("no_such_step", "Step 1 depends on step 7, which is not there."),
            new PlanRefusedException("steps_depend_on_each_other", "These steps depend on each other in a circle, or on such: 1, 2."),
        ],
    };

    public static RouteDoc Approve { get; } = Decision("approvePlan", "Approve a draft", "It is not changed any more.", "fine", NoDraft);

    public static RouteDoc Archive { get; } = Decision(
        "archivePlan", "Put a plan away", "Of any status; its tasks stay. It is no past plan of later ones.", "not needed",
        new PlanStateException("plan_archived", "The plan is archived already."));

    public static RouteDoc CreateTasks { get; } = new(
        "createPlanTasks", Tag, "Make tasks of a plan", "One of each step, once; `depends_on` is what the steps' dependencies are. A draft is approved by it.")
    {
        Parameters = [PlanId],
        TakesIfMatch = true,
        Body = new(
            Schemas.Object("NewPlanTasks", new Field("project_id", Schemas.Id, "The project of the client they are put into.", Id) { IsFilledIn = false }),
            ("plain", "{}"),
            ("without", """{"project_id":null}""")),
        Answers =
        [
            AnswerDoc.Json<PlanTasksView>(201, "The tasks.", $$"""{"plan_id":"{{Id}}","plan_status":"approved","tasks":[{{TaskDocs.Example}}]}"""),
        ],
        Refusals =
        [
            NoSuchPlan,
            new PlanStateException("plan_has_tasks", "Tasks were made of this plan already."),
            new PlanStateException("plan_over", "The plan is archived."),
            new PlanRefusedException("plan_has_no_steps", "The plan has no steps to make tasks of."),
            new WorkRefusedException("no_such_project", "This client has no project of the id project_id."),
        ],
    };

    private static Field PlanId => new("id", Schemas.Id, "Id of the plan.", Id);

    private static JsonObject SopSchema => Schemas.Object(
        "ChangedSop",
        new Field("name", Schemas.NotBlank(PlanChange.MaxTitleLength), "What it is called.", "Client onboarding") { IsRequired = true, IsNullable = false },
        new Field("summary", Schemas.Text(Sop.MaxSummaryLength), "What it is made of.", "By hand."),
        new Field(
            "checklist",
            Schemas.ListOf(
                Schemas.Object(
                    "ChangedSopStep",
                    new Field("step_number", Schemas.Integer(1, Sop.MaxSteps), "Its number. Null: its place in the list.", 1),
                    new Field("title", Schemas.NotBlank(WorkflowStep.MaxTitleLength), "What is done.", "Kick-off call") { IsRequired = true, IsNullable = false },
                    new Field("description", Schemas.Text(WorkflowStep.MaxDescriptionLength), "How.", "By video."),
                    new Field("estimated_hours", Schemas.Number(0, (double)NewRun.MaxHours), "How long it is thought to take.", 1.5),
                    new Field("basis", Schemas.AnyObject, "Ignored: what hours rest on is for the service to say.", new JsonObject { ["source"] = "given" }),
                    new Field("dependencies", Schemas.ListOf(Schemas.Integer(1, Sop.MaxSteps), 0, NewTask.MaxDependencies), "Numbers of the steps to be done before.", new JsonArray()),
                    new Field("owner", Schemas.Text(NewTask.MaxOwnerLength), "Who does it.", "Grace"),
                    new Field("tags", Schemas.ListOf(Schemas.Text(NewTask.MaxTagLength, minLength: 1), 0, NewTask.MaxTags), "Words to find it by.", new JsonArray("delivery"))),
                0, Sop.MaxSteps),
            "Its steps.",
            new JsonArray(new JsonObject { ["title"] = "Kick-off call" })) { IsRequired = true, IsNullable = false },
        new Field("assumptions", Schemas.ListOf(Schemas.Text(Sop.MaxRemarkLength, minLength: 1), 0, Sop.MaxRemarks), "What is taken for granted.", new JsonArray("No calls on Fridays")),
        new Field("risks", Schemas.ListOf(Schemas.Text(Sop.MaxRemarkLength, minLength: 1), 0, Sop.MaxRemarks), "What may go wrong.", new JsonArray("The contract is late")));

    private static RouteDoc Decision(string id, string summary, string description, string note, Exception refusal) => new(id, Tag, summary, description)
    {
        Parameters = [PlanId],
        TakesIfMatch = true,
        Body = new(
            Schemas.Object(char.ToUpperInvariant(id[0]) + id[1..] + "Request", new Field("note", Schemas.Text(PlanDecision.MaxNoteLength), "Why; kept with the plan.", note)),
            ("plain", "{}"),
            ("note", $$"""{"note":"{{note}}"}""")),
        Answers = [AnswerDoc.Versioned<PlanView>(200, "The plan as it is now.", Plan)],
        Refusals = [NoSuchPlan, refusal],
    };
}
