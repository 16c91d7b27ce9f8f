-- A silo that its cluster has declared dead must not write, even if it only slept and does not know of it yet: its grains live
-- elsewhere by now. The membership table is where silos are declared dead, so each write asks it, in its own transaction.
-- Lock cost: replaces a function and adds two; waits for nothing.

-- Silos name themselves in their sessions: actors.silo = 'cluster|address|port|generation'. Everybody else may write.
create function ensure_silo_is_alive() returns void
language plpgsql stable set search_path from current as $$
declare
    silo text[] := string_to_array(nullif(current_setting('actors.silo', true), ''), '|');
begin
    if silo is null then
        return;
    end if;
    -- Orleans' own table, which is there before the first silo starts. 6 is dead; rows of the dead are removed some day.
    perform from orleansmembershiptable
      where deploymentid = silo[1] and address = silo[2] and port = silo[3]::integer and generation = silo[4]::integer and status <> 6;
    if not found then
        raise exception 'silo_is_declared_dead' using errcode = 'PM007';
    end if;
end $$;

-- Waits until no silo is in the midst of a write for the client. Other writers are not waited for: an operator's open transaction
-- must not keep a session from coming up. The lock is that of claim_session, and goes with the transaction.
create function await_silo_writes(p_client_id text) returns void
language plpgsql as $$
begin
    if nullif(current_setting('actors.silo', true), '') is not null then
        perform pg_advisory_xact_lock_shared(20418, hashtext(coalesce(p_client_id, '-')));
    end if;
end $$;

-- As before, and asks whether the silo is alive once it holds the client's lock: who waits for that lock after the silo was
-- declared dead sees all it has ever written. The head first, as in every transaction that takes both.
create or replace function claim_session(p_client_id text, p_expected_version bigint) returns timestamptz
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
    if nullif(current_setting('actors.silo', true), '') is not null then
        perform pg_advisory_xact_lock(20418, hashtext(client));
        perform ensure_silo_is_alive();
    end if;
    if head.version is distinct from p_expected_version then
        raise exception 'session_version_conflict' using errcode = 'PM001', detail = head.version::text;
    end if;
    return head.last_recorded_at;
end $$;
