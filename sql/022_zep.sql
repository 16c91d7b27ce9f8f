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
    -- Since when it has been tried in vain.
    first_failed_at timestamptz,
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
-- Each recall asks whether its client is being erased there.
create index outbox_erasures on outbox (client_id) where table_name = 'clients';
create index outbox_failed on outbox (failed_at, seq) where failed_at is not null;

-- Clients that have a user and a thread there. Written before the first request that may make one: ensured_at is null until both are known to be there.
create table zep_clients (
    client_id  text primary key,
    ensured_at timestamptz,
    constraint zep_clients_client_id_has_a_safe_form check (is_client_id(client_id))
);

-- What Zep calls what it was sent of a memory: the messages of an event, in the order of its parts, or the edge of a fact. Written before it is sent,
-- with the id that is asked for: sent_at is null as long as it may have got there, or not. So it can be sent again under the same id, and taken back
-- when the memory goes meanwhile. What went in one request got there together or not at all: request_id tells which that was, the last time.
-- sent_hash is a hash of what was sent, which tells whether it is still that. No foreign key: what was deleted
-- here is still to be deleted there.
create table zep_items (
    client_id  text not null,
    table_name text not null,
    row_id     uuid not null,
    part       integer not null default 0,
    zep_id     text not null,
    sent_hash  uuid not null,
    request_id uuid,
    sent_at    timestamptz,
    constraint zep_items_have_one_id_per_part primary key (client_id, row_id, part),
    constraint zep_items_client_id_has_a_safe_form check (is_client_id(client_id)),
    constraint zep_items_table_name_is_known check (table_name in ('events', 'facts')),
    constraint zep_items_part_is_not_negative check (part >= 0)
);
create index zep_items_by_zep_id on zep_items (client_id, zep_id);

-- What was taken out there. What Zep has made of it may be there for longer, and must not pass for something that nobody here has told.
create table zep_removed (
    client_id  text not null,
    zep_id     text not null,
    removed_at timestamptz not null default clock_timestamp(),
    constraint zep_removed_are_told_once primary key (client_id, zep_id),
    constraint zep_removed_client_id_has_a_safe_form check (is_client_id(client_id))
);

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

-- How many calls there may be, for all processes together. minute_left of them until minute_ends_at, as Zep said last; per_minute is null until it
-- said something. Calls of a month and of a day, in UTC, are counted here, since Zep tells nothing about them.
create table zep_budget (
    is_only_row    boolean primary key default true,
    per_minute     integer,
    minute_left    integer not null default 0,
    minute_ends_at timestamptz,
    day            date not null default '-infinity',
    day_calls      integer not null default 0,
    month_calls    integer not null default 0,
    paused_until   timestamptz,
    pause_reason   text,
    constraint zep_budget_has_one_row check (is_only_row),
    constraint zep_budget_per_minute_is_positive check (per_minute > 0),
    constraint zep_budget_counts_are_not_negative check (minute_left >= 0 and day_calls >= 0 and month_calls >= 0),
    constraint zep_budget_pause_has_a_reason check ((paused_until is null) = (pause_reason is null))
);
insert into zep_budget default values;

-- What of a month's calls belongs to a day: what was left when it began, over the days that were left.
create function zep_day_share(p_day date, p_monthly_calls integer, p_used_before integer) returns integer
language sql immutable
return ceil(greatest(p_monthly_calls - p_used_before, 0)::numeric / ((date_trunc('month', p_day::timestamp) + interval '1 month')::date - p_day));

-- The budget as it is at an instant: a minute, a day or a month that is over counts no longer.
create function zep_budget_at(p_now timestamptz, b zep_budget) returns zep_budget
language plpgsql immutable as $$
declare
    today date := (p_now at time zone 'UTC')::date;
begin
    -- Around midnight clocks differ, and one is set back now and then: a day that has begun goes on.
    if b.day = today + 1 then
        today := b.day;
    end if;
    -- A minute that ends much later was begun by a clock that was ahead.
    if b.minute_ends_at is null or b.minute_ends_at <= p_now or b.minute_ends_at > p_now + interval '5 minutes' then
        b.minute_left := coalesce(b.per_minute, 5);
        b.minute_ends_at := p_now + interval '1 minute';
    end if;
    if date_trunc('month', b.day::timestamp) is distinct from date_trunc('month', today::timestamp) then
        b.month_calls := 0;
    end if;
    if b.day <> today then
        b.day := today;
        b.day_calls := 0;
    end if;
    -- None is longer than an hour and a twentieth: one that ends later was begun by a clock that was ahead.
    if b.paused_until <= p_now or b.paused_until > p_now + interval '65 minutes' then
        b.paused_until := null;
        b.pause_reason := null;
    end if;
    return b;
end $$;

-- Takes a call, or says why not and before when to ask in vain. A fifth of the day's share is kept for writes, and a search leaves as many of the
-- minute's calls as rows wait that could be sent: those behind one that is not tried yet could not. p_monthly_calls: 0 is no limit.
create function take_zep_call(p_is_write boolean, p_now timestamptz, p_monthly_calls integer, out is_granted boolean, out reason text, out not_before timestamptz)
language plpgsql set search_path from current as $$
declare
    b     zep_budget;
    share integer;
begin
    select * into b from zep_budget for update;
    b := zep_budget_at(p_now, b);
    share := zep_day_share(b.day, p_monthly_calls, b.month_calls - b.day_calls);
    is_granted := false;
    if b.paused_until is not null then
        reason := b.pause_reason;
        not_before := b.paused_until;
    elsif p_monthly_calls > 0 and b.month_calls >= p_monthly_calls then
        reason := 'month';
        not_before := (date_trunc('month', b.day::timestamp) + interval '1 month') at time zone 'UTC';
    elsif p_monthly_calls > 0 and b.day_calls >= share - (case when p_is_write then 0 else ceil(share / 5.0) end) then
        reason := 'day';
        not_before := (b.day + 1)::timestamp at time zone 'UTC';
    elsif b.minute_left <= 0 then
        reason := 'minute';
        not_before := b.minute_ends_at;
    elsif not p_is_write and b.minute_left <= (
        with recursive heads (client_id, next_attempt_at) as (
            (select o.client_id, o.next_attempt_at from outbox o where o.failed_at is null order by o.client_id, o.seq limit 1)
            union all
            select n.client_id, n.next_attempt_at from heads h cross join lateral (
                select o.client_id, o.next_attempt_at from outbox o where o.failed_at is null and o.client_id > h.client_id order by o.client_id, o.seq limit 1) n)
        select count(*) from (
            select from heads h join outbox o on o.client_id = h.client_id and o.failed_at is null
             where h.next_attempt_at is null or h.next_attempt_at <= p_now limit b.minute_left) as waiting) then
        reason := 'writes_first';
        not_before := least(b.minute_ends_at, p_now + interval '1 second');
    else
        is_granted := true;
        update zep_budget
           set minute_left = b.minute_left - 1, minute_ends_at = b.minute_ends_at, day = b.day, day_calls = b.day_calls + 1, month_calls = b.month_calls + 1,
               paused_until = null, pause_reason = null;
    end if;
end $$;

-- What an answer tells: the limit of the minute (p_per_minute null: nothing), that the call came to nothing and does not count, or that Zep is to be
-- left alone.
create function note_zep_answer(
    p_now timestamptz, p_per_minute integer, p_remaining integer, p_resets_at timestamptz, p_is_given_back boolean, p_paused_until timestamptz,
    p_pause_reason text) returns void
language plpgsql set search_path from current as $$
declare
    b zep_budget;
begin
    select * into b from zep_budget for update;
    b := zep_budget_at(p_now, b);
    if p_per_minute is not null then
        -- Calls under way are not in p_remaining: the lower number holds, unless the limit was raised. What is told of a minute that is over is of
        -- no account.
        if p_resets_at is null or p_resets_at > p_now then
            b.minute_left := greatest(case when p_per_minute > coalesce(b.per_minute, 0) then p_remaining else least(b.minute_left, p_remaining) end, 0);
        end if;
        b.per_minute := greatest(p_per_minute, 1);
        if p_resets_at > p_now and p_resets_at <= p_now + interval '2 minutes' then
            b.minute_ends_at := p_resets_at;
        end if;
    end if;
    if p_is_given_back then
        b.day_calls := greatest(b.day_calls - 1, 0);
        b.month_calls := greatest(b.month_calls - 1, 0);
    end if;
    if p_paused_until > p_now and (b.paused_until is null or p_paused_until > b.paused_until) then
        b.paused_until := p_paused_until;
        b.pause_reason := p_pause_reason;
    end if;
    update zep_budget
       set per_minute = b.per_minute, minute_left = b.minute_left, minute_ends_at = b.minute_ends_at, day = b.day, day_calls = b.day_calls,
           month_calls = b.month_calls, paused_until = b.paused_until, pause_reason = b.pause_reason;
end $$;

-- Writes down what Zep calls a fact, unless its client was erased since p_erase_epoch. No new belief, but a change of the row, of which the sessions
-- and subjects that hold it hear as of another writer's.
create function note_zep_fact(p_client_id text, p_fact_id uuid, p_zep_id text, p_erase_epoch bigint) returns void
language plpgsql set search_path from current as $$
begin
    update facts set zep_fact_id = p_zep_id
     where id = p_fact_id and client_id = p_client_id and zep_fact_id is distinct from p_zep_id
       and (select erase_epoch from session_heads where client_id = p_client_id) = p_erase_epoch;
    if found then
        perform pg_notify('actors_changes', p_client_id);
    end if;
end $$;

-- How far Zep is with an erasure: off when nothing of the client was ever sent there.
alter table erasures
    add column zep text not null default 'off',
    add constraint erasures_zep_is_known check (zep in ('off', 'pending', 'removed'));
