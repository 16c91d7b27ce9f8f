namespace Actors.Api.Tests.OpenApi;

/// <summary>A well-formed request that breaks a rule.</summary>
/// <param name="Operation">Whose rule.</param>
/// <param name="Code">What the service calls it.</param>
/// <param name="Body">The request.</param>
/// <param name="Make">Makes what it names by id; null: anything that is there will do.</param>
internal sealed record BrokenRule(string Operation, string Code, string Body, Func<ServiceFixture, Task<string>>? Make = null);

/// <summary>A request for every rule of the document.</summary>
internal static class BrokenRules
{
    private const string HugeNumber = """{"n":1e400}""";

    /// <summary>Rules that take too much to break: ten thousand keys, and a hundred webhooks that others need.</summary>
    public static readonly (string Operation, string Code)[] NotTried = [("createKey", "too_many_keys"), ("createWebhook", "too_many_webhooks")];

    // The last one is printed with all its digits, which makes it larger than a body may be.
    private static readonly (string Code, string Members)[] OfMemories =
    [
        ("run_scope_needs_run_id", """ "memory_scope":"run" """),
        ("unknown_run", """ "run_id":"00000000-0000-7000-8000-000000000000" """),
        ("expires_before_it_occurred", """ "occurred_at":"2026-01-02T00:00:00Z","expires_at":"2026-01-01T00:00:00Z" """),
        ("number_out_of_range", $""" "metadata":{HugeNumber} """),
        ("events_metadata_has_at_most_1048576_bytes", $$""" "metadata":{"n":[{{string.Join(',', Enumerable.Repeat("1e300", 4_000))}}]} """),
    ];

    private static readonly (string Code, string Members)[] OfFacts =
    [
        ("metadata_not_storable", $""" "metadata":{HugeNumber} """),
        ("unknown_source", """ "source_memory_ids":["00000000-0000-7000-8000-000000000000"] """),
    ];

    public static IEnumerable<BrokenRule> All =>
    [
        .. OfMemories.Select(rule => new BrokenRule("remember", rule.Code, Memory(rule.Members))),
        .. OfMemories.Select(rule => new BrokenRule("rememberBatch", rule.Code, $"[{Memory(rule.Members)}]")),

        .. OfFacts.Select(rule => new BrokenRule("createFact", rule.Code, Fact(rule.Members))),
        new("createFact", "valid_from_not_before_valid_to", Fact(""" "valid_from":"2026-01-02T00:00:00Z","valid_to":"2026-01-01T00:00:00Z" """)),
        new("createFact", "fact_key_taken", Fact(""" "fact_key":"k","valid_from":"2026-01-01T00:00:00Z" """), service =>
            Made.FactAsync(service, "a", new() { ["subject_id"] = "taken", ["fact_key"] = "k", ["valid_from"] = "2026-01-01T00:00:00Z" })),

        .. OfFacts.Select(rule => new BrokenRule("updateFact", rule.Code, $$"""{"content":"b",{{rule.Members}}}""")),
        new("updateFact", "effective_at_not_after_valid_from", """{"content":"b","effective_at":"1990-01-01T00:00:00Z"}"""),
        new("updateFact", "fact_superseded", """{"content":"b"}""", Made.RetractedFactAsync),

        new("correctFact", "valid_from_not_before_valid_to", """{"reason":"r","valid_from":"2026-01-02T00:00:00Z","valid_to":"2026-01-01T00:00:00Z"}"""),
        new("correctFact", "correction_changes_nothing", """{"reason":"r","content":"a"}"""),
        new("correctFact", "fact_superseded", """{"reason":"r","content":"b"}""", Made.RetractedFactAsync),
        new("correctFact", "fact_key_taken", """{"reason":"r","valid_to":"2026-03-01T00:00:00Z"}""", Made.HemmedInFactAsync),

        new("retractFact", "fact_superseded", """{"reason":"r"}""", Made.RetractedFactAsync),

        new("retryPromotion", "promotion_done", "{}", Made.DonePromotionAsync),

        new("createServiceBlueprint", "no_such_workflow", """{"name":"a","workflow_sequence":["00000000-0000-7000-8000-000000000000"]}"""),
        new("changeServiceBlueprint", "no_such_workflow", """{"workflow_sequence":["00000000-0000-7000-8000-000000000000"]}"""),
        new("createWorkflow", "no_such_parent", """{"name":"a","parent_workflow_id":"00000000-0000-7000-8000-000000000000"}"""),
        new("changeWorkflow", "no_such_parent", """{"parent_workflow_id":"00000000-0000-7000-8000-000000000000"}"""),
        new("changeWorkflow", "workflow_contains_itself", $$"""{"parent_workflow_id":"{{Made.PartId}}"}""", Made.WholeWorkflowAsync),
        new("changeWorkflow", "workflow_superseded", """{"steps":[{"title":"c"}]}""", Made.SupersededWorkflowAsync),
        new("deleteWorkflow", "workflow_in_use", "{}", Made.UsedWorkflowAsync),
        new("instantiateWorkflow", "no_such_project", """{"engagement_id":"e","project_id":"00000000-0000-7000-8000-000000000000"}"""),
        new("createProcessTemplate", "no_such_workflow", """{"name":"a","checklist":[],"workflow_id":"00000000-0000-7000-8000-000000000000"}"""),
        new("createProcessTemplate", "no_such_project", """{"name":"a","checklist":[],"project_id":"00000000-0000-7000-8000-000000000000"}"""),
        new("changeProcessTemplate", "no_such_workflow", """{"workflow_id":"00000000-0000-7000-8000-000000000000"}"""),
        new("changeProcessTemplate", "no_such_project", """{"project_id":"00000000-0000-7000-8000-000000000000"}"""),
        new("deleteProcessTemplate", "template_in_use", "{}", Made.UsedTemplateAsync),

        new("createPromptTemplate", "prompt_name_taken", """{"name":"taken","template":"a"}""", Made.TakenPromptAsync),
        new("createPromptTemplate", "malformed_placeholder", """{"name":"a","template":"{{"}"""),
        new("createPromptTemplate", "undeclared_variable", """{"name":"a","template":"{{b}}","variables":[]}"""),
        new("createPromptTemplate", "unused_variable", """{"name":"a","template":"b","variables":["b"]}"""),
        new("createPromptTemplate", "variable_not_supplied", """{"name":"plan.sop","template":"{{weather}}"}"""),
        new("changePromptTemplate", "malformed_placeholder", """{"template":"{{"}"""),
        new("changePromptTemplate", "undeclared_variable", """{"template":"{{b}}","variables":[]}"""),
        new("changePromptTemplate", "unused_variable", """{"template":"b","variables":["b"]}"""),
        new("changePromptTemplate", "variable_not_supplied", """{"template":"{{weather}}"}""", Made.ServicePromptAsync),
        new("changePromptTemplate", "prompt_in_use", """{"active":false}""", Made.ServicePromptAsync),
        new("deletePromptTemplate", "prompt_in_use", "{}", Made.ServicePromptAsync),
        new("deleteOutbox", "outbox_row_kept", "{}", Made.OutboxErasureAsync),
        new("renderPromptTemplate", "malformed_placeholder", "{}", Made.MalformedPromptAsync),
        new("renderPromptTemplate", "variable_missing", "{}"),
        new("renderPromptTemplate", "variable_unknown", """{"variables":{"client":"a","week":"b","month":"c"}}"""),
        new("renderPromptTemplate", "prompt_too_long", $$$"""{"variables":{"client":"{{{new string('x', 65_537)}}}"}}""", Made.RepetitivePromptAsync),

        new("startRun", "run_identifier_taken", """{"client_id":"1","run_identifier":"taken"}""", Made.TakenIdentifierAsync),
        new("startRun", "no_such_template", """{"client_id":"1","process_template_id":"00000000-0000-7000-8000-000000000000"}"""),
        new("startRun", "no_such_workflow", """{"client_id":"1","workflow_id":"00000000-0000-7000-8000-000000000000"}"""),
        .. ((string[])["reportRun", "completeRun", "failRun", "cancelRun"]).SelectMany(operation => (BrokenRule[])
        [
            new(operation, "run_ended", """{"actual_hours":1}""", Made.EndedRunAsync),
            new(operation, "no_such_step", """{"actual_hours":1,"steps":[{"step_number":7,"actual_hours":1}]}""", Made.RunAsync),
            new(operation, "telemetry_too_large", $$$"""{"actual_hours":1,"telemetry":{"log":"{{{new string('x', 262_144)}}}"}}""", Made.RunAsync),
            new(operation, "number_out_of_range", $$"""{"actual_hours":1,"telemetry":{{HugeNumber}}}""", Made.RunAsync),
            new(operation, "telemetry_not_readable", """{"actual_hours":1,"telemetry":{"n":1}}""", Made.DeepRunAsync),
        ]),
        new("completeRun", "actual_hours_required", "{}", Made.RunAsync),

        new("createPlan", "no_such_workflow", """{"client_id":"1","intent":"a","workflow_id":"00000000-0000-7000-8000-000000000000"}"""),
        new("createPlan", "number_out_of_range", $$"""{"client_id":"1","intent":"a","context":{{HugeNumber}} }"""),
        new("changePlan", "plan_not_draft", """{"plan_title":"b"}""", Made.ApprovedPlanAsync),
        new("changePlan", "step_numbers_repeat", Sop("""{"title":"a","step_number":1},{"title":"b","step_number":1}"""), service => Made.PlanAsync(service)),
        new("changePlan", "no_such_step", Sop("""{"title":"a","dependencies":[7]}"""), service => Made.PlanAsync(service)),
        new("changePlan", "steps_depend_on_each_other", Sop("""{"title":"a","dependencies":[2]},{"title":"b","dependencies":[1]}"""), service => Made.PlanAsync(service)),
        new("approvePlan", "plan_not_draft", "{}", Made.ApprovedPlanAsync),
        new("createPlanTasks", "plan_has_tasks", "{}", Made.PlanWithTasksAsync),
        new("createPlanTasks", "plan_has_no_steps", "{}", Made.EmptyPlanAsync),
        new("createPlanTasks", "plan_over", "{}", Made.ArchivedPlanAsync),
        new("createPlanTasks", "no_such_project", """{"project_id":"00000000-0000-7000-8000-000000000000"}""", service => Made.PlanAsync(service)),
        new("archivePlan", "plan_archived", "{}", Made.ArchivedPlanAsync),
        .. ((string[])["createTask", "changeTask"]).SelectMany(operation => (BrokenRule[])
        [
            new(operation, "no_such_project", """{"title":"a","project_id":"00000000-0000-7000-8000-000000000000"}""", Made.TaskAsync),
            new(operation, "no_such_task", """{"title":"a","depends_on":["00000000-0000-7000-8000-000000000000"]}""", Made.TaskAsync),
            new(operation, "scheduled_start_not_before_end", """{"title":"a","scheduled_start_at":"2026-01-02T00:00:00Z","scheduled_end_at":"2026-01-01T00:00:00Z"}""", Made.TaskAsync),
        ]),
        new("changeTask", "tasks_depend_on_each_other", $$"""{"depends_on":["{{Made.LaterTaskId}}"]}""", Made.EarlierTaskAsync),
        new("createSprint", "sprint_exists", $$"""{"client_id":"1","sprint_id":"{{Made.TakenWeek}}"}""", Made.TakenWeekAsync),

        new("importClient", "client_not_empty", Import(""), Made.ClientAsync),
        new("importClient", "import_id_taken", Import(Project(Made.TakenProjectId, "active"), projects: 1), Made.ClientToImportAsync),
        new("importClient", "import_refused", Import(Project("01a20000-0000-7000-8000-000000000006", "forgotten"), projects: 1), Made.ClientToImportAsync),
        new("importClient", "import_incomplete", Import("", projects: 1), Made.ClientToImportAsync),

        new("createKey", "expires_in_the_past", """{"name":"x","expires_at":"2020-01-01T00:00:00Z"}"""),
        new("createKey", "admin_key_with_clients", """{"name":"x","role":"admin","client_ids":["1"]}"""),
        new("changeKey", "admin_key_with_clients", """{"client_ids":["1"]}""", service => Made.KeyAsync(service, "admin")),
    ];

    private static string Import(string rows, int projects = 0) =>
        $$"""
        {"type":"header","format":1}
        {{rows}}
        {"type":"end","rows":{"projects":{{projects}}} }
        """;

    private static string Project(string id, string status) =>
        $$"""{"type":"projects","id":"{{id}}","name":"a","billable":true,"status":"{{status}}","created_at":"2026-11-20T09:00:00Z","updated_at":"2026-11-20T09:00:00Z"}""";

    private static string Memory(string members) => $$"""{"content":"a","client_id":"1",{{members}}}""";

    private static string Sop(string steps) => $$"""{"sop":{"name":"a","checklist":[{{steps}}]} }""";

    private static string Fact(string members) => $$"""{"client_id":"1","subject_type":"user","subject_id":"taken","fact_type":"note","content":"a",{{members}}}""";
}
