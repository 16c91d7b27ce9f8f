-- When something was first sent of which it is not known whether Zep took it: it may still come there, and what is to be taken out again is waited for.
-- Null once Zep has certainly refused it, and of what was sent before this migration.
-- Lock cost: ACCESS EXCLUSIVE on zep_items for an instant.

alter table zep_items add column claimed_at timestamptz;

-- As in 023, but an event that comes back to a client from the house is not looked through again when facts were found in it before.
create or replace function queue_promotion() returns trigger
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
    -- It may have been somebody's before, and nobody's meanwhile.
    insert into promotion_jobs as job (event_id, client_id)
    select new.id, new.client_id
     where tg_op = 'INSERT' or not exists (select from fact_sources where event_id = new.id and ordinal is not null)
    on conflict (event_id) do update
       set state = 'waiting', generation = job.generation + 1, attempts = 0, failures = 0, next_attempt_at = null, last_error = null, extractor = null, extractor_version = null,
           model = null, result = null, set_aside = '{}', updated_at = clock_timestamp()
     where not exists (select from fact_sources where event_id = new.id and ordinal is not null);
    return null;
end $$;
