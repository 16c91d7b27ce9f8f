-- What is sent to Zep (docs/zep.md): the outbox, filled by triggers in the transaction of whoever writes, and what Zep has of which memory.
-- Lock cost: SHARE ROW EXCLUSIVE on events and facts for an instant each, ACCESS EXCLUSIVE on erasures for an instant; the tables are new.
--
-- A row of the outbox says that a memory, or all of a client, is to be brought up to date there; what is sent is what the memory is when it is
-- sent. So sending a row twice, or two rows of one memory, does no harm, and a memory that changes often is sent as it is in the end.

-- Which services outside are sent something: the service says so at each start, by its settings. One row each.
create table outside_services (
    name       text primary key,
    is_on      boolean not null default false,
    changed_at timestamptz not null default clock_timestamp(),
    constraint outside_services_name_is_known check (name in ('zep'))
);
insert into outside_services (name) values ('zep');

-- seq orders the rows of a client: the service's writers hold the client's head when they take one. failed_at: since when the row is set aside,
-- and tried again only when somebody asks for it. next_attempt_at: not before; null: at once.
create table outbox (
    seq             bigint generated always as identity primary key,
    id              uuid not null default uuid_v7() constraint outbox_ids_are_unique unique,
    destination     text not null default 'zep',
    client_id       text not null,
    -- 'events' and 'facts': the memory row_id; 'clients': everything, which was erased.
    table_name      text not null,
    row_id          uuid,
    attempts        integer not null default 0,
    next_attempt_at timestamptz,
    last_error      text,
    failed_at       timestamptz,
    created_at      timestamptz not null default clock_timestamp(),
    constraint outbox_destination_is_known check (destination in ('zep')),
    constraint outbox_client_id_has_a_safe_form check (is_client_id(client_id)),
    constraint outbox_table_name_is_known check (table_name in ('events', 'facts', 'clients')),
    constraint outbox_row_id_unless_of_a_client check ((row_id is null) = (table_name = 'clients')),
    constraint outbox_attempts_are_not_negative check (attempts >= 0)
);
create index outbox_waiting on outbox (client_id, seq) where failed_at is null;
create index outbox_failed on outbox (failed_at, seq) where failed_at is not null;

-- Clients that have a user and a thread there.
create table zep_clients (
    client_id  text primary key,
    ensured_at timestamptz not null default clock_timestamp(),
    constraint zep_clients_client_id_has_a_safe_form check (is_client_id(client_id))
);

-- What Zep calls what it was sent of a memory: the messages of an event, in the order of its parts, or the edge of a fact. sent_hash is the md5 of
-- what was sent, which tells whether it is still that. No foreign key: what was deleted here is still to be deleted there.
create table zep_items (
    client_id  text not null,
    table_name text not null,
    row_id     uuid not null,
    part       integer not null default 0,
    zep_id     text not null,
    sent_hash  uuid not null,
    sent_at    timestamptz not null default clock_timestamp(),
    constraint zep_items_have_one_id_per_part primary key (client_id, row_id, part),
    constraint zep_items_client_id_has_a_safe_form check (is_client_id(client_id)),
    constraint zep_items_table_name_is_known check (table_name in ('events', 'facts')),
    constraint zep_items_part_is_not_negative check (part >= 0)
);
create index zep_items_by_zep_id on zep_items (client_id, zep_id);

-- Also while nothing new is sent: what Zep has is to go there when it goes here, once that is turned on again.
create function queue_for_zep(p_client_id text, p_table_name text, p_row_id uuid) returns void
language sql set search_path from current as $$
    insert into outbox (client_id, table_name, row_id)
    select p_client_id, p_table_name, p_row_id
     where exists (select from outside_services where name = 'zep' and is_on)
        or exists (select from zep_items where client_id = p_client_id and row_id = p_row_id)
$$;

create function queue_memory_for_zep() returns trigger
language plpgsql set search_path from current as $$
declare
    left_client text; new_client text; id uuid;
begin
    if tg_op <> 'INSERT' then
        left_client := old.client_id;
        id := old.id;
    end if;
    if tg_op <> 'DELETE' then
        new_client := new.client_id;
        id := new.id;
    end if;
    if left_client is not null then
        perform queue_for_zep(left_client, tg_table_name, id);
    end if;
    if new_client is not null and new_client is distinct from left_client then
        perform queue_for_zep(new_client, tg_table_name, id);
    end if;
    return null;
end $$;

-- Salient events of clients (0.7 and more, the HTTP contract's line), and all their facts. WHEN keeps the others free of cost.
create trigger events_queue_new_for_zep after insert on events for each row
    when (new.salience_score >= 0.7 and new.client_id is not null) execute function queue_memory_for_zep();
create trigger events_queue_changed_for_zep after update on events for each row
    when (greatest(old.salience_score, new.salience_score) >= 0.7
          and (old.client_id, old.content, old.speaker, old.occurred_at, old.salience_score >= 0.7, old.expired_at is null)
              is distinct from (new.client_id, new.content, new.speaker, new.occurred_at, new.salience_score >= 0.7, new.expired_at is null))
    execute function queue_memory_for_zep();
create trigger events_queue_deleted_for_zep after delete on events for each row
    when (old.salience_score >= 0.7 and old.client_id is not null and current_setting('actors.erasing', true) is distinct from 'on')
    execute function queue_memory_for_zep();
create trigger facts_queue_new_for_zep after insert on facts for each row
    when (new.client_id is not null) execute function queue_memory_for_zep();
create trigger facts_queue_changed_for_zep after update on facts for each row
    when ((old.client_id, old.subject_type, old.subject_id, old.fact_type, old.content, old.valid_from, old.valid_to, old.metadata)
          is distinct from (new.client_id, new.subject_type, new.subject_id, new.fact_type, new.content, new.valid_from, new.valid_to, new.metadata))
    execute function queue_memory_for_zep();
create trigger facts_queue_deleted_for_zep after delete on facts for each row
    when (old.client_id is not null and current_setting('actors.erasing', true) is distinct from 'on') execute function queue_memory_for_zep();

-- How far Zep is with an erasure: off when nothing of the client was ever sent there.
alter table erasures
    add column zep text not null default 'off',
    add constraint erasures_zep_is_known check (zep in ('off', 'pending', 'removed'));

-- As in 021, with what Zep has. Deletes all of a client, and writes down how much that was. What stays is the client's row without its name, its head, by whose version
-- and erase epoch everybody notices, and the keys that were issued for it. For the service's connections only, which may delete history.
-- Called again it finds nothing, and says so. A new table with rows of clients belongs in here: a test goes through the catalogue.
create or replace function erase_client(p_client_id text, p_erased_at timestamptz) returns erasures
language plpgsql set search_path from current as $$
declare
    erased    text;
    gone_rows bigint;
    counts    jsonb := '{}';
    epoch     bigint;
    receipt   erasures;
    is_in_zep boolean;
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

    -- Whatever waits to be sent need not be; what was sent is deleted there by a row of its own.
    select exists (select from zep_clients where client_id = p_client_id) or exists (select from zep_items where client_id = p_client_id) into is_in_zep;
    delete from outbox where client_id = p_client_id and table_name <> 'clients';
    get diagnostics gone_rows = row_count;
    counts := counts || jsonb_build_object('outbox', gone_rows);
    if is_in_zep then
        insert into outbox (client_id, table_name) values (p_client_id, 'clients');
    end if;

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
        'sprints', 'projects', 'execution_runs', 'reflections', 'idempotency_keys', 'change_log', 'zep_items', 'zep_clients']
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
    insert into erasures (client_id, erase_epoch, erased_at, removed, zep)
    select p_client_id, epoch, p_erased_at, coalesce(jsonb_object_agg(key, value) filter (where value <> '0'), '{}'),
           case when exists (select from outbox where client_id = p_client_id) then 'pending' else 'off' end
      from jsonb_each(counts)
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
