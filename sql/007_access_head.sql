-- What lets every API process hold all keys in memory: access_head, whose version moves with each change of a key, whoever makes
-- it; and the rules that keep one odd row from making the whole table unreadable.
-- Lock cost: ACCESS EXCLUSIVE on api_keys, a table of at most some thousand rows, for the time it takes to read it.

-- One row. A process that knows the version knows the keys: it reads them again only when the version has moved.
create table access_head (
    is_only_row boolean primary key default true,
    version     bigint not null default 0,
    constraint access_head_has_one_row check (is_only_row)
);
insert into access_head default values;

create function are_client_ids(p_client_ids text[]) returns boolean
language sql immutable parallel safe
return (select coalesce(bool_and(is_client_id(id)), true) from unnest(p_client_ids) as id);

alter table api_keys
    add constraint api_keys_name_has_at_most_200_characters check (length(name) <= 200),
    add constraint api_keys_client_ids_have_a_safe_form check (are_client_ids(client_ids)),
    add constraint api_keys_client_ids_are_at_most_1000 check (cardinality(client_ids) <= 1000),
    add constraint api_keys_of_admins_name_no_clients check (role <> 'admin' or cardinality(client_ids) = 0),
    add constraint api_keys_times_are_finite check (
        is_calendar_time(expires_at) and is_calendar_time(disabled_at) and is_calendar_time(last_used_at)
        and is_calendar_time(created_at) and is_calendar_time(updated_at));

-- The head's row lock makes writers of keys wait for each other, so that the count is exact and the version names one state.
create function move_access_head() returns trigger
language plpgsql set search_path from current as $$
begin
    insert into access_head as head (version) values (1)
    on conflict (is_only_row) do update set version = head.version + 1;
    if tg_op = 'INSERT' and (select count(*) from api_keys) > 10000 then
        raise exception 'there are 10000 keys already'
            using errcode = 'check_violation', constraint = 'api_keys_are_at_most_10000', table = 'api_keys';
    end if;
    return null;
end $$;

-- Not for last_used_at, which is written all the time and which no process needs to hear of.
create trigger api_keys_move_the_head
after insert or delete or truncate
      or update of id, key_hash, key_prefix, name, role, client_ids, rate_limit_per_minute, expires_at, disabled_at
on api_keys for each statement execute function move_access_head();
