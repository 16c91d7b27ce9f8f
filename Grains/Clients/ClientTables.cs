using System.Collections.Immutable;

namespace Actors.Clients;

/// <summary>A table as it is exported and imported.</summary>
/// <param name="Name">Its name, which is also the type of its lines.</param>
/// <param name="Columns">Its columns, as they stand in a line: all but the client's id, and what follows from other columns.</param>
internal sealed record ClientTable(string Name, params string[] Columns)
{
    private const string ClientColumn = "client_id";

    /// <summary>Where its rows of a client are, as <c>t</c>; <c>$1</c> is the client.</summary>
    public string From { get; init; } = $"{Name} t where t.client_id = $1";

    /// <summary>An order of all its rows which is the same in another database.</summary>
    public string Order { get; init; } = "t.created_at, t.id";

    /// <summary>Columns filled in for the client at hand, with the SQL that does so; <c>r</c> is the row, <c>$1</c> the client.</summary>
    public ImmutableArray<(string Column, string Sql)> Filled { get; init; } = [(ClientColumn, "$1")];

    /// <summary>Columns that name a row of the catalogue, which another database may not have, and the table it is in.</summary>
    public ImmutableArray<(string Column, string Table)> Links { get; init; } = [];

    /// <summary>Whether each row is a change of the client's memory, which the import logs for all at once; triggers log the others.</summary>
    public bool IsMemory { get; init; }

    /// <summary>
    /// What the schema does not ask of its rows, since the service alone writes such rows or tells their times: sentences, and the SQL by which
    /// <c>r</c> breaks them, <c>$1</c> being the client.
    /// </summary>
    public ImmutableArray<(string Name, string Broken)> Rules { get; init; } = [];

    public bool HasColumn(string name) => Array.IndexOf(Columns, name) >= 0;
}

/// <summary>
/// Everything a client has, table by table; no row refers to one of a later table. Left out is what is made again: vectors, answers to repeated
/// requests, the change log. A test holds the columns against the schema.
/// </summary>
internal static class ClientTables
{
    private const string SessionId = "zep_session_id";

    private static readonly (string, string) OwnSession = (SessionId, "'client_' || $1");

    private static readonly string[] Belief =
    [
        "subject_type", "subject_id", "fact_type", "content", "salience_score", "category", "fact_key", "valid_from", "valid_to", "metadata",
        "zep_fact_id", "superseded_by", "created_at", "recorded_at",
    ];

    public static ImmutableArray<ClientTable> All { get; } =
    [
        new("clients", "name", "created_at", "purged_to", "versions_purged_to")
        {
            // With how far back its past still reaches, which its head knows.
            From = "(select id, name, created_at, purged_to, versions_purged_to from clients left join session_heads on client_id = id) t where t.id = $1", Order = "t.id",
            Rules = [ImportRules.ByNow("clients", "created_at", "purged_to", "versions_purged_to")],
        },
        new("projects", "id", "name", "description", "billable", "status", "created_at", "updated_at"),
        new("sprints", "id", "name", "goal", "status", "starts_on", "ends_on", "capacity_hours", "created_at", "updated_at"),
        new(
            "execution_runs", "id", "run_identifier", "process_template_id", "workflow_id", "status", "estimated_hours", "actual_hours", "telemetry", "started_at",
            "ended_at", "created_at", "updated_at")
        {
            Links = [("process_template_id", "process_templates"), ("workflow_id", "workflows")],
        },
        new("run_steps", "run_id", "step_number", "title", "estimated_hours", "actual_hours")
        {
            From = "run_steps t join execution_runs o on o.id = t.run_id where o.client_id = $1", Order = "t.run_id, t.step_number", Filled = [],
            Rules = [ImportRules.OfTheClient("run_steps", ("run_id", "execution_runs"))],
        },
        new(
            "plans", "id", "title", "intent", "status", "sop", "context", "created_at", "updated_at", SessionId, "engagement_id", "workflow_id", "process_template_id",
            "status_note", "written_by", "tasks_created_at")
        {
            Filled = [("client_id", "$1"), (SessionId, $"case when r.{SessionId} is not null then 'client_' || $1 end")],
            Links = [("process_template_id", "process_templates"), ("workflow_id", "workflows")],
        },
        new(
            "tasks", "id", "project_id", "plan_id", "step_number", "title", "description", "status", "priority", "owner", "tags", "depends_on", "estimated_hours",
            "actual_hours", "due_at", "scheduled_start_at", "scheduled_end_at", "created_at", "updated_at", "sprint_id")
        {
            Rules = [ImportRules.OfTheClient("tasks", ("project_id", "projects"), ("plan_id", "plans"), ("sprint_id", "sprints"))],
        },
        new(
            "scheduler_runs", "id", "plan_id", "calendar", "status", "start_date", "horizon_days", "time_zone", "events_created", "calendar_events", "unscheduled",
            "error", "applied_at", "undone_at", "created_at", "updated_at")
        {
            Rules = [ImportRules.OfTheClient("scheduler_runs", ("plan_id", "plans"))],
        },
        new("facts", ["id", .. Belief, "updated_at"]) { IsMemory = true, Rules = [ImportRules.ByNow("facts", "created_at", "recorded_at"), ImportRules.FactsFollowVersions] },
        new("fact_versions", ["fact_id", .. Belief, "retracted_at", "operation", "actor", "reason"])
        {
            Order = "t.fact_id, t.recorded_at", Rules = [ImportRules.ByNow("fact_versions", "created_at", "retracted_at"), ImportRules.VersionsAreOfFacts, ImportRules.VersionsFollow],
        },
        new(
            "events", "id", "memory_type", "content", "conversation_id", "speaker", "run_id", "occurred_at", "created_at", "metadata", "memory_scope",
            "salience_score", "expires_at", "expired_at", "promoted_to_fact_id")
        {
            Filled = [("client_id", "$1"), OwnSession], IsMemory = true, Rules = [ImportRules.ByNow("events", "created_at", "expired_at")],
        },
        new("fact_sources", "fact_id", "event_id", "span_start", "span_end", "extractor", "extractor_version", "created_at", "ordinal", "model", "quote_hash")
        {
            From = "fact_sources t join events o on o.id = t.event_id where o.client_id = $1", Order = "t.fact_id, t.event_id, t.span_start, t.span_end, t.ordinal", Filled = [],
            Rules = [ImportRules.OfTheClient("fact_sources", ("event_id", "events"))],
        },
        // As far as they have come: what was found in an event is not looked for again.
        new(
            "promotion_jobs", "event_id", "state", "generation", "attempts", "failures", "next_attempt_at", "last_error", "extractor", "extractor_version", "model", "result",
            "set_aside", "created_at", "updated_at")
        {
            Order = "t.created_at, t.event_id", Rules = [ImportRules.OfTheClient("promotion_jobs", ("event_id", "events")), ImportRules.ByNow("promotion_jobs", "created_at", "updated_at")],
        },
        new("graph_nodes", "id", "subject_type", "subject_id", "label", "properties", "created_at", "updated_at"),
        new(
            "graph_edges", "id", "from_node_id", "to_node_id", "relation", "fact_id", "valid_from", "valid_to", "properties", "created_at", "updated_at")
        {
            // An edge of a fact that an operator has given to another client leads nowhere without that one.
            From = "graph_edges t where t.client_id = $1 and not exists (select from facts o where o.id = t.fact_id and o.client_id is distinct from $1)",
            Rules = [ImportRules.OfTheClient("graph_edges", ("from_node_id", "graph_nodes"), ("to_node_id", "graph_nodes"), ("fact_id", "facts"))],
        },
        new("reflections", "id", "mode", "period_start", "period_end", "summary", "insights", "recommendations", "events_analyzed", "runs_analyzed", "facts_extracted", "created_at", "updated_at"),
    ];

    /// <summary>The place of a table; -1: there is none of that name.</summary>
    public static int Find(string name)
    {
        for (var i = 0; i < All.Length; i++)
        {
            if (All[i].Name == name)
            {
                return i;
            }
        }

        return -1;
    }
}
