-- The eleven tables of memory and planning, the columns they add to events and plans, and update_fact_temporal: the extension
-- of the planner system that belongs together, hence the length.
-- Lock cost: adding the columns and constraints takes ACCESS EXCLUSIVE on events and plans; the checks read every row there
-- once and the stored defaults are constants, so no row is rewritten. Everything else is new.
--
-- SQLSTATEs raised by our own functions: PM001 session_version_conflict (004), PM002 fact_needs_client_id, PM003 extension missing.

do $$
begin
    create extension if not exists btree_gist;
exception
    when insufficient_privilege then
        raise exception 'extension btree_gist is missing and role "%" may not create it in database "%"', current_user, current_database()
            using errcode = 'PM003',
                  hint = format('The privilege needed is CREATE on the database: GRANT CREATE ON DATABASE %I TO %I; or let a superuser run CREATE EXTENSION btree_gist.',
                                current_database(), current_user);
    when feature_not_supported or undefined_file then
        raise exception 'extension btree_gist is not installed on the Postgres server'
            using errcode = 'PM003',
                  hint = 'It is part of the contrib modules (Debian: package postgresql, Red Hat: postgresql-contrib). Then the privilege CREATE on the database is enough.';
end $$;

-- Catalogue -------------------------------------------------------------------------------------------------------------

create table service_blueprints (
    id          uuid primary key default uuid_v7(),
    name        text not null,
    description text,
    status      text not null default 'active',
    definition  jsonb not null default '{}',
    created_at  timestamptz not null default clock_timestamp(),
    updated_at  timestamptz not null default clock_timestamp(),
    constraint service_blueprints_name_is_not_empty check (length(name) > 0),
    constraint service_blueprints_status_is_known check (status in ('draft', 'active', 'retired')),
    constraint service_blueprints_definition_is_an_object check (jsonb_typeof(definition) = 'object')
);

create table workflows (
    id                   uuid primary key default uuid_v7(),
    name                 text not null,
    description          text,
    capability           text,
    version              integer not null default 1,
    parent_workflow_id   uuid constraint workflows_parent_names_a_workflow references workflows on delete set null,
    service_blueprint_id uuid constraint workflows_blueprint_names_a_blueprint references service_blueprints on delete set null,
    status               text not null default 'active',
    steps                jsonb not null default '[]',
    created_at           timestamptz not null default clock_timestamp(),
    updated_at           timestamptz not null default clock_timestamp(),
    constraint workflows_name_is_not_empty check (length(name) > 0),
    constraint workflows_status_is_known check (status in ('draft', 'active', 'retired')),
    constraint workflows_version_starts_at_one check (version >= 1),
    constraint workflows_are_not_their_own_parent check (parent_workflow_id <> id),
    constraint workflows_steps_are_a_list check (jsonb_typeof(steps) = 'array')
);
create index workflows_by_capability on workflows (capability);
create index workflows_by_parent on workflows (parent_workflow_id) where parent_workflow_id is not null;
create index workflows_by_blueprint on workflows (service_blueprint_id) where service_blueprint_id is not null;

create table process_templates (
    id            uuid primary key default uuid_v7(),
    name          text not null,
    workflow_id   uuid constraint process_templates_workflow_names_a_workflow references workflows on delete set null,
    engagement_id text,
    project_id    uuid constraint process_templates_project_names_a_project references projects on delete set null,
    status        text not null default 'active',
    checklist     jsonb not null default '[]',
    created_at    timestamptz not null default clock_timestamp(),
    updated_at    timestamptz not null default clock_timestamp(),
    constraint process_templates_name_is_not_empty check (length(name) > 0),
    constraint process_templates_status_is_known check (status in ('draft', 'active', 'completed', 'retired')),
    constraint process_templates_checklist_is_a_list check (jsonb_typeof(checklist) = 'array')
);
create index process_templates_by_engagement on process_templates (engagement_id, status);
create index process_templates_by_workflow on process_templates (workflow_id) where workflow_id is not null;
create index process_templates_by_project on process_templates (project_id) where project_id is not null;

create table prompt_templates (
    id         uuid primary key default uuid_v7(),
    name       text not null,
    version    integer not null default 1,
    purpose    text,
    template   text not null,
    variables  jsonb not null default '[]',
    active     boolean not null default true,
    created_at timestamptz not null default clock_timestamp(),
    updated_at timestamptz not null default clock_timestamp(),
    constraint prompt_templates_name_has_one_text_per_version unique (name, version),
    constraint prompt_templates_name_is_not_empty check (length(name) > 0),
    constraint prompt_templates_template_is_not_empty check (length(template) > 0),
    constraint prompt_templates_version_starts_at_one check (version >= 1),
    constraint prompt_templates_variables_are_a_list check (jsonb_typeof(variables) = 'array')
);

-- Runs ------------------------------------------------------------------------------------------------------------------

create table execution_runs (
    id                  uuid primary key default uuid_v7(),
    client_id           text constraint execution_runs_client_id_has_a_safe_form check (is_client_id(client_id)),
    run_identifier      text not null default uuid_v7()::text,
    process_template_id uuid constraint execution_runs_template_names_a_template references process_templates on delete set null,
    workflow_id         uuid constraint execution_runs_workflow_names_a_workflow references workflows on delete set null,
    status              text not null default 'pending',
    estimated_hours     numeric,
    actual_hours        numeric,
    -- Per cent, unrounded; null without an estimate above zero, since there is nothing to compare with.
    variance_pct        numeric generated always as
                        (case when estimated_hours > 0 then (actual_hours - estimated_hours) * 100 / estimated_hours end) stored,
    telemetry           jsonb not null default '{}',
    started_at          timestamptz,
    ended_at            timestamptz,
    created_at          timestamptz not null default clock_timestamp(),
    updated_at          timestamptz not null default clock_timestamp(),
    constraint execution_runs_belong_to_one_client unique (id, client_id),
    constraint execution_runs_run_identifier_is_unique_per_client unique nulls not distinct (client_id, run_identifier),
    constraint execution_runs_run_identifier_is_not_empty check (length(run_identifier) > 0),
    constraint execution_runs_status_is_known check (status in ('pending', 'running', 'completed', 'failed', 'cancelled')),
    constraint execution_runs_estimated_hours_are_not_negative check (estimated_hours >= 0 and estimated_hours < 'infinity'),
    constraint execution_runs_actual_hours_are_not_negative check (actual_hours >= 0 and actual_hours < 'infinity'),
    constraint execution_runs_completed_has_actual_hours check (status <> 'completed' or actual_hours is not null),
    constraint execution_runs_started_before_ended check (started_at <= ended_at),
    constraint execution_runs_times_are_finite check (is_calendar_time(started_at) and is_calendar_time(ended_at)),
    constraint execution_runs_telemetry_is_json_structure check (jsonb_typeof(telemetry) in ('object', 'array'))
);
create index execution_runs_by_client on execution_runs (client_id, created_at, id);
create index execution_runs_by_variance on execution_runs (status, variance_pct desc);
create index execution_runs_by_template on execution_runs (process_template_id) where process_template_id is not null;
create index execution_runs_by_workflow on execution_runs (workflow_id) where workflow_id is not null;

create table scheduler_runs (
    id              uuid primary key default uuid_v7(),
    client_id       text constraint scheduler_runs_client_id_has_a_safe_form check (is_client_id(client_id)),
    plan_id         uuid constraint scheduler_runs_plan_names_a_plan references plans on delete cascade,
    calendar        text,
    status          text not null default 'planned',
    start_date      date not null default current_date,
    horizon_days    integer not null default 14,
    time_zone       text not null default 'America/Los_Angeles',
    events_created  integer not null default 0,
    calendar_events jsonb not null default '[]',
    unscheduled     jsonb not null default '[]',
    error           text,
    applied_at      timestamptz,
    undone_at       timestamptz,
    created_at      timestamptz not null default clock_timestamp(),
    updated_at      timestamptz not null default clock_timestamp(),
    constraint scheduler_runs_status_is_known check (status in ('planned', 'applied', 'undone', 'failed')),
    constraint scheduler_runs_horizon_is_1_to_366_days check (horizon_days between 1 and 366),
    constraint scheduler_runs_events_created_is_not_negative check (events_created >= 0),
    constraint scheduler_runs_applied_before_undone check (applied_at <= undone_at),
    constraint scheduler_runs_calendar_events_are_a_list check (jsonb_typeof(calendar_events) = 'array'),
    constraint scheduler_runs_unscheduled_is_a_list check (jsonb_typeof(unscheduled) = 'array')
);
create index scheduler_runs_by_client on scheduler_runs (client_id, created_at, id);
create index scheduler_runs_by_plan on scheduler_runs (plan_id);

create table reflections (
    id              uuid primary key default uuid_v7(),
    client_id       text constraint reflections_client_id_has_a_safe_form check (is_client_id(client_id)),
    mode            text not null default 'daily',
    period_start    timestamptz not null,
    period_end      timestamptz not null,
    summary         text not null,
    insights        jsonb not null default '[]',
    recommendations jsonb not null default '[]',
    events_analyzed integer not null default 0,
    runs_analyzed   integer not null default 0,
    facts_extracted integer not null default 0,
    created_at      timestamptz not null default clock_timestamp(),
    updated_at      timestamptz not null default clock_timestamp(),
    constraint reflections_period_is_reflected_once unique nulls not distinct (client_id, mode, period_start),
    constraint reflections_mode_is_known check (mode in ('daily', 'weekly')),
    constraint reflections_period_start_before_end check (period_start < period_end and isfinite(period_start) and isfinite(period_end)),
    constraint reflections_counts_are_not_negative check (events_analyzed >= 0 and runs_analyzed >= 0 and facts_extracted >= 0),
    constraint reflections_insights_are_a_list check (jsonb_typeof(insights) = 'array'),
    constraint reflections_recommendations_are_a_list check (jsonb_typeof(recommendations) = 'array')
);

create table sprints (
    id             uuid primary key default uuid_v7(),
    client_id      text constraint sprints_client_id_has_a_safe_form check (is_client_id(client_id)),
    name           text not null,
    goal           text,
    status         text not null default 'planned',
    starts_on      date not null,
    ends_on        date not null,
    capacity_hours numeric not null default 0,
    created_at     timestamptz not null default clock_timestamp(),
    updated_at     timestamptz not null default clock_timestamp(),
    constraint sprints_name_is_not_empty check (length(name) > 0),
    constraint sprints_status_is_known check (status in ('planned', 'active', 'completed', 'cancelled')),
    constraint sprints_first_day_not_after_last check (starts_on <= ends_on and isfinite(starts_on) and isfinite(ends_on)),
    constraint sprints_capacity_hours_are_not_negative check (capacity_hours >= 0 and capacity_hours < 'infinity')
);
create index sprints_by_client on sprints (client_id, starts_on);

-- Facts -----------------------------------------------------------------------------------------------------------------

-- What is believed now. Valid time is [valid_from, valid_to): valid_to null means true now.
-- Transaction time starts at recorded_at, which 004's trigger sets; what was believed before is in fact_versions.
-- superseded_by is no foreign key: the successor may have been retracted and then lives in fact_versions only.
create table facts (
    id             uuid primary key default uuid_v7(),
    client_id      text constraint facts_client_id_has_a_safe_form check (is_client_id(client_id)),
    subject_type   text not null,
    subject_id     text not null,
    fact_type      text not null,
    content        text not null,
    salience_score double precision not null default 0.7,
    category       text,
    fact_key       text,
    valid_from     timestamptz not null default now(),
    valid_to       timestamptz,
    metadata       jsonb not null default '{}',
    zep_fact_id    text,
    superseded_by  uuid,
    recorded_at    timestamptz not null default clock_timestamp(),
    created_at     timestamptz not null default clock_timestamp(),
    updated_at     timestamptz not null default clock_timestamp(),
    constraint facts_subject_is_named check (length(subject_type) > 0 and length(subject_id) > 0),
    constraint facts_fact_type_is_not_empty check (length(fact_type) > 0),
    constraint facts_fact_key_is_not_empty check (length(fact_key) > 0),
    constraint facts_content_has_1_to_262144_characters check (length(content) between 1 and 262144),
    constraint facts_salience_score_is_between_0_and_1 check (salience_score between 0 and 1),
    constraint facts_valid_from_before_valid_to check (valid_from < valid_to),
    constraint facts_valid_time_is_finite check (is_calendar_time(valid_from) and is_calendar_time(valid_to)),
    constraint facts_metadata_is_an_object check (jsonb_typeof(metadata) = 'object'),
    constraint facts_do_not_supersede_themselves check (superseded_by <> id),
    constraint facts_single_valued_key_has_one_value_at_a_time exclude using gist (
        (coalesce(client_id, '-')) with =, subject_type with =, subject_id with =, fact_type with =, fact_key with =,
        tstzrange(valid_from, valid_to) with &&) where (fact_key is not null)
) with (fillfactor = 80);
-- Neither valid_to nor recorded_at is indexed, so that closing a fact without a key is a HOT update.
create index facts_by_subject on facts (subject_type, subject_id, valid_from);
create index facts_by_client on facts (client_id, created_at, id);

-- A node per entity, an edge per relation which a fact names; an edge goes with its fact.
create table graph_nodes (
    id           uuid primary key default uuid_v7(),
    client_id    text constraint graph_nodes_client_id_has_a_safe_form check (is_client_id(client_id)),
    subject_type text not null,
    subject_id   text not null,
    label        text,
    properties   jsonb not null default '{}',
    created_at   timestamptz not null default clock_timestamp(),
    updated_at   timestamptz not null default clock_timestamp(),
    constraint graph_nodes_entity_has_one_node_per_client unique nulls not distinct (client_id, subject_type, subject_id),
    constraint graph_nodes_subject_is_named check (length(subject_type) > 0 and length(subject_id) > 0),
    constraint graph_nodes_properties_are_an_object check (jsonb_typeof(properties) = 'object')
);

create table graph_edges (
    id           uuid primary key default uuid_v7(),
    client_id    text constraint graph_edges_client_id_has_a_safe_form check (is_client_id(client_id)),
    from_node_id uuid not null constraint graph_edges_start_at_a_node references graph_nodes on delete cascade,
    to_node_id   uuid not null constraint graph_edges_end_at_a_node references graph_nodes on delete cascade,
    relation     text not null,
    fact_id      uuid constraint graph_edges_fact_names_a_fact references facts on delete cascade,
    valid_from   timestamptz not null default now(),
    valid_to     timestamptz,
    properties   jsonb not null default '{}',
    created_at   timestamptz not null default clock_timestamp(),
    updated_at   timestamptz not null default clock_timestamp(),
    constraint graph_edges_relation_is_not_empty check (length(relation) > 0),
    constraint graph_edges_valid_from_before_valid_to check (valid_from < valid_to),
    constraint graph_edges_valid_time_is_finite check (is_calendar_time(valid_from) and is_calendar_time(valid_to)),
    constraint graph_edges_properties_are_an_object check (jsonb_typeof(properties) = 'object')
);
create index graph_edges_by_start on graph_edges (from_node_id);
create index graph_edges_by_end on graph_edges (to_node_id);
create index graph_edges_by_fact on graph_edges (fact_id) where fact_id is not null;

-- Columns of the planner system's tables --------------------------------------------------------------------------------

alter table events
    add column zep_session_id text,
    add column memory_scope text not null default 'user',
    add column salience_score double precision not null default 0.5,
    add column expires_at timestamptz,
    add column promoted_to_fact_id uuid constraint events_promoted_to_fact_id_names_a_fact references facts on delete set null,
    add constraint events_run_id_names_a_run foreign key (run_id) references execution_runs,
    -- Another client's run looks like none. An event of the house may name any run.
    add constraint events_run_is_of_the_same_client foreign key (run_id, client_id) references execution_runs (id, client_id),
    add constraint events_memory_scope_is_known check (memory_scope in ('run', 'session', 'user', 'project', 'global')),
    add constraint events_salience_score_is_between_0_and_1 check (salience_score between 0 and 1),
    -- Valid time of an event is [occurred_at, expires_at).
    add constraint events_occurred_before_they_expire check (occurred_at < expires_at and is_calendar_time(expires_at));
create index events_by_expiry on events (expires_at) where expires_at is not null;
create index events_by_run on events (run_id) where run_id is not null;
create index events_by_promoted_fact on events (promoted_to_fact_id) where promoted_to_fact_id is not null;

alter table plans
    add column zep_session_id text,
    add column engagement_id text,
    add column workflow_id uuid constraint plans_workflow_id_names_a_workflow references workflows on delete set null,
    add column process_template_id uuid constraint plans_process_template_id_names_a_template references process_templates on delete set null;
create index plans_by_engagement on plans (engagement_id) where engagement_id is not null;
create index plans_by_workflow on plans (workflow_id) where workflow_id is not null;
create index plans_by_process_template on plans (process_template_id) where process_template_id is not null;

alter table tasks
    add column sprint_id uuid constraint tasks_sprint_id_names_a_sprint references sprints on delete set null;
create index tasks_by_sprint on tasks (sprint_id) where sprint_id is not null;

-- What the grain gives an event explicitly, filled in for psql and ToolJet. Connections of the service carry
-- actors.writer=grain and so never enter this function. A row cannot be known before it is written, so a created_at in the
-- future becomes now: the session's clock, which only moves forward, must not be dragged along.
create function fill_foreign_event() returns trigger
language plpgsql as $$
begin
    new.created_at := least(new.created_at, clock_timestamp());
    if new.zep_session_id is null then
        new.zep_session_id := 'client_' || new.client_id;
    end if;
    if new.expires_at is null and new.memory_scope = 'session' then
        new.expires_at := new.created_at + interval '24 hours';
    end if;
    return new;
end $$;
create trigger events_fill_in before insert on events for each row
    when (current_setting('actors.writer', true) is distinct from 'grain') execute function fill_foreign_event();

create trigger service_blueprints_touch before update on service_blueprints for each row execute function touch_updated_at();
create trigger workflows_touch before update on workflows for each row execute function touch_updated_at();
create trigger process_templates_touch before update on process_templates for each row execute function touch_updated_at();
create trigger prompt_templates_touch before update on prompt_templates for each row execute function touch_updated_at();
create trigger execution_runs_touch before update on execution_runs for each row execute function touch_updated_at();
create trigger scheduler_runs_touch before update on scheduler_runs for each row execute function touch_updated_at();
create trigger reflections_touch before update on reflections for each row execute function touch_updated_at();
create trigger sprints_touch before update on sprints for each row execute function touch_updated_at();
create trigger graph_nodes_touch before update on graph_nodes for each row execute function touch_updated_at();
create trigger graph_edges_touch before update on graph_edges for each row execute function touch_updated_at();

-- Changing a fact -------------------------------------------------------------------------------------------------------

-- Key of the transaction lock which every change of a subject's facts takes first: pg_advisory_xact_lock(subject_lock_key(...)).
-- It leaves the client out, because update_fact_temporal does not know whose facts it will find before it has the lock.
-- Two subjects with the same hash share a lock, which costs waiting and nothing else.
create function subject_lock_key(p_subject_type text, p_subject_id text) returns bigint
language sql immutable strict parallel safe
return hashtextextended(p_subject_type || chr(31) || p_subject_id, 7304);

-- The world changed: from the instant of the change on, p_new_content is what is true for this subject and type. Returns the
-- new fact's id.
--   * The instant is a clock_timestamp() taken under the subject's lock, later than every valid_from of the subject that has
--     begun and of every row that is closed. So no range is inverted or empty, and two calls in one transaction or one
--     microsecond follow each other. A row planned for the future is replaced too: the new one then begins right after it
--     has begun, since a range cannot end before its start and a plan is not thrown away without a word.
--   * Closed are all rows of subject and type still valid at that instant: open ones, and those with an end planned later.
--   * The new row inherits client, key and category where all the closed rows agree.
--   * Closed rows of several clients: error PM002 unless p_client_id says whose are meant ('-' means the house).
--   * Nothing to close: the fact starts now and belongs to p_client_id, else to the house.
create function update_fact_temporal(
    p_subject_type text, p_subject_id text, p_fact_type text, p_new_content text,
    p_salience double precision default 0.7, p_client_id text default null) returns uuid
language plpgsql set search_path from current as $$
declare
    new_id     uuid := uuid_v7();
    valid_ids  uuid[];
    latest     timestamptz;
    changed_at timestamptz;
    closed     record;
    described  text := coalesce(current_setting('actors.operation', true), '');
begin
    perform pg_advisory_xact_lock(subject_lock_key(p_subject_type, p_subject_id));
    changed_at := clock_timestamp();

    -- Rows are locked before they are compared: a direct UPDATE in psql does not take the subject's lock.
    select array_agg(id), max(greatest(valid_from, recorded_at))
      into valid_ids, latest
      from (select id, valid_from, recorded_at
              from facts
             where subject_type = p_subject_type and subject_id = p_subject_id and fact_type = p_fact_type
               and (valid_to is null or valid_to > changed_at)
               and (p_client_id is null or coalesce(client_id, '-') = p_client_id)
             order by id for update) as locked;

    -- Plans for other types or clients of the subject do not delay this change, hence only what has begun counts there.
    select greatest(changed_at, latest + interval '1 microsecond', max(valid_from) + interval '1 microsecond')
      into changed_at
      from facts
     where subject_type = p_subject_type and subject_id = p_subject_id and valid_from <= changed_at;

    -- Behind a planned row, what ends before it is no longer among the valid ones.
    select array_agg(id) as ids,
           count(distinct coalesce(client_id, '-')) as clients, min(client_id) as client_id,
           case when count(distinct fact_key) = 1 and count(fact_key) = count(*) then min(fact_key) end as fact_key,
           case when count(distinct category) = 1 and count(category) = count(*) then min(category) end as category
      into closed
      from facts
     where id = any (valid_ids) and (valid_to is null or valid_to > changed_at);

    if closed.clients > 1 then
        raise exception 'fact_needs_client_id: several clients have current facts of this subject and type'
            using errcode = 'PM002',
                  hint = 'Say whose fact changes: update_fact_temporal(subject_type, subject_id, fact_type, new_content, p_client_id => ''...''); ''-'' is the house.';
    end if;

    -- Only what happens in here is called a change. A SET clause of the function would do this, but takes a superuser to create.
    perform set_config('actors.operation', 'change', true);
    update facts set valid_to = changed_at, superseded_by = new_id where id = any (closed.ids);
    perform set_config('actors.operation', described, true);

    insert into facts (id, client_id, subject_type, subject_id, fact_type, content, salience_score, category, fact_key, valid_from)
    values (new_id, coalesce(closed.client_id, nullif(p_client_id, '-')), p_subject_type, p_subject_id, p_fact_type, p_new_content,
            p_salience, closed.category, closed.fact_key, changed_at);
    return new_id;
end $$;
