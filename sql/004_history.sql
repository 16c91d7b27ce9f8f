-- Transaction time and change feeds: fact_versions, fact_sources, session_heads, change_log, and the triggers that fill
-- them. One file, because the triggers of all these tables work on each other.
-- Lock cost: creating the triggers takes SHARE ROW EXCLUSIVE on the tables named; writers wait for the length of this file, readers do not.
--
-- Who writes is told by settings of the connection or the transaction:
--   actors.writer       'grain' on the service's own connections (startup option -c actors.writer=grain)
--   actors.operation, actors.actor, actors.reason, actors.recorded_at
--                       set for one transaction by describe_change(), read by the triggers of facts
--
-- Functions that name tables keep the search_path of the migration: triggers must work for a session with another one.

-- One row per client ('-' is the house). version counts the statements that changed the client's rows; a hot activation whose
-- version differs has missed something. last_recorded_at is the latest created_at of the client's events and facts: the
-- session's next one must be later. The foreign key keeps a client's row as long as its head.
create table session_heads (
    client_id        text primary key,
    version          bigint not null default 0,
    erase_epoch      bigint not null default 0,
    last_recorded_at timestamptz,
    known_client_id  text generated always as (nullif(client_id, '-')) stored
                     constraint session_heads_belong_to_a_client references clients,
    constraint session_heads_version_is_not_negative check (version >= 0),
    constraint session_heads_erase_epoch_is_not_negative check (erase_epoch >= 0)
) with (fillfactor = 50);

-- What changed, one row per changed row. seq orders the rows of one transaction; transaction_id lets a feed stop at
-- pg_snapshot_xmin, since the order of seq is not the order of commits.
create table change_log (
    seq            bigint generated always as identity primary key,
    client_id      text not null,
    head_version   bigint not null,
    table_name     text not null,
    row_id         uuid not null,
    operation      text not null,
    writer         text not null,
    changed_at     timestamptz not null default clock_timestamp(),
    transaction_id xid8 not null default pg_current_xact_id(),
    constraint change_log_operation_is_known check (operation in ('insert', 'update', 'delete'))
);
create index change_log_by_client on change_log (client_id, head_version);

-- A belief that was given up: the row as facts held it during [recorded_at, retracted_at), and who ended that, how and why.
-- The versions of a fact and its row in facts follow each other without overlap; only a deleted fact leaves a gap.
create table fact_versions (
    fact_id        uuid not null,
    client_id      text,
    subject_type   text not null,
    subject_id     text not null,
    fact_type      text not null,
    content        text not null,
    salience_score double precision not null,
    category       text,
    fact_key       text,
    valid_from     timestamptz not null,
    valid_to       timestamptz,
    metadata       jsonb not null,
    zep_fact_id    text,
    superseded_by  uuid,
    created_at     timestamptz not null,
    recorded_at    timestamptz not null,
    retracted_at   timestamptz not null,
    operation      text not null,
    actor          text not null,
    reason         text,
    constraint fact_versions_begin_once primary key (fact_id, recorded_at),
    constraint fact_versions_recorded_before_retracted check (recorded_at < retracted_at),
    constraint fact_versions_operation_is_known check (operation in ('change', 'correct', 'retract', 'update', 'delete'))
);
create index fact_versions_by_subject on fact_versions (subject_type, subject_id, retracted_at);
create index fact_versions_by_client on fact_versions (client_id, retracted_at);

-- Which events a fact came from; span_start and span_end count characters of the event's content, half open, null for all of it.
-- fact_id is no foreign key: a retracted fact keeps its sources, for its history.
create table fact_sources (
    fact_id           uuid not null,
    event_id          uuid not null constraint fact_sources_event_names_an_event references events on delete cascade,
    span_start        integer,
    span_end          integer,
    extractor         text not null default 'manual',
    extractor_version text not null default '1',
    created_at        timestamptz not null default clock_timestamp(),
    constraint fact_sources_name_a_span_once unique nulls not distinct (fact_id, event_id, span_start, span_end),
    constraint fact_sources_span_start_before_end check (0 <= span_start and span_start < span_end),
    constraint fact_sources_span_has_both_ends check ((span_start is null) = (span_end is null))
);
create index fact_sources_by_event on fact_sources (event_id);

-- Versions of sessions --------------------------------------------------------------------------------------------------

-- First statement of a grain's write transaction: locks the client's head (created when missing) until commit and returns
-- last_recorded_at. Error PM001 session_version_conflict, DETAIL = the actual version, when someone else has written since the
-- grain read p_expected_version; nothing is then written. A client id of the wrong form violates clients_id_has_a_safe_form.
create function claim_session(p_client_id text, p_expected_version bigint) returns timestamptz
language plpgsql set search_path from current as $$
declare
    client text := coalesce(p_client_id, '-');
    head   record;
begin
    select version, last_recorded_at into head from session_heads where client_id = client for update;
    if not found then
        insert into clients (id) select client where client <> '-' on conflict do nothing;
        insert into session_heads (client_id) values (client) on conflict do nothing;
        select version, last_recorded_at into head from session_heads where client_id = client for update;
    end if;
    if head.version is distinct from p_expected_version then
        raise exception 'session_version_conflict' using errcode = 'PM001', detail = head.version::text;
    end if;
    return head.last_recorded_at;
end $$;

-- 'grain', or the role (and application) of a foreign writer.
create function change_writer() returns text
language sql stable
return coalesce(nullif(current_setting('actors.writer', true), ''),
                session_user || coalesce('/' || nullif(current_setting('application_name', true), ''), ''));

-- Moves the client's head by one and logs the rows under the new version. p_operations has one entry for all rows or one each.
create function record_changes(p_table text, p_client text, p_ids uuid[], p_operations text[], p_latest timestamptz) returns void
language plpgsql set search_path from current as $$
declare
    moved bigint;
begin
    update session_heads set version = version + 1, last_recorded_at = greatest(last_recorded_at, p_latest)
     where client_id = p_client returning version into moved;
    if not found then
        insert into clients (id) select p_client where p_client <> '-' on conflict do nothing;
        insert into session_heads as head (client_id, version, last_recorded_at) values (p_client, 1, p_latest)
        on conflict (client_id) do update set version = head.version + 1, last_recorded_at = greatest(head.last_recorded_at, p_latest)
        returning version into moved;
    end if;

    insert into change_log (client_id, head_version, table_name, row_id, operation, writer)
    select p_client, moved, p_table, changed.id, coalesce(changed.operation, p_operations[1]), change_writer()
      from unnest(p_ids, p_operations) as changed (id, operation);
end $$;

-- Heads are locked in the order of client ids, so that two statements over the same clients cannot deadlock.
create function log_inserts() returns trigger
language plpgsql set search_path from current as $$
declare
    client text; last_client text; ids uuid[]; latest timestamptz;
    timed boolean := tg_table_name in ('events', 'facts');
begin
    select min(coalesce(client_id, '-')), max(coalesce(client_id, '-')), max(created_at) into client, last_client, latest from new_rows;

    -- stamp_fact chose recorded_at before this insert waited for another transaction to delete the same id at a later instant.
    if tg_table_name = 'facts' then
        if exists (select from new_rows n join fact_versions v on v.fact_id = n.id and v.retracted_at > n.recorded_at) then
            raise exception 'the fact was deleted while it was inserted; repeat' using errcode = 'serialization_failure';
        end if;
    end if;

    -- One client whose head exists: what every remember is. In one statement this costs half of the general way below.
    if client = last_client then
        with head as (
            update session_heads
               set version = version + 1, last_recorded_at = case when timed then greatest(last_recorded_at, latest) else last_recorded_at end
             where client_id = client returning version)
        insert into change_log (client_id, head_version, table_name, row_id, operation, writer)
        select client, head.version, tg_table_name, new_rows.id, 'insert', change_writer() from head, new_rows;
        if found then
            return null;
        end if;
    end if;

    for client, ids, latest in
        select coalesce(client_id, '-'), array_agg(id), max(created_at) from new_rows group by 1 order by 1
    loop
        perform record_changes(tg_table_name, client, ids, '{insert}', case when timed then latest end);
    end loop;
    return null;
end $$;

create function log_deletes() returns trigger
language plpgsql set search_path from current as $$
declare
    client text; ids uuid[];
begin
    for client, ids in
        select coalesce(client_id, '-'), array_agg(id) from old_rows group by 1 order by 1
    loop
        perform record_changes(tg_table_name, client, ids, '{delete}', null);
    end loop;
    return null;
end $$;

-- Rows left as they were are not logged. A row that moved is logged for both clients: under the id it had and the id it has.
-- The joins are full ones with conditions that keep them so: a plan made for one row must not become a nested loop over 100,000.
create function log_updates() returns trigger
language plpgsql set search_path from current as $$
declare
    client text; last_client text; ids uuid[]; operations text[]; latest timestamptz;
    timed boolean := tg_table_name in ('events', 'facts');
begin
    -- The usual way again: one client whose head exists, and a table whose ids do not change.
    if timed then
        select min(least(coalesce(o.client_id, '-'), coalesce(n.client_id, '-'))), max(greatest(coalesce(o.client_id, '-'), coalesce(n.client_id, '-')))
          into client, last_client from old_rows o full join new_rows n on n.id = o.id;
        if client = last_client then
            with changed as materialized (
                select n.id from old_rows o full join new_rows n on n.id = o.id where o is distinct from n
            ), head as (
                update session_heads set version = version + 1
                 where client_id = client and exists (select from changed) returning version)
            insert into change_log (client_id, head_version, table_name, row_id, operation, writer)
            select client, head.version, tg_table_name, changed.id, 'update', change_writer() from head, changed;
            if found then
                return null;
            end if;
        end if;
    end if;

    for client, ids, operations, latest in
        with changed as (
            select o.id as old_id, coalesce(o.client_id, '-') as old_client, n.id as new_id, coalesce(n.client_id, '-') as new_client,
                   n.created_at
              from old_rows o full join new_rows n on n.id = o.id
             where o is distinct from n
        ), entries as (
            select old_client as owner, old_id as id, case when new_id is null then 'delete' else 'update' end as operation,
                   null::timestamptz as created_at
              from changed where old_id is not null and (new_id is null or old_client <> new_client)
            union all
            select new_client, new_id, case when old_id is null then 'insert' else 'update' end, created_at
              from changed where new_id is not null
        )
        select owner, array_agg(id), array_agg(operation), max(created_at) from entries group by 1 order by 1
    loop
        perform record_changes(tg_table_name, client, ids, operations, case when timed then latest end);
    end loop;
    return null;
end $$;

create function refuse_truncate() returns trigger
language plpgsql as $$
begin
    raise exception 'TRUNCATE of % would leave no history; use DELETE', tg_table_name
        using errcode = 'restrict_violation', table = tg_table_name, constraint = tg_table_name || '_are_not_truncated';
end $$;

do $$
declare
    logged text;
begin
    foreach logged in array array['events', 'facts', 'execution_runs', 'plans', 'tasks', 'projects', 'sprints'] loop
        execute format('create trigger %1$s_log_inserts after insert on %1$I referencing new table as new_rows for each statement execute function log_inserts()', logged);
        execute format('create trigger %1$s_log_updates after update on %1$I referencing old table as old_rows new table as new_rows for each statement execute function log_updates()', logged);
        execute format('create trigger %1$s_log_deletes after delete on %1$I referencing old table as old_rows for each statement execute function log_deletes()', logged);
    end loop;
    foreach logged in array array['events', 'facts', 'execution_runs', 'plans', 'tasks', 'projects', 'sprints', 'fact_versions', 'session_heads', 'change_log'] loop
        execute format('create trigger %1$s_refuse_truncate before truncate on %1$I for each statement execute function refuse_truncate()', logged);
    end loop;
end $$;

-- Transaction time of facts ---------------------------------------------------------------------------------------------

-- Says for the rest of the transaction what the changes of facts are, who does them (default: the role), why, and when.
-- p_operation is 'change' or 'correct' for updates, else versions say 'update'; 'retract' for deletions, else they say 'delete'.
-- The time is for grains, whose clock rules their subject; it is one instant for all rows, and a row whose present belief is not
-- older is moved on by a microsecond.
create function describe_change(p_operation text, p_actor text default null, p_reason text default null, p_recorded_at timestamptz default null)
returns void language plpgsql as $$
begin
    if p_recorded_at is not null and current_setting('actors.writer', true) is distinct from 'grain' then
        raise exception 'only the service tells the time of a change; leave p_recorded_at out' using errcode = 'insufficient_privilege';
    end if;
    if p_operation not in ('change', 'correct', 'retract') then
        raise exception 'operation must be change, correct or retract, not %', p_operation using errcode = 'invalid_parameter_value';
    end if;
    perform set_config('actors.operation', coalesce(p_operation, ''), true), set_config('actors.actor', coalesce(p_actor, ''), true),
            set_config('actors.reason', coalesce(p_reason, ''), true),
            -- Microseconds since 1970: a printed time would depend on the session's DateStyle and TimeZone.
            set_config('actors.recorded_at', coalesce((extract(epoch from p_recorded_at) * 1000000)::bigint::text, ''), true);
end $$;

-- The instant given by describe_change, else the clock (not now(): two changes in one transaction are two instants).
create function transaction_time() returns timestamptz
language sql volatile
return coalesce(timestamptz 'epoch' + nullif(current_setting('actors.recorded_at', true), '')::bigint * interval '1 microsecond',
                clock_timestamp());

-- recorded_at and updated_at are the database's, whatever a statement says, and so is created_at. recorded_at moves only when a business
-- column changes, and always forward: by the clock if it can, by a microsecond if the clock stands still or went back.
create function stamp_fact() returns trigger
language plpgsql set search_path from current as $$
begin
    if tg_op = 'INSERT' then
        -- An id that was deleted and comes back must start after its last version.
        new.recorded_at := greatest(transaction_time(), (select max(retracted_at) from fact_versions where fact_id = new.id));
        new.created_at := new.recorded_at;
        new.updated_at := new.recorded_at;
        return new;
    end if;
    new.recorded_at := old.recorded_at;
    new.updated_at := old.updated_at;
    if new is not distinct from old then
        return new;
    end if;
    new.updated_at := clock_timestamp();
    if (new.client_id, new.subject_type, new.subject_id, new.fact_type, new.content, new.salience_score, new.category, new.fact_key,
        new.valid_from, new.valid_to, new.metadata, new.superseded_by)
       is distinct from
       (old.client_id, old.subject_type, old.subject_id, old.fact_type, old.content, old.salience_score, old.category, old.fact_key,
        old.valid_from, old.valid_to, old.metadata, old.superseded_by) then
        new.recorded_at := greatest(transaction_time(), old.recorded_at + interval '1 microsecond');
    end if;
    return new;
end $$;
create trigger facts_stamp before insert or update on facts for each row execute function stamp_fact();

-- When a row was first known, and which row it is, are history too.
create function refuse_new_identity() returns trigger
language plpgsql as $$
begin
    raise exception 'id and created_at of % never change', tg_table_name
        using errcode = 'check_violation', table = tg_table_name, constraint = tg_table_name || '_id_and_created_at_never_change';
end $$;
create trigger events_refuse_new_identity before update on events for each row
    when (new.id <> old.id or new.created_at <> old.created_at) execute function refuse_new_identity();
create trigger facts_refuse_new_identity before update on facts for each row
    when (new.id <> old.id or new.created_at <> old.created_at) execute function refuse_new_identity();

create function keep_fact_versions() returns trigger
language plpgsql set search_path from current as $$
declare
    described text := current_setting('actors.operation', true);
    actor     text := coalesce(nullif(current_setting('actors.actor', true), ''), session_user);
    reason    text := nullif(current_setting('actors.reason', true), '');
    instant   timestamptz := transaction_time();
begin
    if tg_op = 'UPDATE' then
        insert into fact_versions
        select o.id, o.client_id, o.subject_type, o.subject_id, o.fact_type, o.content, o.salience_score, o.category, o.fact_key,
               o.valid_from, o.valid_to, o.metadata, o.zep_fact_id, o.superseded_by, o.created_at, o.recorded_at,
               n.recorded_at, case when described in ('change', 'correct') then described else 'update' end, actor, reason
          from old_rows o full join new_rows n on n.id = o.id
         where n.recorded_at is distinct from o.recorded_at;
    else
        insert into fact_versions
        select o.id, o.client_id, o.subject_type, o.subject_id, o.fact_type, o.content, o.salience_score, o.category, o.fact_key,
               o.valid_from, o.valid_to, o.metadata, o.zep_fact_id, o.superseded_by, o.created_at, o.recorded_at,
               greatest(instant, o.recorded_at + interval '1 microsecond'), case when described = 'retract' then described else 'delete' end,
               actor, reason
          from old_rows o;
    end if;
    return null;
end $$;
create trigger facts_keep_versions_of_updates after update on facts
    referencing old table as old_rows new table as new_rows for each statement execute function keep_fact_versions();
create trigger facts_keep_versions_of_deletes after delete on facts
    referencing old table as old_rows for each statement execute function keep_fact_versions();

-- History is written by the triggers alone. Retention and erasure, which are the service's, delete; nobody rewrites.
create function refuse_rewriting_history() returns trigger
language plpgsql as $$
begin
    raise exception '% of % is not allowed: history is not rewritten', tg_op, tg_table_name
        using errcode = 'restrict_violation', table = tg_table_name, constraint = tg_table_name || '_are_not_rewritten';
end $$;
create trigger fact_versions_refuse_updates before update on fact_versions for each statement execute function refuse_rewriting_history();
create trigger change_log_refuse_updates before update on change_log for each statement execute function refuse_rewriting_history();
create trigger fact_versions_refuse_deletes before delete on fact_versions for each statement
    when (current_setting('actors.writer', true) is distinct from 'grain') execute function refuse_rewriting_history();
create trigger change_log_refuse_deletes before delete on change_log for each statement
    when (current_setting('actors.writer', true) is distinct from 'grain') execute function refuse_rewriting_history();
create trigger session_heads_refuse_deletes before delete on session_heads for each statement
    when (current_setting('actors.writer', true) is distinct from 'grain') execute function refuse_rewriting_history();
