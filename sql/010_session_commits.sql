-- Commits of sessions, each row in few and cheap steps: what the triggers of 004 do for every statement of every writer, these
-- functions do once for all rows of all sessions that share a transaction. Foreign writers keep the triggers.
-- Lock cost: replacing the triggers takes SHARE ROW EXCLUSIVE on events and facts for an instant; writers wait for it, readers do not.
--
-- Setting actors.logged: 'on' for the rest of a transaction whose changes the functions below log themselves. Deletions are not among
-- them: they cascade to other clients' rows, which only the triggers see.
--
-- The functions name no search_path: only the service calls them, whose connections have that of the migrations, and setting it
-- costs as much as one of their statements.

create or replace trigger events_log_inserts after insert on events referencing new table as new_rows
for each statement when (current_setting('actors.logged', true) is distinct from 'on') execute function log_inserts();

create or replace trigger facts_log_inserts after insert on facts referencing new table as new_rows
for each statement when (current_setting('actors.logged', true) is distinct from 'on') execute function log_inserts();

create or replace trigger facts_log_updates after update on facts referencing old table as old_rows new table as new_rows
for each statement when (current_setting('actors.logged', true) is distinct from 'on') execute function log_updates();

create or replace trigger facts_stamp before insert or update on facts
for each row when (current_setting('actors.logged', true) is distinct from 'on') execute function stamp_fact();

create or replace trigger facts_keep_versions_of_updates after update on facts referencing old table as old_rows new table as new_rows
for each statement when (current_setting('actors.logged', true) is distinct from 'on') execute function keep_fact_versions();

-- Refuses a silo that its cluster has declared dead, as claim_session does, for the commits of several sessions. Called with their
-- heads locked. Ordered by the locks' own keys, since two clients may share one.
create function fence_silo(p_client_ids text[]) returns void
language plpgsql as $$
declare
    fence integer;
begin
    for fence in select distinct hashtext(client_id) from unnest(p_client_ids) as client_id order by 1 loop
        perform pg_advisory_xact_lock(20418, fence);
    end loop;
    perform ensure_silo_is_alive();
end $$;

-- The rarer half of claiming a session: its head is not there yet, or has another version. Error PM001 as in claim_session.
create function move_new_head(p_client_id text, p_version bigint, p_latest timestamptz) returns void
language plpgsql as $$
begin
    insert into clients (id) select p_client_id where p_client_id <> '-' on conflict do nothing;
    insert into session_heads (client_id) values (p_client_id) on conflict do nothing;
    update session_heads set version = version + 1, last_recorded_at = greatest(last_recorded_at, p_latest)
     where client_id = p_client_id and version = p_version;
    if not found then
        raise exception 'session_version_conflict' using errcode = 'PM001';
    end if;
end $$;

-- The most frequent commit, one event of one session, without the detour over arrays. Moves the session's head to p_version + 1,
-- provided it is at p_version (else PM001), and logs the event under that version. p_lock_timeout, unless null, holds for the
-- rest of the transaction: who is in a queue with others must not keep them waiting.
create function commit_event(
    p_client_id text, p_version bigint, p_id uuid, p_content text, p_memory_type text, p_memory_scope text, p_salience_score double precision,
    p_metadata jsonb, p_conversation_id text, p_speaker text, p_run_id uuid, p_occurred_at timestamptz, p_created_at timestamptz,
    p_expires_at timestamptz, p_lock_timeout text) returns void
language plpgsql as $$
begin
    if p_lock_timeout is not null then
        perform set_config('lock_timeout', p_lock_timeout, true);
    end if;
    update session_heads set version = version + 1, last_recorded_at = greatest(last_recorded_at, p_created_at)
     where client_id = p_client_id and version = p_version;
    if not found then
        perform move_new_head(p_client_id, p_version, p_created_at);
    end if;
    if current_setting('actors.silo', true) <> '' then
        perform fence_silo(array[p_client_id]);
    end if;

    perform set_config('actors.logged', 'on', true);
    insert into events (id, client_id, content, memory_type, memory_scope, salience_score, metadata, conversation_id,
                        speaker, run_id, occurred_at, created_at, expires_at, zep_session_id)
    values (p_id, p_client_id, p_content, p_memory_type, p_memory_scope, p_salience_score, p_metadata, p_conversation_id,
            p_speaker, p_run_id, p_occurred_at, p_created_at, p_expires_at, 'client_' || p_client_id);
    insert into change_log (client_id, head_version, table_name, row_id, operation, writer)
    values (p_client_id, p_version + 1, 'events', p_id, 'insert', 'grain');
end $$;

-- First of what commits several sessions, or more than an event: moves their heads, each to its version + 1, in the order of
-- client ids, which is everybody's; then writes their events. p_sessions says whose each event is, as a place in p_client_ids.
-- p_latest is the latest transaction time in each session's commit, facts included. What follows in the transaction is logged by
-- functions of this file, or is a deletion.
-- One plan for all array sizes, since planning costs more than any plan of these statements.
create function commit_sessions(
    p_client_ids text[], p_versions bigint[], p_latest timestamptz[],
    p_sessions integer[], p_ids uuid[], p_contents text[], p_memory_types text[], p_memory_scopes text[], p_salience_scores double precision[],
    p_metadata jsonb[], p_conversation_ids text[], p_speakers text[], p_run_ids uuid[], p_occurred_at timestamptz[],
    p_created_at timestamptz[], p_expires_at timestamptz[], p_lock_timeout text) returns void
language plpgsql set plan_cache_mode = force_generic_plan as $$
begin
    if p_lock_timeout is not null then
        perform set_config('lock_timeout', p_lock_timeout, true);
    end if;
    for i in 1 .. cardinality(p_client_ids) loop
        update session_heads set version = version + 1, last_recorded_at = greatest(last_recorded_at, p_latest[i])
         where client_id = p_client_ids[i] and version = p_versions[i];
        if not found then
            perform move_new_head(p_client_ids[i], p_versions[i], p_latest[i]);
        end if;
    end loop;
    if current_setting('actors.silo', true) <> '' then
        perform fence_silo(p_client_ids);
    end if;

    perform set_config('actors.logged', 'on', true);
    if cardinality(p_ids) = 0 then
        return;
    end if;
    insert into events (id, client_id, content, memory_type, memory_scope, salience_score, metadata, conversation_id,
                        speaker, run_id, occurred_at, created_at, expires_at, zep_session_id)
    select id, p_client_ids[session], content, memory_type, memory_scope, salience_score, metadata, conversation_id,
           speaker, run_id, occurred_at, created_at, expires_at, 'client_' || p_client_ids[session]
      from unnest(p_sessions, p_ids, p_contents, p_memory_types, p_memory_scopes, p_salience_scores, p_metadata, p_conversation_ids,
                  p_speakers, p_run_ids, p_occurred_at, p_created_at, p_expires_at)
           as new (session, id, content, memory_type, memory_scope, salience_score, metadata, conversation_id,
                   speaker, run_id, occurred_at, created_at, expires_at);
    insert into change_log (client_id, head_version, table_name, row_id, operation, writer)
    select p_client_ids[session], p_versions[session] + 1, 'events', id, 'insert', 'grain'
      from unnest(p_sessions, p_ids) as new (session, id);
end $$;

-- Beliefs that end because the world changed or because they were wrong: each becomes a version, and the row what is believed from
-- p_instants on. p_client_ids has the owner as heads have it, p_versions the version of its head after the commit. Each names the
-- recorded_at of the belief it replaces; PM004 when another writer was faster.
create function end_beliefs(
    p_client_ids text[], p_versions bigint[], p_ids uuid[], p_recorded_at timestamptz[], p_instants timestamptz[], p_operations text[],
    p_actors text[], p_reasons text[], p_contents text[], p_valid_from timestamptz[], p_valid_to timestamptz[], p_superseded_by uuid[]) returns void
language plpgsql set plan_cache_mode = force_generic_plan as $$
declare
    found_rows integer;
begin
    insert into fact_versions
    select f.id, f.client_id, f.subject_type, f.subject_id, f.fact_type, f.content, f.salience_score, f.category, f.fact_key,
           f.valid_from, f.valid_to, f.metadata, f.zep_fact_id, f.superseded_by, f.created_at, f.recorded_at,
           greatest(n.instant, f.recorded_at + interval '1 microsecond'), n.operation, coalesce(nullif(n.actor, ''), session_user),
           nullif(n.reason, '')
      from unnest(p_ids, p_recorded_at, p_instants, p_operations, p_actors, p_reasons) as n (id, recorded_at, instant, operation, actor, reason)
      join facts f on f.id = n.id and f.recorded_at = n.recorded_at;
    get diagnostics found_rows = row_count;
    perform expect_fact_count(cardinality(p_ids), found_rows);

    update facts f
       set content = n.content, valid_from = n.valid_from, valid_to = n.valid_to, superseded_by = n.superseded_by,
           recorded_at = greatest(n.instant, f.recorded_at + interval '1 microsecond'), updated_at = clock_timestamp()
      from unnest(p_ids, p_instants, p_contents, p_valid_from, p_valid_to, p_superseded_by)
           as n (id, instant, content, valid_from, valid_to, superseded_by)
     where f.id = n.id;
    insert into change_log (client_id, head_version, table_name, row_id, operation, writer)
    select client_id, version, 'facts', id, 'update', 'grain' from unnest(p_client_ids, p_versions, p_ids) as n (client_id, version, id);
end $$;

-- New facts, recorded at p_instants. Owners and versions as above. Their ids are new ones: nothing of them was ever deleted.
create function add_facts(
    p_client_ids text[], p_versions bigint[], p_ids uuid[], p_instants timestamptz[], p_subject_types text[], p_subject_ids text[],
    p_fact_types text[], p_contents text[], p_salience_scores double precision[], p_categories text[], p_fact_keys text[],
    p_valid_from timestamptz[], p_valid_to timestamptz[], p_metadata jsonb[], p_superseded_by uuid[]) returns void
language plpgsql set plan_cache_mode = force_generic_plan as $$
begin
    insert into facts (id, client_id, subject_type, subject_id, fact_type, content, salience_score, category, fact_key,
                       valid_from, valid_to, metadata, superseded_by, recorded_at, created_at, updated_at)
    select id, nullif(client_id, '-'), subject_type, subject_id, fact_type, content, salience_score, category, fact_key,
           valid_from, valid_to, metadata, superseded_by, instant, instant, instant
      from unnest(p_client_ids, p_ids, p_instants, p_subject_types, p_subject_ids, p_fact_types, p_contents, p_salience_scores,
                  p_categories, p_fact_keys, p_valid_from, p_valid_to, p_metadata, p_superseded_by)
           as new (client_id, id, instant, subject_type, subject_id, fact_type, content, salience_score, category, fact_key,
                   valid_from, valid_to, metadata, superseded_by);
    insert into change_log (client_id, head_version, table_name, row_id, operation, writer)
    select client_id, version, 'facts', id, 'insert', 'grain' from unnest(p_client_ids, p_versions, p_ids) as n (client_id, version, id);
end $$;

-- As keep_answers of 006, for requests of several clients, each at its own time.
create function keep_answers(
    p_client_ids text[], p_api_key_ids uuid[], p_paths text[], p_keys text[], p_request_hashes bytea[], p_status_codes integer[],
    p_bodies bytea[], p_created_at timestamptz[]) returns void
language plpgsql set plan_cache_mode = force_generic_plan as $$
declare
    kept integer;
begin
    insert into idempotency_keys (api_key_id, path, idempotency_key, client_id, request_hash, status_code, response_body, created_at, expires_at)
    select n.api_key_id, n.path, n.key, n.client_id, n.request_hash, n.status_code, n.body, n.created_at, n.created_at + interval '24 hours'
      from unnest(p_client_ids, p_api_key_ids, p_paths, p_keys, p_request_hashes, p_status_codes, p_bodies, p_created_at)
           as n (client_id, api_key_id, path, key, request_hash, status_code, body, created_at)
     order by 1, 2, 3
    on conflict on constraint idempotency_keys_are_used_once_per_key_and_path do update
       set client_id = excluded.client_id, request_hash = excluded.request_hash, status_code = excluded.status_code,
           response_body = excluded.response_body, created_at = excluded.created_at, expires_at = excluded.expires_at
     where idempotency_keys.expires_at <= excluded.created_at;
    get diagnostics kept = row_count;
    if kept <> cardinality(p_keys) then
        raise exception 'idempotency_key_taken' using errcode = 'PM005';
    end if;
end $$;
