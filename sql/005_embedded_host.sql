-- What the single-process host keeps for its grains: reminders, and state that can be rebuilt.
-- Lock cost: creates only new objects.

-- Reminders only wake: what is due stands in the business tables. Ticks lie whole periods after first_tick_at.
create table embedded_reminders (
    grain_id      text not null,
    name          text not null,
    first_tick_at timestamptz not null,
    period        interval not null,
    next_due_at   timestamptz not null,
    etag          text not null,
    constraint embedded_reminders_have_one_row_per_grain_and_name primary key (grain_id, name),
    constraint embedded_reminders_grain_id_is_type_slash_key check (grain_id ~ '^[^/]+/'),
    constraint embedded_reminders_name_is_not_empty check (length(name) > 0),
    constraint embedded_reminders_period_is_positive check (period > interval '0'),
    constraint embedded_reminders_next_due_not_before_first_tick check (next_due_at >= first_tick_at)
);
create index embedded_reminders_by_next_due on embedded_reminders (next_due_at);

-- The version is the etag: a write names the one it read.
create table embedded_grain_state (
    grain_id   text not null,
    state_name text not null,
    payload    jsonb not null,
    version    bigint not null default 1,
    updated_at timestamptz not null default clock_timestamp(),
    constraint embedded_grain_state_has_one_row_per_grain_and_name primary key (grain_id, state_name),
    constraint embedded_grain_state_grain_id_is_type_slash_key check (grain_id ~ '^[^/]+/'),
    constraint embedded_grain_state_name_is_not_empty check (length(state_name) > 0),
    constraint embedded_grain_state_version_is_positive check (version > 0)
);
