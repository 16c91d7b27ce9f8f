-- Who may call, and the answers kept for repeated writes: api_keys, idempotency_keys.
-- Lock cost: creates only new objects.

-- Only the SHA-256 of a key is stored; key_prefix is its first characters, so that people can tell keys apart.
create table api_keys (
    id                    uuid primary key default uuid_v7(),
    key_hash              bytea not null,
    key_prefix            text not null default '',
    name                  text not null,
    role                  text not null default 'agent',
    client_ids            text[] not null default '{}',
    rate_limit_per_minute integer,
    expires_at            timestamptz,
    disabled_at           timestamptz,
    last_used_at          timestamptz,
    created_at            timestamptz not null default clock_timestamp(),
    updated_at            timestamptz not null default clock_timestamp(),
    constraint api_keys_key_hash_is_unique unique (key_hash),
    constraint api_keys_key_hash_is_a_sha256 check (octet_length(key_hash) = 32),
    constraint api_keys_prefix_does_not_give_the_key_away check (length(key_prefix) <= 12),
    constraint api_keys_name_is_not_empty check (length(name) > 0),
    constraint api_keys_role_is_known check (role in ('agent', 'reader', 'admin')),
    constraint api_keys_client_ids_are_named check (array_position(client_ids, null) is null),
    constraint api_keys_rate_limit_is_positive check (rate_limit_per_minute > 0)
);
create trigger api_keys_touch before update on api_keys for each row execute function touch_updated_at();

-- One row per key, path and Idempotency-Key, inserted in the write's own transaction. api_key_id has no foreign key:
-- an answer is kept for its 24 hours also when the key is deleted meanwhile. client_id is there so that erasure finds the row.
create table idempotency_keys (
    api_key_id      uuid not null,
    path            text not null,
    idempotency_key text not null,
    client_id       text,
    request_hash    bytea not null,
    status_code     integer not null,
    response_body   bytea not null,
    created_at      timestamptz not null default clock_timestamp(),
    expires_at      timestamptz not null default clock_timestamp() + interval '24 hours',
    constraint idempotency_keys_are_used_once_per_key_and_path primary key (api_key_id, path, idempotency_key),
    constraint idempotency_keys_have_1_to_255_characters check (length(idempotency_key) between 1 and 255),
    constraint idempotency_keys_request_hash_is_a_sha256 check (octet_length(request_hash) = 32),
    constraint idempotency_keys_answer_is_final check (status_code between 200 and 499 and status_code <> 429),
    constraint idempotency_keys_expire_after_creation check (created_at < expires_at)
);
create index idempotency_keys_by_expiry on idempotency_keys (expires_at);
create index idempotency_keys_by_client on idempotency_keys (client_id) where client_id is not null;
