-- What the planner system takes as given: clients, projects, events, plans, tasks; and two functions every later table uses.
-- Lock cost: creates only new objects, so it waits for nobody and nobody waits for it.
--
-- Conventions of all migrations:
--   * client_id is text; null means the house (admin keys). Rows of a client need no clients row first: 004 adds it.
--     Where a text must stand for the house (heads, log, grain keys) it is '-', which no client can be called.
--   * A constraint's name is the sentence it enforces; clients of the API and the tests rely on these names.
--   * Times lie in the years 1 to 9998: 'infinity' is refused, an open end is null.

-- Time-ordered row ids (RFC 9562 version 7): 48 bits of Unix milliseconds, then random bits.
-- Rows made in the same millisecond have no order among themselves.
create function uuid_v7() returns uuid
language sql volatile parallel safe
return (lpad(to_hex(floor(date_part('epoch', clock_timestamp()) * 1000)::bigint), 12, '0')
        || '7' || substr(gen_random_uuid()::text, 16))::uuid;

create function is_client_id(p_client_id text) returns boolean
language sql immutable strict parallel safe
return p_client_id ~ '^[A-Za-z0-9][A-Za-z0-9._:@-]{0,127}$';

-- Whether a time lies in the years 1 to 9998, which every client of the database can read; infinity does not.
create function is_calendar_time(t timestamptz) returns boolean
language sql immutable parallel safe
return t >= timestamptz '0001-01-02 00:00:00+00' and t < timestamptz '9999-01-01 00:00:00+00';

-- Keeps updated_at for tables which people edit. An update that changes nothing else leaves the row as it was,
-- also when it sets updated_at itself. variance_pct is left out because a BEFORE trigger does not see generated values.
create function touch_updated_at() returns trigger
language plpgsql as $$
begin
    if to_jsonb(new) - '{updated_at,variance_pct}'::text[] is distinct from to_jsonb(old) - '{updated_at,variance_pct}'::text[] then
        new.updated_at := clock_timestamp();
    else
        new.updated_at := old.updated_at;
    end if;
    return new;
end $$;

create table clients (
    id          text primary key,
    name        text,
    created_at  timestamptz not null default clock_timestamp(),
    constraint clients_id_has_a_safe_form check (is_client_id(id))
);

create table projects (
    id          uuid primary key default uuid_v7(),
    client_id   text constraint projects_client_id_has_a_safe_form check (is_client_id(client_id)),
    name        text not null,
    description text,
    billable    boolean not null default true,
    status      text not null default 'active',
    created_at  timestamptz not null default clock_timestamp(),
    updated_at  timestamptz not null default clock_timestamp(),
    constraint projects_name_is_not_empty check (length(name) > 0),
    constraint projects_status_is_known check (status in ('active', 'paused', 'completed', 'archived'))
);
create index projects_by_client on projects (client_id, created_at, id);

-- Every index here is paid by each remember, so there is one besides the key.
-- No foreign key to clients: it would lock the client's row for every event.
create table events (
    id              uuid primary key default uuid_v7(),
    client_id       text constraint events_client_id_has_a_safe_form check (is_client_id(client_id)),
    memory_type     text not null default 'event',
    content         text not null,
    conversation_id text,
    speaker         text,
    run_id          uuid,
    occurred_at     timestamptz not null default clock_timestamp(),
    created_at      timestamptz not null default clock_timestamp(),
    metadata        jsonb not null default '{}',
    constraint events_memory_type_is_known check (memory_type in ('event', 'reflection', 'decision')),
    constraint events_content_has_1_to_262144_characters check (length(content) between 1 and 262144),
    constraint events_metadata_is_an_object check (jsonb_typeof(metadata) = 'object'),
    -- A number such as 1e100000 is short in the statement and long in every answer.
    constraint events_metadata_has_at_most_1048576_bytes check (octet_length(metadata::text) <= 1048576),
    constraint events_times_are_finite check (is_calendar_time(occurred_at) and is_calendar_time(created_at))
);
create index events_by_client on events (client_id, created_at, id);

create table plans (
    id          uuid primary key default uuid_v7(),
    client_id   text constraint plans_client_id_has_a_safe_form check (is_client_id(client_id)),
    title       text not null,
    intent      text not null default '',
    status      text not null default 'draft',
    sop         jsonb not null default '{}',
    context     jsonb not null default '{}',
    created_at  timestamptz not null default clock_timestamp(),
    updated_at  timestamptz not null default clock_timestamp(),
    constraint plans_title_is_not_empty check (length(title) > 0),
    constraint plans_status_is_known check (status in ('draft', 'approved', 'scheduled', 'active', 'completed', 'cancelled')),
    constraint plans_sop_is_an_object check (jsonb_typeof(sop) = 'object'),
    constraint plans_context_is_an_object check (jsonb_typeof(context) = 'object')
);
create index plans_by_client on plans (client_id, created_at, id);

create table tasks (
    id                 uuid primary key default uuid_v7(),
    client_id          text constraint tasks_client_id_has_a_safe_form check (is_client_id(client_id)),
    project_id         uuid constraint tasks_project_id_names_a_project references projects on delete set null,
    plan_id            uuid constraint tasks_plan_id_names_a_plan references plans on delete set null,
    step_number        integer,
    title              text not null,
    description        text,
    status             text not null default 'todo',
    priority           integer not null default 0,
    owner              text,
    tags               text[] not null default '{}',
    depends_on         uuid[] not null default '{}',
    estimated_hours    numeric,
    actual_hours       numeric,
    due_at             timestamptz,
    scheduled_start_at timestamptz,
    scheduled_end_at   timestamptz,
    created_at         timestamptz not null default clock_timestamp(),
    updated_at         timestamptz not null default clock_timestamp(),
    constraint tasks_title_is_not_empty check (length(title) > 0),
    constraint tasks_status_is_known check (status in ('todo', 'in_progress', 'blocked', 'done', 'cancelled')),
    constraint tasks_step_number_starts_at_one check (step_number >= 1),
    constraint tasks_estimated_hours_are_not_negative check (estimated_hours >= 0 and estimated_hours < 'infinity'),
    constraint tasks_actual_hours_are_not_negative check (actual_hours >= 0 and actual_hours < 'infinity'),
    constraint tasks_scheduled_start_before_end check (scheduled_start_at < scheduled_end_at),
    constraint tasks_times_are_finite check (is_calendar_time(due_at) and is_calendar_time(scheduled_start_at) and is_calendar_time(scheduled_end_at))
);
create index tasks_by_client on tasks (client_id, created_at, id);
create index tasks_by_project on tasks (project_id) where project_id is not null;
create index tasks_by_plan on tasks (plan_id) where plan_id is not null;
create index tasks_by_schedule on tasks (scheduled_start_at) where scheduled_start_at is not null;

create trigger projects_touch before update on projects for each row execute function touch_updated_at();
create trigger plans_touch before update on plans for each row execute function touch_updated_at();
create trigger tasks_touch before update on tasks for each row execute function touch_updated_at();
