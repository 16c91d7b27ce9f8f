-- The change feed (docs/changes.md): what its cursors mean, and the webhooks that are fed from it.
-- Lock cost: replacing the trigger takes SHARE ROW EXCLUSIVE on change_log for an instant; writers wait for it, readers do not. The
-- tables are new.
--
-- A cursor is a snapshot of the database. What is visible in a later one and was not in it is what changed between the two: each
-- change once, and no transaction is waited for. The feed needs no index of its own, since each would be paid by every write: it
-- reads change_log by its primary key, from where the transactions that were under way in the cursor's snapshot can have written
-- first, which cursors carry along; and for clients with few changes by change_log_by_client.

-- Transaction ids, and so cursors, mean something in one database of one server only. A database that was restored elsewhere, or back
-- to an earlier time, begins a new epoch, and cursors of the one before are refused. pruned_to_seq is the highest seq that retention
-- has deleted from change_log: a cursor before it has missed something. One row.
create table change_feed (
    is_the_only_row   boolean primary key default true constraint change_feed_has_one_row check (is_the_only_row),
    epoch             uuid not null default gen_random_uuid(),
    origin            text not null,
    pruned_to_seq     bigint not null default 0 constraint change_feed_pruned_to_seq_is_not_negative check (pruned_to_seq >= 0),
    began_at          timestamptz not null default clock_timestamp()
);

-- Names this database at this time of its life: the server's, its timeline (which a restore to a point in time, or a failover, begins
-- anew), the database's and the log's. A role that may not ask for the first two learns of a restore by the others: both are given
-- by the server when database and table are made.
create function change_feed_origin() returns text
language plpgsql stable set search_path from current as $$
declare
    server text := '-';
begin
    begin
        select system_identifier || '/' || (select timeline_id from pg_control_checkpoint()) into server from pg_control_system();
    exception when insufficient_privilege then
        null;
    end;
    return concat_ws('/', server, (select oid from pg_database where datname = current_database()), 'change_log'::regclass::oid);
end $$;

-- Called at every start, under the lock of migrations. Begins a new epoch when the database is not where the present one began: rows
-- of then get a transaction id that every snapshot has behind it (2, that of frozen rows). Returns whether it did.
create function begin_change_feed_epoch() returns boolean
language plpgsql set search_path from current as $$
declare
    writer text := coalesce(current_setting('actors.writer', true), '');
begin
    if exists (select from change_feed where origin = change_feed_origin()) then
        return false;
    end if;
    insert into change_feed (origin) values (change_feed_origin())
    on conflict (is_the_only_row) do update set epoch = excluded.epoch, origin = excluded.origin, began_at = excluded.began_at;
    -- Whoever migrates. In the function's head only a superuser may set it.
    perform set_config('actors.writer', 'grain', true);
    update change_log set transaction_id = '2' where not pg_visible_in_snapshot(transaction_id, pg_current_snapshot());
    perform set_config('actors.writer', writer, true);
    return true;
end $$;

create or replace trigger change_log_refuse_updates before update on change_log for each statement
when (current_setting('actors.writer', true) is distinct from 'grain') execute function refuse_rewriting_history();

insert into change_feed (origin) values (change_feed_origin());

-- Where changes are sent to. The secret signs; it is shown once, when it is made. position is the cursor after what was delivered.
-- failures counts those since the last success, and next_attempt_at says when the next attempt is due; null: at once.
create table webhooks (
    id                    uuid primary key default uuid_v7(),
    url                   text not null,
    client_id             text,
    events                text[] not null default '{}',
    secret                bytea not null,
    previous_secret       bytea,
    previous_secret_until timestamptz,
    disabled_at           timestamptz,
    disabled_reason       text,
    position              text not null,
    delivered_at          timestamptz,
    failures              integer not null default 0,
    last_error            text,
    next_attempt_at       timestamptz,
    created_at            timestamptz not null default clock_timestamp(),
    updated_at            timestamptz not null default clock_timestamp(),
    constraint webhooks_url_is_http_or_https check (url ~ '^https?://[^[:space:]]+$' and length(url) <= 2048),
    constraint webhooks_client_id_has_a_safe_form check (is_client_id(client_id)),
    constraint webhooks_events_are_known check
        (events <@ '{event.created,event.updated,event.deleted,event.expired,fact.created,fact.updated,fact.deleted,fact.expired}'),
    constraint webhooks_secret_has_24_to_64_bytes check (length(secret) between 24 and 64),
    constraint webhooks_previous_secret_has_an_end check ((previous_secret is null) = (previous_secret_until is null)),
    constraint webhooks_disabled_reason_is_known check (disabled_reason in ('operator', 'gone')),
    constraint webhooks_disabled_for_a_reason check ((disabled_at is null) = (disabled_reason is null)),
    constraint webhooks_failures_is_not_negative check (failures >= 0)
);

-- What was given up on: which changes, never what they hold. retry_at: when it is tried again; null: only when somebody asks for it.
create table webhook_dead_letters (
    id         uuid primary key default uuid_v7(),
    webhook_id uuid not null constraint webhook_dead_letters_name_a_webhook references webhooks on delete cascade,
    seqs       bigint[] not null,
    attempts   integer not null,
    last_error text not null,
    retry_at   timestamptz,
    created_at timestamptz not null default clock_timestamp(),
    tried_at   timestamptz not null default clock_timestamp(),
    constraint webhook_dead_letters_name_changes check (cardinality(seqs) > 0),
    constraint webhook_dead_letters_were_attempted check (attempts > 0)
);
create index webhook_dead_letters_by_webhook on webhook_dead_letters (webhook_id, id);
