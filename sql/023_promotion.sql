-- Events that become facts (docs/promotion.md): a job for each event that may, and where each fact was found.
-- Lock cost: SHARE ROW EXCLUSIVE on events, ACCESS EXCLUSIVE on fact_sources, for an instant each, and SHARE on fact_sources while its indexes are
-- built: who writes facts with sources waits for it, readers do not.
--
-- SQLSTATEs: PM010 source_changed.

-- What is to be looked for facts, and what became of it. waiting: not read yet. extracted: result has what was found, and is being applied;
-- it was stored before, so that a repeat applies the same. done: all of it is applied, or set aside. failed: given up, until somebody asks
-- for it again. attempts are those that failed and count; failures all in a row, by which the next wait is measured. generation moves with the
-- event's text and client: what was found out, or went wrong, before says nothing of it any more.
create table promotion_jobs (
    event_id          uuid primary key constraint promotion_jobs_event_names_an_event references events on delete cascade,
    client_id         text not null,
    state             text not null default 'waiting',
    generation        integer not null default 1,
    attempts          integer not null default 0,
    failures          integer not null default 0,
    next_attempt_at   timestamptz,
    last_error        text,
    extractor         text,
    extractor_version text,
    model             text,
    result            jsonb,
    set_aside         text[] not null default '{}',
    created_at        timestamptz not null default clock_timestamp(),
    updated_at        timestamptz not null default clock_timestamp(),
    constraint promotion_jobs_client_id_has_a_safe_form check (is_client_id(client_id)),
    constraint promotion_jobs_state_is_known check (state in ('waiting', 'extracted', 'done', 'failed')),
    constraint promotion_jobs_attempts_are_not_negative check (attempts >= 0 and failures >= 0),
    constraint promotion_jobs_extracted_have_a_result check (state <> 'extracted' or result is not null),
    constraint promotion_jobs_results_name_their_extractor check (result is null or (extractor is not null and extractor_version is not null))
);
create index promotion_jobs_due on promotion_jobs (client_id, created_at, event_id) where state in ('waiting', 'extracted');
create index promotion_jobs_failed on promotion_jobs (event_id) where state = 'failed';
create index promotion_jobs_by_client on promotion_jobs (client_id, event_id);

-- ordinal: the fact's place among those its extractor found in the event; null: no extractor did. quote_hash: md5 of the words it was found in, as
-- the service writes them (NormalText); null: not kept.
alter table fact_sources
    add column ordinal    integer,
    add column model      text,
    add column quote_hash uuid,
    add constraint fact_sources_ordinal_is_not_negative check (ordinal >= 0) not valid;
create unique index fact_sources_apply_an_extraction_once on fact_sources (event_id, extractor, extractor_version, ordinal) where ordinal is not null;
-- Two facts of one extraction may be one fact, found at one place: each has its source, and is known by that not to be applied again.
alter table fact_sources
    drop constraint fact_sources_name_a_span_once,
    add constraint fact_sources_name_a_span_once unique nulls not distinct (fact_id, event_id, span_start, span_end, extractor, extractor_version, ordinal);
create index fact_sources_by_quote on fact_sources (quote_hash) where quote_hash is not null;

create function queue_promotion() returns trigger
language plpgsql set search_path from current as $$
begin
    if new.client_id is null then
        delete from promotion_jobs where event_id = new.id;
        return null;
    end if;
    if tg_op = 'UPDATE' then
        -- What was found in another client's event is about that client.
        update promotion_jobs
           set client_id = new.client_id, generation = generation + 1, result = null, state = case state when 'extracted' then 'waiting' else state end
         where event_id = new.id and client_id <> new.client_id;
        -- Facts were found in it: those stay, whatever became of the event, and what is left of them is not recorded.
        update promotion_jobs
           set state = 'done', generation = generation + 1, failures = 0, next_attempt_at = null, last_error = null, result = null,
               set_aside = array['The memory has another content or client by now, and facts were recorded of it before.'], updated_at = clock_timestamp()
         where event_id = new.id and state <> 'done' and exists (select from fact_sources where event_id = new.id and ordinal is not null);
    end if;
    if new.salience_score < 0.7 then
        return null;
    end if;
    insert into promotion_jobs as job (event_id, client_id) values (new.id, new.client_id)
    on conflict (event_id) do update
       set state = 'waiting', generation = job.generation + 1, attempts = 0, failures = 0, next_attempt_at = null, last_error = null, extractor = null, extractor_version = null,
           model = null, result = null, set_aside = '{}', updated_at = clock_timestamp()
     where not exists (select from fact_sources where event_id = new.id and ordinal is not null);
    return null;
end $$;

-- Events of clients at 0.7 and more (the HTTP contract's line); WHEN keeps the others free of cost. An import brings its jobs along.
create trigger events_queue_promotion_of_new after insert on events for each row
    when (new.salience_score >= 0.7 and new.client_id is not null and current_setting('actors.importing', true) is distinct from 'on')
    execute function queue_promotion();
create trigger events_queue_promotion_of_changed after update on events for each row
    when (old.client_id is distinct from new.client_id
          or (new.salience_score >= 0.7 and (old.content, old.salience_score >= 0.7) is distinct from (new.content, new.salience_score >= 0.7)))
    execute function queue_promotion();

-- Events whose facts a transaction is to write: their rows are locked before the head of their client, as they are for who updates them by SQL.
-- An erasure has the head first. So that it is not kept waiting, such a transaction gives up after half a second without a lock, before
-- Postgres looks for deadlocks; promotions come again.
create function lock_promoted_events(p_ids uuid[]) returns void
language plpgsql set plan_cache_mode = force_generic_plan as $$
declare
    patience text := current_setting('lock_timeout');
begin
    if patience = '0' or patience::interval > interval '500 ms' then
        perform set_config('lock_timeout', '500ms', true);
    end if;
    perform from events where id = any (p_ids) order by id for no key update;
end $$;

-- Says where a fact was found that this transaction has added, or confirms one that is believed since p_confirmed_at (null: it is new). Called
-- when the client's head has moved to p_version, and logs the event under it if this is its first fact. PM004: the fact is not believed any
-- more as it was. PM006: the client has no such event. PM010: its content, of which p_content_hash is the md5, is another by now. A repeat violates
-- fact_sources_apply_an_extraction_once.
create function promote_event(
    p_client_id text, p_version bigint, p_fact_id uuid, p_confirmed_at timestamptz, p_event_id uuid, p_content_hash uuid, p_ordinal integer,
    p_span_start integer, p_span_end integer, p_extractor text, p_extractor_version text, p_model text, p_quote_hash uuid) returns void
language plpgsql as $$
declare
    found_hash uuid;
begin
    if p_confirmed_at is not null then
        perform from facts where id = p_fact_id and recorded_at = p_confirmed_at;
        perform expect_fact_count(1, case when found then 1 else 0 end);
    end if;
    select md5(content)::uuid into found_hash from events where id = p_event_id and client_id = p_client_id;
    if not found then
        raise exception 'unknown_source_event' using errcode = 'PM006';
    elsif found_hash <> p_content_hash then
        raise exception 'source_changed' using errcode = 'PM010';
    end if;

    insert into fact_sources (fact_id, event_id, span_start, span_end, extractor, extractor_version, ordinal, model, quote_hash)
    values (p_fact_id, p_event_id, p_span_start, p_span_end, p_extractor, p_extractor_version, p_ordinal, p_model, p_quote_hash)
    on conflict on constraint fact_sources_name_a_span_once do nothing;
    update events set promoted_to_fact_id = p_fact_id where id = p_event_id and promoted_to_fact_id is null;
    if found then
        insert into change_log (client_id, head_version, table_name, row_id, operation, writer)
        values (p_client_id, p_version, 'events', p_event_id, 'update', 'grain');
    end if;
end $$;

-- As in 006; and events that were promoted to the fact are not any more, which only the triggers see (010).
create or replace function retract_fact(p_id uuid, p_recorded_at timestamptz) returns void
language plpgsql set search_path from current as $$
declare
    found_rows integer;
    logged text := current_setting('actors.logged', true);
begin
    perform set_config('actors.logged', '', true);
    delete from facts where id = p_id and recorded_at = p_recorded_at;
    get diagnostics found_rows = row_count;
    perform expect_fact_count(1, found_rows);
    perform set_config('actors.logged', coalesce(logged, ''), true);
end $$;

-- As in 021; with the jobs of promotion, which come with the import: its events get none of their own.
create or replace function begin_import(p_client_id text) returns bigint
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
        'graph_edges', 'promotion_jobs']
    loop
        execute format('select exists (select from %I where client_id = $1)', filled) into found_rows using p_client_id;
        if found_rows then
            raise exception 'client_not_empty' using errcode = 'PM009';
        end if;
    end loop;
    perform set_config('actors.logged', 'on', true);
    perform set_config('actors.importing', 'on', true);
    return moved;
end $$;
