-- Erasing all of a client, and taking in what was exported of one: erasures, the functions that erase_client and imports are, and a count
-- by which processes of the API learn that somebody was erased.
-- Lock cost: SHARE ROW EXCLUSIVE on the tables whose triggers are replaced, for an instant each; writers wait for it, readers do not.
-- ACCESS EXCLUSIVE on access_head, a table of one row.
--
-- SQLSTATEs: PM008 client_not_found, PM009 client_not_empty.
--
-- Setting actors.erasing: 'on' while a client is erased. What goes then leaves neither versions nor log rows.

-- One row for each time a client was erased: how many rows went, of which tables, and no content. It also remembers what is still to be
-- removed elsewhere.
create table erasures (
    id              uuid primary key default uuid_v7(),
    client_id       text not null,
    erase_epoch     bigint not null,
    erased_at       timestamptz not null,
    -- Rows that went, by table; tables without any are left out.
    removed         jsonb not null default '{}',
    -- Whether its answers have gone from Valkey: off when there is none, pending until it could be reached.
    valkey          text not null default 'pending',
    valkey_keys     bigint not null default 0,
    constraint erasures_client_id_has_a_safe_form check (is_client_id(client_id)),
    constraint erasures_erase_epoch_starts_at_one check (erase_epoch >= 1),
    constraint erasures_erased_at_is_finite check (is_calendar_time(erased_at)),
    constraint erasures_removed_is_an_object check (jsonb_typeof(removed) = 'object'),
    constraint erasures_valkey_is_known check (valkey in ('off', 'pending', 'removed')),
    constraint erasures_valkey_keys_are_not_negative check (valkey_keys >= 0)
);
create index erasures_by_client on erasures (client_id, erased_at desc, id desc);
create index erasures_pending on erasures (erased_at) where valkey = 'pending';

-- Moves with each erasure, together with the version that every process of the API looks at.
alter table access_head add column erasures bigint not null default 0;

do $$
declare
    logged text;
begin
    foreach logged in array array['events', 'facts', 'execution_runs', 'plans', 'tasks', 'projects', 'sprints'] loop
        execute format('create or replace trigger %1$s_log_deletes after delete on %1$I referencing old table as old_rows for each statement
                        when (current_setting(''actors.erasing'', true) is distinct from ''on'') execute function log_deletes()', logged);
    end loop;
    foreach logged in array array['events', 'facts'] loop
        execute format('create or replace trigger %1$s_forget_embeddings_of_deleted after delete on %1$I referencing old table as old_rows for each statement
                        when (current_setting(''actors.erasing'', true) is distinct from ''on'') execute function forget_embeddings_of_deleted()', logged);
    end loop;
end $$;

create or replace trigger facts_keep_versions_of_deletes after delete on facts referencing old table as old_rows
for each statement when (current_setting('actors.erasing', true) is distinct from 'on') execute function keep_fact_versions();

-- Whether there is, or ever was, anything of a client. Rows of the other tables have brought their client into clients.
create function is_known_client(p_client_id text) returns boolean
language sql stable set search_path from current as $$
    select exists (select from clients where id = p_client_id)
        or exists (select from scheduler_runs where client_id = p_client_id)
        or exists (select from reflections where client_id = p_client_id)
        or exists (select from graph_nodes where client_id = p_client_id)
        or exists (select from idempotency_keys where client_id = p_client_id)
$$;

-- Deletes all of a client, and writes down how much that was. What stays is the client's row without its name, its head, by whose version
-- and erase epoch everybody notices, and the keys that were issued for it. For the service's connections only, which may delete history.
-- Called again it finds nothing, and says so. A new table with rows of clients belongs in here: a test goes through the catalogue.
create function erase_client(p_client_id text, p_erased_at timestamptz) returns erasures
language plpgsql set search_path from current as $$
declare
    erased    text;
    gone_rows bigint;
    counts    jsonb := '{}';
    epoch     bigint;
    receipt   erasures;
begin
    if not is_known_client(p_client_id) then
        raise exception 'client_not_found' using errcode = 'PM008';
    end if;
    perform set_config('actors.erasing', 'on', true);

    -- In the order of other writers: facts, then the head. Nobody else can then commit anything of the client until this has.
    perform from facts where client_id = p_client_id order by id for update;
    insert into clients (id) values (p_client_id) on conflict do nothing;
    insert into session_heads (client_id) values (p_client_id) on conflict do nothing;
    perform from session_heads where client_id = p_client_id for update;

    -- An event of the house may name any run.
    update events set run_id = null
     where run_id in (select id from execution_runs where client_id = p_client_id) and client_id is distinct from p_client_id;

    -- Rows without a client_id of their own first.
    with gone as (
        delete from fact_sources where event_id in (select id from events where client_id = p_client_id) returning 1)
    select count(*) into gone_rows from gone;
    with gone as (
        delete from fact_sources where fact_id in (
            select id from facts where client_id = p_client_id union select fact_id from fact_versions where client_id = p_client_id) returning 1)
    select gone_rows + count(*) into gone_rows from gone;
    counts := counts || jsonb_build_object('fact_sources', gone_rows);
    with gone as (
        delete from run_steps where run_id in (select id from execution_runs where client_id = p_client_id) returning 1)
    select count(*) into gone_rows from gone;
    counts := counts || jsonb_build_object('run_steps', gone_rows);

    -- Those that refer to others before those they refer to.
    foreach erased in array array[
        'embeddings', 'embedding_progress', 'graph_edges', 'graph_nodes', 'events', 'fact_versions', 'facts', 'scheduler_runs', 'tasks', 'plans',
        'sprints', 'projects', 'execution_runs', 'reflections', 'idempotency_keys', 'change_log']
    loop
        execute format('delete from %I where client_id = $1', erased) using p_client_id;
        get diagnostics gone_rows = row_count;
        counts := counts || jsonb_build_object(erased, gone_rows);
    end loop;

    -- A name is personal; the id has to stay, for what names it.
    update clients set name = null where id = p_client_id and name is not null;

    -- What retention took is no longer missing.
    update session_heads set version = version + 1, erase_epoch = erase_epoch + 1, purged_to = null, versions_purged_to = null
     where client_id = p_client_id returning erase_epoch into epoch;
    insert into erasures (client_id, erase_epoch, erased_at, removed)
    select p_client_id, epoch, p_erased_at, coalesce(jsonb_object_agg(key, value) filter (where value <> '0'), '{}') from jsonb_each(counts)
    returning * into receipt;

    -- Last, for the shortest time: all writers of keys wait for this row, activations of the client for the fence.
    if current_setting('actors.silo', true) <> '' then
        perform fence_silo(array[p_client_id]);
    end if;
    insert into access_head as head (version, erasures) values (1, 1)
    on conflict (is_only_row) do update set version = head.version + 1, erasures = head.erasures + 1;
    perform pg_notify('actors_erasures', p_client_id);
    return receipt;
end $$;

-- First of an import: makes sure that the client has nothing (PM009), and keeps everybody from writing for it until the transaction ends.
-- Returns the version under which its rows are logged. The rows follow in the order of their tables, with all their times as they are, hence
-- the setting; see 010.
create function begin_import(p_client_id text) returns bigint
language plpgsql set search_path from current as $$
declare
    filled text;
    found_rows boolean;
    moved bigint;
begin
    insert into clients (id) values (p_client_id) on conflict do nothing;
    insert into session_heads (client_id) values (p_client_id) on conflict do nothing;
    update session_heads set version = version + 1 where client_id = p_client_id returning version into moved;
    foreach filled in array array[
        'events', 'facts', 'fact_versions', 'execution_runs', 'plans', 'tasks', 'projects', 'sprints', 'scheduler_runs', 'reflections', 'graph_nodes',
        'graph_edges']
    loop
        execute format('select exists (select from %I where client_id = $1)', filled) into found_rows using p_client_id;
        if found_rows then
            raise exception 'client_not_empty' using errcode = 'PM009';
        end if;
    end loop;
    perform set_config('actors.logged', 'on', true);
    return moved;
end $$;

-- Last of an import: the session's next transaction time is later than all that came in, and processes look at the client.
create function end_import(p_client_id text) returns void
language plpgsql set search_path from current as $$
begin
    update session_heads
       set version = version + 1,
           last_recorded_at = greatest(
               last_recorded_at, (select max(created_at) from events where client_id = p_client_id), (select max(recorded_at) from facts where client_id = p_client_id),
               (select max(retracted_at) from fact_versions where client_id = p_client_id))
     where client_id = p_client_id;
    if current_setting('actors.silo', true) <> '' then
        perform fence_silo(array[p_client_id]);
    end if;
    perform pg_notify('actors_changes', p_client_id);
end $$;
