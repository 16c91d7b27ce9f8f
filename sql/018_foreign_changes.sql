-- Tells the processes of the service that somebody else has changed rows they may hold in memory: one NOTIFY of channel
-- actors_changes for each statement of a foreign writer that changed rows. Its payload is the client whose rows they are ('-' is the
-- house), or '*' when they are not all of one client. The service's own writers tell their hot sessions themselves, and pay nothing here
-- but the WHEN: a NOTIFY makes commits wait for each other.
-- And who ends a run by SQL need not say when: memories of the run's scope end with it.
-- Lock cost: creating the triggers takes SHARE ROW EXCLUSIVE on the tables named for an instant; writers wait for it, readers do not.
--
-- Postgres sends a notification when its transaction commits, never one that is rolled back, and the same one of several statements of
-- a transaction only once. It may get lost with the listener's connection: what changed stands in change_log all the same.

create function notify_foreign_changes() returns trigger
language plpgsql set search_path from current as $$
declare
    client text; last_client text;
begin
    if tg_op = 'INSERT' then
        select min(coalesce(client_id, '-')), max(coalesce(client_id, '-')) into client, last_client from new_rows;
    elsif tg_op = 'DELETE' then
        select min(coalesce(client_id, '-')), max(coalesce(client_id, '-')) into client, last_client from old_rows;
    else
        -- As in log_updates of 004: rows left as they were are no change, and the join has to stay a full one. A row that moved is a
        -- change for the client it left, too; of two nulls and a text, least and greatest take the text.
        select min(least(old_client, new_client)), max(greatest(old_client, new_client)) into client, last_client
          from (select case when o.id is not null then coalesce(o.client_id, '-') end as old_client,
                       case when n.id is not null then coalesce(n.client_id, '-') end as new_client
                  from old_rows o full join new_rows n on n.id = o.id
                 where o is distinct from n) as changed;
    end if;

    -- Null: the statement changed nothing.
    if client is not null then
        perform pg_notify('actors_changes', case when client = last_client then client else '*' end);
    end if;
    return null;
end $$;

do $$
declare
    watched text;
begin
    foreach watched in array array['events', 'facts', 'execution_runs', 'plans', 'tasks', 'projects', 'sprints'] loop
        execute format('create trigger %1$s_notify_inserts after insert on %1$I referencing new table as new_rows for each statement
                        when (current_setting(''actors.writer'', true) is distinct from ''grain'') execute function notify_foreign_changes()', watched);
        execute format('create trigger %1$s_notify_updates after update on %1$I referencing old table as old_rows new table as new_rows for each statement
                        when (current_setting(''actors.writer'', true) is distinct from ''grain'') execute function notify_foreign_changes()', watched);
        execute format('create trigger %1$s_notify_deletes after delete on %1$I referencing old table as old_rows for each statement
                        when (current_setting(''actors.writer'', true) is distinct from ''grain'') execute function notify_foreign_changes()', watched);
    end loop;
end $$;

-- A run that is over without an end would leave its memories in recall for ever. Not before it was started, which a constraint demands.
create function end_run() returns trigger
language plpgsql as $$
begin
    new.ended_at := greatest(clock_timestamp(), new.started_at);
    return new;
end $$;
create trigger execution_runs_end before insert or update of status, ended_at on execution_runs for each row
    when (new.status in ('completed', 'failed', 'cancelled') and new.ended_at is null) execute function end_run();
