-- What happens to memories after their end: the mark of the sweeper, who tells of it, and how far back the client's past still reaches.
-- Lock cost: ACCESS EXCLUSIVE on events, change_log and session_heads for a moment, since NOT VALID looks at no row and the columns
-- have constant defaults; SHARE on events and fact_versions while their indexes are built: writers wait for it, readers do not.

-- The end of the memory's valid time, once it has come and was logged as 'expire'. Recall does not look at it: it goes by expires_at,
-- and by the end of the run, at any moment. Only the service sets it.
alter table events add column expired_at timestamptz;
alter table events add constraint events_expired_at_needs_an_end
    check (expired_at is null or (is_calendar_time(expired_at) and (expires_at is not null or memory_scope = 'run'))) not valid;

-- purged_to: the latest end of an expired event that was deleted; versions_purged_to: the latest retracted_at of a deleted fact version;
-- log_pruned_to: the largest head_version of a deleted row of change_log. Null, or 0: nothing is gone.
alter table session_heads
    add column purged_to timestamptz,
    add column versions_purged_to timestamptz,
    add column log_pruned_to bigint not null default 0;
alter table session_heads add constraint session_heads_log_pruned_to_is_not_negative check (log_pruned_to >= 0) not valid;

-- 'expire': the memory's end has come. Logged under the version its head has, which it does not move: who has the memory hot knows its end.
alter table change_log drop constraint change_log_operation_is_known;
alter table change_log add constraint change_log_operation_is_known check (operation in ('insert', 'update', 'delete', 'expire')) not valid;

-- What is due, and what was marked. A memory that never ends is in none of them, so that remembering it costs no more than before.
drop index events_by_expiry;
create index events_due on events (expires_at) where expires_at is not null and expired_at is null;
create index events_due_with_their_run on events (run_id) where memory_scope = 'run' and run_id is not null and expired_at is null;
create index events_expired on events (expired_at) where expired_at is not null;
create index fact_versions_by_end on fact_versions (retracted_at);

-- The sweeper logs its marks itself, as the functions of 010 do.
create or replace trigger events_log_updates after update on events referencing old table as old_rows new table as new_rows
for each statement when (current_setting('actors.logged', true) is distinct from 'on') execute function log_updates();

-- As in 003; and an event that comes from elsewhere has not been logged as expired here.
create or replace function fill_foreign_event() returns trigger
language plpgsql as $$
begin
    new.created_at := least(new.created_at, clock_timestamp());
    new.expired_at := null;
    if new.zep_session_id is null then
        new.zep_session_id := 'client_' || new.client_id;
    end if;
    if new.expires_at is null and new.memory_scope = 'session' then
        new.expires_at := new.created_at + interval '24 hours';
    end if;
    return new;
end $$;

-- An end that an operator moves is another end: the mark goes, and the sweeper sets it again when that end has come. An operator may
-- take a mark away, but not set one.
create function keep_expiry_mark() returns trigger
language plpgsql as $$
begin
    if (new.expires_at, new.memory_scope, new.run_id) is distinct from (old.expires_at, old.memory_scope, old.run_id) then
        new.expired_at := null;
    elsif new.expired_at is not null then
        new.expired_at := old.expired_at;
    end if;
    return new;
end $$;
create trigger events_keep_expiry_mark before update on events for each row
    when (current_setting('actors.writer', true) is distinct from 'grain' and (old.expired_at is not null or new.expired_at is not null))
    execute function keep_expiry_mark();

-- The same when the end of a run moves. The sweeper holds the run's row while it marks the run's memories.
create function forget_marks_of_run() returns trigger
language plpgsql set search_path from current as $$
begin
    update events set expired_at = null where run_id = new.id and memory_scope = 'run' and expired_at is not null;
    return null;
end $$;
create trigger execution_runs_forget_marks after update of ended_at on execution_runs for each row
    when (old.ended_at is not null and new.ended_at is distinct from old.ended_at) execute function forget_marks_of_run();
