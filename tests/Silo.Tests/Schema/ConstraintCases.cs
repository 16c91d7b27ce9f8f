namespace Actors.Schema;

/// <summary>Statements that break exactly one rule each, by the name of the constraint; and some near misses.</summary>
internal static class ConstraintCases
{
    private const string NoId = "'00000000-0000-7000-8000-0000000000ff'";
    private const string SomeId = "'00000000-0000-7000-8000-000000000001'";
    private const string AsService = "select set_config('actors.writer', 'grain', true)";
    private const string Hash = "sha256('key')";

    public static IEnumerable<(string Constraint, string Statement)> Violations =>
    [
        ("clients_id_has_a_safe_form", "insert into clients (id) values ('-')"),
        ("clients_id_has_a_safe_form", "insert into clients (id) values ('')"),
        ("clients_id_has_a_safe_form", "insert into clients (id) values ('a/b')"),
        ("clients_id_has_a_safe_form", "insert into clients (id) values (repeat('a', 129))"),
        .. ClientIds(),
        .. ChangeConstraintCases.Violations,
        .. ZepConstraintCases.Violations,
        .. ExtractionConstraintCases.Violations,

        .. Named("projects", "name"),
        Event("content_has_1_to_262144_characters", "content", "''"),
        Event("content_has_1_to_262144_characters", "content", "repeat('a', 262145)"),
        Event("memory_type_is_known", "content, memory_type", "'a', 'dream'"),
        Event("memory_scope_is_known", "content, memory_scope", "'a', 'galaxy'"),
        Event("metadata_is_an_object", "content, metadata", "'a', '[]'"),
        // A short number in JSON, a hundred thousand digits as jsonb prints it.
        Event("metadata_has_at_most_1048576_bytes", "content, metadata", "'a', (select jsonb_object_agg(n, '1e100000'::jsonb) from generate_series(1, 11) n)"),
        Event("metadata_has_at_most_1048576_bytes", "content, metadata", "'a', jsonb_build_object('a', repeat('x', 1048568))"),
        Event("salience_score_is_between_0_and_1", "content, salience_score", "'a', 1.001"),
        Event("salience_score_is_between_0_and_1", "content, salience_score", "'a', -0.001"),
        Event("salience_score_is_between_0_and_1", "content, salience_score", "'a', 'NaN'"),
        Event("times_are_finite", "content, occurred_at", "'a', '-infinity'"),
        Event("times_are_finite", "content, occurred_at", "'a', '4713-01-01 BC'"),
        Event("times_are_finite", "content, occurred_at", "'a', '20000-01-01'"),
        Event("times_are_finite", "content, created_at", "'a', '4713-01-01 BC'"),
        Event("occurred_before_they_expire", "content, occurred_at, expires_at", "'a', '2026-01-02', '2026-01-01'"),
        Event("occurred_before_they_expire", "content, occurred_at, expires_at", "'a', '2026-01-01', '2026-01-01'"),
        Event("occurred_before_they_expire", "content, expires_at", "'a', 'infinity'"),
        Event("occurred_before_they_expire", "content, expires_at", "'a', '20000-01-01'"),
        Event("run_id_names_a_run", "content, run_id", $"'a', {NoId}"),
        Event("promoted_to_fact_id_names_a_fact", "content, promoted_to_fact_id", $"'a', {NoId}"),

        .. Named("plans", "title"),
        ("plans_sop_is_an_object", "insert into plans (title, sop) values ('a', '[]')"),
        ("plans_context_is_an_object", "insert into plans (title, context) values ('a', '1')"),
        ("plans_workflow_id_names_a_workflow", $"insert into plans (title, workflow_id) values ('a', {NoId})"),
        ("plans_process_template_id_names_a_template", $"insert into plans (title, process_template_id) values ('a', {NoId})"),
        ("plans_written_by_is_known", "insert into plans (title, written_by) values ('a', 'nobody')"),
        ("plans_tasks_created_at_is_finite", "insert into plans (title, tasks_created_at) values ('a', 'infinity')"),
        ("tasks_tags_are_a_flat_list", "insert into tasks (title, tags) values ('a', '{{a,b},{c,d}}')"),
        ("tasks_depends_on_is_a_flat_list", $"insert into tasks (title, depends_on) values ('a', array[array[{NoId}]]::uuid[])"),
        ("projects_were_written_in_calendar_time", "insert into projects (name, created_at) values ('a', '20000-01-01')"),
        ("plans_were_written_in_calendar_time", "insert into plans (title, created_at) values ('a', '20000-01-01')"),
        ("tasks_were_written_in_calendar_time", "insert into tasks (title, created_at) values ('a', '20000-01-01')"),
        ("execution_runs_were_written_in_calendar_time", "insert into execution_runs (status, created_at) values ('pending', '20000-01-01')"),
        ("sprints_were_written_in_calendar_time", "insert into sprints (name, starts_on, ends_on, created_at) values ('a', '2026-11-23', '2026-11-29', '20000-01-01')"),
        ("service_blueprints_were_written_in_calendar_time", "insert into service_blueprints (name, created_at) values ('a', '20000-01-01')"),
        ("workflows_were_written_in_calendar_time", "insert into workflows (name, created_at) values ('a', '20000-01-01')"),
        ("process_templates_were_written_in_calendar_time", "insert into process_templates (name, created_at) values ('a', '20000-01-01')"),
        ("prompt_templates_were_written_in_calendar_time", "insert into prompt_templates (name, template, created_at) values ('a', 'b', '20000-01-01')"),
        .. Named("tasks", "title"),
        .. Hours("tasks", "title", "estimated_hours", "actual_hours"),
        ("tasks_step_number_starts_at_one", "insert into tasks (title, step_number) values ('a', 0)"),
        ("tasks_scheduled_start_before_end", "insert into tasks (title, scheduled_start_at, scheduled_end_at) values ('a', '2026-01-02', '2026-01-01')"),
        ("tasks_times_are_finite", "insert into tasks (title, due_at) values ('a', 'infinity')"),
        ("tasks_project_id_names_a_project", $"insert into tasks (title, project_id) values ('a', {NoId})"),
        ("tasks_plan_id_names_a_plan", $"insert into tasks (title, plan_id) values ('a', {NoId})"),
        ("tasks_sprint_id_names_a_sprint", $"insert into tasks (title, sprint_id) values ('a', {NoId})"),

        Key("key_hash_is_a_sha256", "key_hash", "'abc'"),
        Key("role_is_known", "role", "'root'"),
        Key("name_is_not_empty", "name", "''"),
        Key("prefix_does_not_give_the_key_away", "key_prefix", "'0123456789abc'"),
        Key("client_ids_are_named", "client_ids", "array['a', null]"),
        Key("rate_limit_is_positive", "rate_limit_per_minute", "0"),
        Key("name_has_at_most_200_characters", "name", "repeat('a', 201)"),
        Key("client_ids_have_a_safe_form", "client_ids", "array['a', '-']"),
        Key("client_ids_are_at_most_1000", "client_ids", "array(select 'c' || n from generate_series(1, 1001) n)"),
        ("api_keys_of_admins_name_no_clients", $"insert into api_keys (name, key_hash, role, client_ids) values ('a', {Hash}, 'admin', '{{a}}')"),
        .. new[] { "expires_at", "disabled_at", "last_used_at", "created_at", "updated_at" }.Select(column => Key("times_are_finite", column, "'infinity'")),
        ("api_keys_are_at_most_10000", "insert into api_keys (name, key_hash) select 'a', sha256(n::text::bytea) from generate_series(1, 10001) n"),
        ("access_head_has_one_row", "insert into access_head (is_only_row) values (false)"),
        ("api_keys_key_hash_is_unique", $"insert into api_keys (name, key_hash) values ('a', {Hash}), ('b', {Hash})"),
        Idempotency("answer_is_final", "status_code", "503"),
        Idempotency("answer_is_final", "status_code", "429"),
        Idempotency("expire_after_creation", "expires_at", "'2020-01-01'"),
        Idempotency("have_1_to_255_characters", "idempotency_key", "''"),
        Idempotency("request_hash_is_a_sha256", "request_hash", "'abc'"),

        .. Named("service_blueprints", "name"),
        ("service_blueprints_definition_is_an_object", "insert into service_blueprints (name, definition) values ('a', '[]')"),
        .. Named("workflows", "name"),
        ("workflows_steps_are_a_list", "insert into workflows (name, steps) values ('a', '{}')"),
        ("workflows_version_starts_at_one", "insert into workflows (name, version) values ('a', 0)"),
        ("workflows_are_not_their_own_parent", $"insert into workflows (id, name, parent_workflow_id) values ({SomeId}, 'a', {SomeId})"),
        ("workflows_parent_names_a_workflow", $"insert into workflows (name, parent_workflow_id) values ('a', {NoId})"),
        ("workflows_blueprint_names_a_blueprint", $"insert into workflows (name, service_blueprint_id) values ('a', {NoId})"),
        .. Named("process_templates", "name"),
        ("process_templates_checklist_is_a_list", "insert into process_templates (name, checklist) values ('a', '{}')"),
        ("process_templates_workflow_names_a_workflow", $"insert into process_templates (name, workflow_id) values ('a', {NoId})"),
        ("process_templates_project_names_a_project", $"insert into process_templates (name, project_id) values ('a', {NoId})"),
        ("prompt_templates_name_is_not_empty", "insert into prompt_templates (name, template) values ('', 'a')"),
        ("prompt_templates_template_is_not_empty", "insert into prompt_templates (name, template) values ('a', '')"),
        ("prompt_templates_version_starts_at_one", "insert into prompt_templates (name, template, version) values ('a', 'a', 0)"),
        ("prompt_templates_variables_are_a_list", "insert into prompt_templates (name, template, variables) values ('a', 'a', '{}')"),
        ("prompt_templates_have_one_active_version", "insert into prompt_templates (name, template, version) values ('a', 'a', 1), ('a', 'b', 2)"),
        ("prompt_templates_name_has_one_text_per_version", "insert into prompt_templates (name, template) values ('a', 'a'), ('a', 'b')"),

        .. Hours("execution_runs", "run_identifier", "estimated_hours", "actual_hours"),
        ("execution_runs_status_is_known", "insert into execution_runs (status) values ('lost')"),
        ("execution_runs_completed_has_actual_hours", "insert into execution_runs (status, estimated_hours) values ('completed', 1)"),
        ("execution_runs_started_before_ended", "insert into execution_runs (started_at, ended_at) values ('2026-01-02', '2026-01-01')"),
        ("execution_runs_times_are_finite", "insert into execution_runs (started_at) values ('-infinity')"),
        ("execution_runs_telemetry_is_json_structure", "insert into execution_runs (telemetry) values ('1')"),
        ("execution_runs_run_identifier_is_not_empty", "insert into execution_runs (run_identifier) values ('')"),
        ("execution_runs_run_identifier_is_unique_per_client", "insert into execution_runs (run_identifier) values ('a'), ('a')"),
        ("execution_runs_template_names_a_template", $"insert into execution_runs (process_template_id) values ({NoId})"),
        ("execution_runs_workflow_names_a_workflow", $"insert into execution_runs (workflow_id) values ({NoId})"),
        ("run_steps_run_names_a_run", $"insert into run_steps (run_id, step_number, title) values ({NoId}, 1, 'a')"),
        ("run_steps_step_number_starts_at_one", $"{RunOfOne}; insert into run_steps (run_id, step_number, title) values ({SomeId}, 0, 'a')"),
        ("run_steps_title_is_not_empty", $"{RunOfOne}; insert into run_steps (run_id, step_number, title) values ({SomeId}, 1, '')"),
        ("run_steps_estimated_hours_are_not_negative", $"{RunOfOne}; insert into run_steps (run_id, step_number, title, estimated_hours) values ({SomeId}, 1, 'a', -1)"),
        ("run_steps_actual_hours_are_not_negative", $"{RunOfOne}; insert into run_steps (run_id, step_number, title, actual_hours) values ({SomeId}, 1, 'a', 'infinity')"),
        ("workflows_origin_names_a_workflow", $"insert into workflows (name, origin_id) values ('a', {NoId})"),
        ("events_run_id_names_a_run", $"insert into execution_runs (id) values ({SomeId}); insert into events (content, run_id) values ('a', {SomeId}); delete from execution_runs"),
        ("events_run_is_of_the_same_client", $"{RunOfOne}; insert into events (content, client_id, run_id) values ('a', '2', {SomeId})"),
        ("scheduler_runs_status_is_known", "insert into scheduler_runs (status) values ('lost')"),
        ("scheduler_runs_horizon_is_1_to_366_days", "insert into scheduler_runs (horizon_days) values (0)"),
        ("scheduler_runs_events_created_is_not_negative", "insert into scheduler_runs (events_created) values (-1)"),
        ("scheduler_runs_applied_before_undone", "insert into scheduler_runs (applied_at, undone_at) values ('2026-01-02', '2026-01-01')"),
        ("scheduler_runs_calendar_events_are_a_list", "insert into scheduler_runs (calendar_events) values ('{}')"),
        ("scheduler_runs_unscheduled_is_a_list", "insert into scheduler_runs (unscheduled) values ('{}')"),
        ("scheduler_runs_plan_names_a_plan", $"insert into scheduler_runs (plan_id) values ({NoId})"),
        Reflection("mode_is_known", "'yearly', '2026-01-01', '2026-01-02'"),
        Reflection("period_start_before_end", "'daily', '2026-01-02', '2026-01-01'"),
        Reflection("counts_are_not_negative", "'daily', '2026-01-01', '2026-01-02'", ", runs_analyzed", ", -1"),
        Reflection("insights_are_a_list", "'daily', '2026-01-01', '2026-01-02'", ", insights", ", '{}'"),
        Reflection("recommendations_are_a_list", "'daily', '2026-01-01', '2026-01-02'", ", recommendations", ", '{}'"),
        ("reflections_period_is_reflected_once", "insert into reflections (period_start, period_end, summary) values ('2026-01-01', '2026-01-02', 'a'), ('2026-01-01', '2026-01-03', 'b')"),
        Sprint("name_is_not_empty", "'', '2026-01-01', '2026-01-02', 1, 'planned'"),
        Sprint("first_day_not_after_last", "'a', '2026-01-02', '2026-01-01', 1, 'planned'"),
        Sprint("capacity_hours_are_not_negative", "'a', '2026-01-01', '2026-01-02', -1, 'planned'"),
        Sprint("status_is_known", "'a', '2026-01-05', '2026-01-11', 1, 'lost'"),
        Sprint("run_from_monday_to_sunday", "'a', '2026-01-05', '2026-01-10', 1, 'planned'"),
        Sprint("run_from_monday_to_sunday", "'a', '2026-01-06', '2026-01-12', 1, 'planned'"),
        ("sprints_are_one_per_client_and_week", "insert into sprints (name, starts_on, ends_on) values ('a', '2026-01-05', '2026-01-11'), ('b', '2026-01-05', '2026-01-11')"),

        Fact("subject_is_named", "subject_id", "''"),
        Fact("fact_type_is_not_empty", "fact_type", "''"),
        Fact("content_has_1_to_262144_characters", "content", "''"),
        Fact("fact_key_is_not_empty", "fact_key", "''"),
        Fact("salience_score_is_between_0_and_1", "salience_score", "1.5"),
        Fact("salience_score_is_between_0_and_1", "salience_score", "'NaN'"),
        Fact("valid_from_before_valid_to", "valid_to", "now() - interval '1 day'"),
        Fact("valid_from_before_valid_to", "valid_to", "now()"),
        Fact("valid_time_is_finite", "valid_to", "'infinity'"),
        Fact("metadata_is_an_object", "metadata", "'[]'"),
        ("facts_do_not_supersede_themselves", $"insert into facts (id, superseded_by, subject_type, subject_id, fact_type, content) values ({SomeId}, {SomeId}, 'a', 'a', 'a', 'a')"),
        ("facts_single_valued_key_has_one_value_at_a_time", $"{KeyedFact("null", "'a'")}; {KeyedFact("null", "'b'")}"),
        ("facts_single_valued_key_has_one_value_at_a_time", $"{KeyedFact("'1'", "'a'", "'2026-01-01'", "'2026-01-03'")}; {KeyedFact("'1'", "'b'", "'2026-01-02'", "null")}"),
        ("facts_single_valued_key_has_one_value_at_a_time", $"{KeyedFact("'1'", "'a'", "'2026-01-01'", "'2026-01-02'")}; {KeyedFact("'1'", "'b'", "'2026-01-02'", "null")}; update facts set valid_to = '2026-01-03' where content = 'a'"),
        ("graph_nodes_subject_is_named", "insert into graph_nodes (subject_type, subject_id) values ('', 'a')"),
        ("graph_nodes_properties_are_an_object", "insert into graph_nodes (subject_type, subject_id, properties) values ('a', 'a', '[]')"),
        ("graph_nodes_entity_has_one_node_per_client", "insert into graph_nodes (subject_type, subject_id) values ('a', 'a'), ('a', 'a')"),
        ("graph_edges_start_at_a_node", $"{Node}; insert into graph_edges (relation, from_node_id, to_node_id) values ('a', {NoId}, {SomeId})"),
        ("graph_edges_end_at_a_node", $"{Node}; insert into graph_edges (relation, from_node_id, to_node_id) values ('a', {SomeId}, {NoId})"),
        Edge("relation_is_not_empty", "relation", "''"),
        Edge("valid_from_before_valid_to", "valid_to", "'2020-01-01'"),
        Edge("valid_time_is_finite", "valid_to", "'infinity'"),
        Edge("properties_are_an_object", "properties", "'[]'"),
        Edge("fact_names_a_fact", "fact_id", NoId),

        ("session_heads_belong_to_a_client", "insert into session_heads (client_id) values ('nobody')"),
        ("session_heads_version_is_not_negative", "insert into session_heads (client_id, version) values ('-', -1)"),
        ("session_heads_erase_epoch_is_not_negative", "insert into session_heads (client_id, erase_epoch) values ('-', -1)"),
        ("session_heads_log_pruned_to_is_not_negative", "insert into session_heads (client_id, log_pruned_to) values ('-', -1)"),
        ("events_expired_at_needs_an_end", $"{AsService}; insert into events (content, expired_at) values ('a', '2026-01-01')"),
        ("events_expired_at_needs_an_end", $"{AsService}; insert into events (content, expires_at, expired_at) values ('a', '2036-01-01', 'infinity')"),
        ("change_log_operation_is_known", $"insert into change_log (client_id, head_version, table_name, row_id, operation, writer) values ('-', 1, 'facts', {SomeId}, 'merge', 'a')"),
        Version("operation_is_known", "'2026-01-01', '2026-01-02', 'forge'"),
        Version("recorded_before_retracted", "'2026-01-01', '2026-01-01', 'update'"),
        ("fact_sources_event_names_an_event", $"insert into fact_sources (fact_id, event_id) values ({SomeId}, {NoId})"),
        Source("span_has_both_ends", "3, null"),
        Source("span_start_before_end", "3, 3"),
        ("fact_sources_name_a_span_once", $"{Source("", "null, null").Statement}; insert into fact_sources (fact_id, event_id) values ({SomeId}, {SomeId})"),
        ("fact_sources_ordinal_is_not_negative", $"insert into events (id, content) values ({SomeId}, 'a'); insert into fact_sources (fact_id, event_id, ordinal) values ({SomeId}, {SomeId}, -1)"),
        ("promotion_jobs_event_names_an_event", $"insert into promotion_jobs (event_id, client_id) values ({NoId}, 'a')"),
        Promotion("client_id_has_a_safe_form", "client_id = '-'"),
        Promotion("state_is_known", "state = 'lost'"),
        Promotion("attempts_are_not_negative", "attempts = -1"),
        Promotion("attempts_are_not_negative", "failures = -1"),
        Promotion("extracted_have_a_result", "state = 'extracted'"),
        Promotion("results_name_their_extractor", "state = 'extracted', result = '{}', extractor = 'rules'"),
        Promotion("results_name_their_extractor", "result = '{}', extractor_version = '1'"),
        Embedding("client_id_has_a_safe_form", "client_id", "'-'"),
        Embedding("table_name_is_known", "table_name", "'plans'"),
        Embedding("model_has_1_to_400_characters", "model", "''"),
        Embedding("model_has_1_to_400_characters", "model", "repeat('a', 401)"),
        Embedding("dimensions_are_1_to_8192", "dimensions", "8193"),
        Embedding("vector_has_a_byte_per_dimension", "vector", "'\\x01'"),
        Embedding("scale_is_positive", "scale", "0"),
        Embedding("scale_is_positive", "scale", "'NaN'"),
        ("embedding_progress_model_has_1_to_400_characters", "insert into embedding_progress (client_id, model, version) values ('a', '', 0)"),
        ("embedding_progress_version_is_not_negative", "insert into embedding_progress (client_id, model, version) values ('a', 'a', -1)"),

        Erasure("client_id_has_a_safe_form", "client_id", "'-'"),
        Erasure("erase_epoch_starts_at_one", "erase_epoch", "0"),
        Erasure("erased_at_is_finite", "erased_at", "'infinity'"),
        Erasure("removed_is_an_object", "removed", "'[]'"),
        Erasure("valkey_is_known", "valkey", "'lost'"),
        Erasure("valkey_keys_are_not_negative", "valkey_keys", "-1"),
    ];

    public static IEnumerable<(string Why, string Statement)> Accepted =>
    [
        ("keyed facts that meet", $"{KeyedFact("'1'", "'a'", "'2026-01-01'", "'2026-01-02'")}; {KeyedFact("'1'", "'b'", "'2026-01-02'", "null")}"),
        ("the same key of two clients and the house", $"{KeyedFact("'1'", "'a'")}; {KeyedFact("'2'", "'b'")}; {KeyedFact("null", "'c'")}"),
        ("facts without a key side by side", "insert into facts (subject_type, subject_id, fact_type, content) values ('a', 'a', 'a', 'a'), ('a', 'a', 'a', 'b')"),
        ("the ends of salience", "insert into events (content, salience_score) values ('a', 0), ('a', 1)"),
        ("the longest content and client", "insert into events (content, client_id) values (repeat('ä', 262144), repeat('a', 128))"),
        ("the same run of two clients", "insert into execution_runs (client_id, run_identifier) values ('1', 'a'), ('2', 'a'), (null, 'a')"),
        ("a run named by its own client and by the house", $"{RunOfOne}; insert into events (content, client_id, run_id) values ('a', '1', {SomeId}), ('a', null, {SomeId})"),
        ("the first and last day of the calendar, and metadata of 1 MiB", "insert into events (content, occurred_at, metadata) values ('a', '0001-01-02 00:00:00+00', jsonb_build_object('a', repeat('x', 1048567))), ('a', '9998-12-31 23:59:59+00', '{}')"),
        ("as many keys as there may be, the longest name and the most clients", $"""
            insert into api_keys (name, key_hash) select 'a', sha256(n::text::bytea) from generate_series(1, 9999) n;
            insert into api_keys (name, key_hash, client_ids) values (repeat('ä', 200), {Hash}, array(select 'c' || n from generate_series(1, 1000) n))
            """),
        ("the same week of two clients and the house", "insert into sprints (client_id, name, starts_on, ends_on) select client, 'a', '2026-01-05', '2026-01-11' from unnest(array['1', '2', null]) client"),
        ("a deleted fact's edges and promotions", $"""
            insert into facts (id, subject_type, subject_id, fact_type, content) values ({SomeId}, 'a', 'a', 'a', 'a');
            {Node}; insert into graph_edges (relation, from_node_id, to_node_id, fact_id) values ('a', {SomeId}, {SomeId}, {SomeId});
            insert into events (content, promoted_to_fact_id) values ('a', {SomeId}); delete from facts
            """),
    ];

    private const string Node = $"insert into graph_nodes (id, subject_type, subject_id) values ({SomeId}, 'a', 'a')";

    private const string RunOfOne = $"insert into execution_runs (id, client_id) values ({SomeId}, '1')";

    private static IEnumerable<(string, string)> ClientIds()
    {
        (string Table, string Columns, string Values)[] tables =
        [
            ("projects", "name", "'a'"), ("events", "content", "'a'"), ("plans", "title", "'a'"), ("tasks", "title", "'a'"),
            ("execution_runs", "status", "'pending'"), ("scheduler_runs", "status", "'planned'"),
            ("reflections", "period_start, period_end, summary", "'2026-01-01', '2026-01-02', 'a'"),
            ("sprints", "name, starts_on, ends_on", "'a', '2026-01-01', '2026-01-02'"),
            ("facts", "subject_type, subject_id, fact_type, content", "'a', 'a', 'a', 'a'"),
            ("graph_nodes", "subject_type, subject_id", "'a', 'a'"),
        ];
        return
        [
            .. tables.Select(t => ($"{t.Table}_client_id_has_a_safe_form", $"insert into {t.Table} (client_id, {t.Columns}) values ('-', {t.Values})")),
            ("graph_edges_client_id_has_a_safe_form", $"{Node}; insert into graph_edges (client_id, relation, from_node_id, to_node_id) values ('-', 'a', {SomeId}, {SomeId})"),
        ];
    }

    private static (string, string)[] Named(string table, string name) =>
    [
        ($"{table}_{name}_is_not_empty", $"insert into {table} ({name}) values ('')"),
        ($"{table}_status_is_known", $"insert into {table} ({name}, status) values ('a', 'lost')"),
    ];

    private static IEnumerable<(string, string)> Hours(string table, string name, params string[] columns) =>
        from column in columns
        from value in new[] { "-0.1", "'NaN'", "'infinity'" }
        select ($"{table}_{column}_are_not_negative", $"insert into {table} ({name}, {column}) values ('a', {value})");

    private static (string, string) Event(string rule, string columns, string values) =>
        ($"events_{rule}", $"insert into events ({columns}) values ({values})");

    private static (string, string) Key(string rule, string column, string value) =>
        With($"api_keys_{rule}", "api_keys", new() { ["name"] = "'a'", ["key_hash"] = Hash }, column, value);

    private static (string, string) Idempotency(string rule, string column, string value) => With(
        $"idempotency_keys_{rule}", "idempotency_keys",
        new() { ["api_key_id"] = SomeId, ["path"] = "'/'", ["idempotency_key"] = "'a'", ["request_hash"] = Hash, ["status_code"] = "200", ["response_body"] = "''" },
        column, value);

    private static (string, string) Fact(string rule, string column, string value) => With(
        $"facts_{rule}", "facts", new() { ["subject_type"] = "'a'", ["subject_id"] = "'a'", ["fact_type"] = "'a'", ["content"] = "'a'" }, column, value);

    private static (string, string) Edge(string rule, string column, string value)
    {
        var (name, statement) = With(
            $"graph_edges_{rule}", "graph_edges", new() { ["relation"] = "'a'", ["from_node_id"] = SomeId, ["to_node_id"] = SomeId }, column, value);
        return (name, $"{Node}; {statement}");
    }

    private static (string, string) Embedding(string rule, string column, string value) => With(
        $"embeddings_{rule}", "embeddings",
        new()
        {
            ["memory_id"] = SomeId, ["table_name"] = "'events'", ["model"] = "'a'", ["dimensions"] = column == "dimensions" ? "8193" : "2",
            ["content_hash"] = "md5('a')::uuid", ["vector"] = column == "dimensions" ? "repeat('a', 8193)::bytea" : "'\\x0102'", ["scale"] = "1",
        },
        column, value);

    private static (string, string) With(string constraint, string table, Dictionary<string, string> row, string column, string value)
    {
        row[column] = value;
        return (constraint, $"insert into {table} ({string.Join(", ", row.Keys)}) values ({string.Join(", ", row.Values)})");
    }

    // The column that breaks the rule in the place of a value that does not.
    private static (string, string) Erasure(string rule, string column, string value)
    {
        var row = new Dictionary<string, string> { ["client_id"] = "'a'", ["erase_epoch"] = "1", ["erased_at"] = "now()" };
        row[column] = value;
        return ($"erasures_{rule}", $"insert into erasures ({string.Join(", ", row.Keys)}) values ({string.Join(", ", row.Values)})");
    }

    private static string KeyedFact(string client, string content, string from = "'2026-01-01'", string to = "null") =>
        "insert into facts (client_id, subject_type, subject_id, fact_type, fact_key, content, valid_from, valid_to) "
        + $"values ({client}, 'user', '1', 'preference', 'work_hours', {content}, {from}, {to})";

    private static (string, string) Reflection(string rule, string period, string column = "", string value = "") =>
        ($"reflections_{rule}", $"insert into reflections (mode, period_start, period_end, summary{column}) values ({period}, 'a'{value})");

    private static (string, string) Sprint(string rule, string values) =>
        ($"sprints_{rule}", $"insert into sprints (name, starts_on, ends_on, capacity_hours, status) values ({values})");

    private static (string, string) Version(string rule, string values) =>
        ($"fact_versions_{rule}", "insert into fact_versions (fact_id, subject_type, subject_id, fact_type, content, salience_score, valid_from, metadata, created_at, actor, recorded_at, retracted_at, operation) "
            + $"values ({SomeId}, 'a', 'a', 'a', 'a', 0, now(), '{{}}', now(), 'a', {values})");

    private static (string, string) Promotion(string rule, string change) =>
        ($"promotion_jobs_{rule}", $"insert into events (id, client_id, content, salience_score) values ({SomeId}, 'a', 'a', 0.7); update promotion_jobs set {change} where event_id = {SomeId}");

    private static (string Constraint, string Statement) Source(string rule, string span) =>
        ($"fact_sources_{rule}", $"insert into events (id, content) values ({SomeId}, 'a'); insert into fact_sources (fact_id, event_id, span_start, span_end) values ({SomeId}, {SomeId}, {span})");
}
