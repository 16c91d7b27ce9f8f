-- What the service calls to write facts, and to keep the answers of repeated writes: set-based, so that one commit of many
-- writers costs one statement each.
-- Lock cost: creates only new functions and replaces none.
--
-- SQLSTATEs: PM004 fact_version_conflict, PM005 idempotency_key_taken, PM006 unknown_source_event.

-- First statement of a transaction that writes facts: takes, in one order for everybody, the subjects' transaction locks, then
-- the rows that will change. Whoever updates a row by plain SQL has its lock before the session's head, too; so nobody waits in a circle.
create function lock_facts(p_subject_types text[], p_subject_ids text[], p_fact_ids uuid[]) returns void
language plpgsql set search_path from current as $$
declare
    subject_key bigint;
begin
    for subject_key in
        select distinct subject_lock_key(s.type, s.id) from unnest(p_subject_types, p_subject_ids) as s (type, id) order by 1
    loop
        perform pg_advisory_xact_lock(subject_key);
    end loop;
    perform from facts where id = any (p_fact_ids) order by id for update;
end $$;

-- Every change below names the recorded_at of the belief it replaces. Another writer may have been faster: then nothing is written.
create function expect_fact_count(p_expected integer, p_found integer) returns void
language plpgsql as $$
begin
    if p_expected <> p_found then
        raise exception 'fact_version_conflict' using errcode = 'PM004';
    end if;
end $$;

-- Ends facts where their successors begin.
create function close_facts(p_ids uuid[], p_recorded_at timestamptz[], p_valid_to timestamptz[], p_superseded_by uuid[]) returns void
language plpgsql set search_path from current as $$
declare
    found_rows integer;
begin
    update facts f set valid_to = n.valid_to, superseded_by = n.superseded_by
      from unnest(p_ids, p_recorded_at, p_valid_to, p_superseded_by) as n (id, recorded_at, valid_to, superseded_by)
     where f.id = n.id and f.recorded_at = n.recorded_at;
    get diagnostics found_rows = row_count;
    perform expect_fact_count(cardinality(p_ids), found_rows);
end $$;

create function correct_fact(p_id uuid, p_recorded_at timestamptz, p_content text, p_valid_from timestamptz, p_valid_to timestamptz) returns void
language plpgsql set search_path from current as $$
declare
    found_rows integer;
begin
    update facts set content = p_content, valid_from = p_valid_from, valid_to = p_valid_to
     where id = p_id and recorded_at = p_recorded_at;
    get diagnostics found_rows = row_count;
    perform expect_fact_count(1, found_rows);
end $$;

create function retract_fact(p_id uuid, p_recorded_at timestamptz) returns void
language plpgsql set search_path from current as $$
declare
    found_rows integer;
begin
    delete from facts where id = p_id and recorded_at = p_recorded_at;
    get diagnostics found_rows = row_count;
    perform expect_fact_count(1, found_rows);
end $$;

create function add_fact_sources(p_fact_id uuid, p_client_id text, p_event_ids uuid[]) returns void
language plpgsql set search_path from current as $$
declare
    found_rows integer;
begin
    insert into fact_sources (fact_id, event_id, extractor)
    select p_fact_id, e.id, 'api' from events e where e.id = any (p_event_ids) and e.client_id is not distinct from p_client_id;
    get diagnostics found_rows = row_count;
    if found_rows <> cardinality(p_event_ids) then
        raise exception 'unknown_source_event' using errcode = 'PM006';
    end if;
end $$;

-- The relations which a fact's metadata names: {"relations": [{"relation", "subject_type", "subject_id"}, ...]}. What has another
-- form, which only SQL can write, names none.
create function fact_relations(p_metadata jsonb) returns table (relation text, subject_type text, subject_id text)
language sql immutable parallel safe as $$
    select distinct entry ->> 'relation', entry ->> 'subject_type', entry ->> 'subject_id'
      from jsonb_path_query(p_metadata, 'lax $.relations[*] ? (@.type() == "object")') as entry
     where length(entry ->> 'relation') > 0 and length(entry ->> 'subject_type') > 0 and length(entry ->> 'subject_id') > 0
$$;

-- Brings the graph up to date with facts that were written: a node for each subject and each entity a fact names, an edge for each
-- relation, valid as long as its fact. Edges of retracted facts are gone with them.
create function link_facts(p_fact_ids uuid[]) returns void
language plpgsql set search_path from current as $$
begin
    with named as (
        select f.client_id, f.subject_type, f.subject_id from facts f where f.id = any (p_fact_ids)
        union
        select f.client_id, r.subject_type, r.subject_id from facts f, fact_relations(f.metadata) r where f.id = any (p_fact_ids)
    )
    insert into graph_nodes (client_id, subject_type, subject_id)
    select client_id, subject_type, subject_id from named order by 1, 2, 3
    on conflict on constraint graph_nodes_entity_has_one_node_per_client do nothing;

    update graph_edges e set valid_from = f.valid_from, valid_to = f.valid_to
      from facts f
     where f.id = any (p_fact_ids) and e.fact_id = f.id and (e.valid_from, e.valid_to) is distinct from (f.valid_from, f.valid_to);

    insert into graph_edges (client_id, from_node_id, to_node_id, relation, fact_id, valid_from, valid_to)
    select f.client_id, start_node.id, end_node.id, r.relation, f.id, f.valid_from, f.valid_to
      from facts f
     cross join lateral fact_relations(f.metadata) r
      join graph_nodes start_node on (start_node.subject_type, start_node.subject_id) = (f.subject_type, f.subject_id)
                                 and start_node.client_id is not distinct from f.client_id
      join graph_nodes end_node on (end_node.subject_type, end_node.subject_id) = (r.subject_type, r.subject_id)
                               and end_node.client_id is not distinct from f.client_id
     where f.id = any (p_fact_ids) and not exists (select from graph_edges e where e.fact_id = f.id);
end $$;

-- Keeps the answers of requests that carry an Idempotency-Key, in the transaction of what they did. A parallel repeat waits here
-- for the end of the first one's transaction, then fails. An answer whose time is over makes room.
create function keep_answers(
    p_client_id text, p_api_key_ids uuid[], p_paths text[], p_keys text[], p_request_hashes bytea[], p_status_codes integer[],
    p_bodies bytea[], p_now timestamptz) returns void
language plpgsql set search_path from current as $$
declare
    kept integer;
begin
    insert into idempotency_keys (api_key_id, path, idempotency_key, client_id, request_hash, status_code, response_body, created_at, expires_at)
    select n.api_key_id, n.path, n.key, p_client_id, n.request_hash, n.status_code, n.body, p_now, p_now + interval '24 hours'
      from unnest(p_api_key_ids, p_paths, p_keys, p_request_hashes, p_status_codes, p_bodies)
           as n (api_key_id, path, key, request_hash, status_code, body)
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
