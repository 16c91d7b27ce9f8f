-- Vectors of memories, which an embeddings endpoint makes of their contents, and how far each client's memories have been looked
-- through. Both can be made again from events and facts: without rows here recall ranks by words alone.
-- Lock cost: creating the triggers takes SHARE ROW EXCLUSIVE on events and facts for the length of this file; writers wait, readers
-- do not. The tables are new. Later on an insert into events or facts pays nothing, a deletion one look at a primary key.

-- At most one vector per event or fact, that of its present content. seq tells processes what is new: writers of vectors take
-- advisory lock 20419 first, so that the order of seq is that of commits.
-- No foreign key: the memory is in one of two tables, and the triggers below take the vector away with it.
create table embeddings (
    memory_id    uuid primary key,
    seq          bigint generated always as identity,
    -- Null means the house, as in the memory's own row.
    client_id    text constraint embeddings_client_id_has_a_safe_form check (is_client_id(client_id)),
    table_name   text not null,
    -- The model's name, and whatever else decides about its vectors: those of different models cannot be compared.
    model        text not null,
    dimensions   integer not null,
    -- md5 of the content, which tells whether the content is still the one that was embedded.
    content_hash uuid not null,
    -- Signed bytes, one per dimension; times scale they make a vector of length 1.
    vector       bytea not null,
    scale        real not null,
    created_at   timestamptz not null default clock_timestamp(),
    constraint embeddings_table_name_is_known check (table_name in ('events', 'facts')),
    constraint embeddings_model_has_1_to_400_characters check (length(model) between 1 and 400),
    constraint embeddings_dimensions_are_1_to_8192 check (dimensions between 1 and 8192),
    constraint embeddings_vector_has_a_byte_per_dimension check (octet_length(vector) = dimensions),
    constraint embeddings_scale_is_positive check (scale > 0 and scale < 'infinity')
);
-- What does not fit into its page is not worth the attempt to compress it.
alter table embeddings alter column vector set storage external;
create index embeddings_by_seq on embeddings (seq);
create index embeddings_by_client on embeddings (client_id);

-- Up to which version of its head ('-' is the house) a client's memories have been given vectors of a model. A client without a row,
-- or with one of another model, is looked through from the start.
create table embedding_progress (
    client_id  text primary key,
    model      text not null,
    version    bigint not null,
    updated_at timestamptz not null default clock_timestamp(),
    constraint embedding_progress_model_has_1_to_400_characters check (length(model) between 1 and 400),
    constraint embedding_progress_version_is_not_negative check (version >= 0)
);

-- A content that changed has no vector until it gets its own, and a memory that moved takes none along. Whoever stores a vector
-- locks the memory's row and compares its content, so none can slip in behind this.
create function forget_embedding() returns trigger
language plpgsql set search_path from current as $$
begin
    delete from embeddings where memory_id = old.id;
    return null;
end $$;
create trigger events_forget_embeddings after update of content, client_id on events for each row
    when (old.content <> new.content or old.client_id is distinct from new.client_id) execute function forget_embedding();
create trigger facts_forget_embeddings after update of content, client_id on facts for each row
    when (old.content <> new.content or old.client_id is distinct from new.client_id) execute function forget_embedding();

create function forget_embeddings_of_deleted() returns trigger
language plpgsql set search_path from current as $$
begin
    delete from embeddings where memory_id in (select id from old_rows);
    return null;
end $$;
create trigger events_forget_embeddings_of_deleted after delete on events
    referencing old table as old_rows for each statement execute function forget_embeddings_of_deleted();
create trigger facts_forget_embeddings_of_deleted after delete on facts
    referencing old table as old_rows for each statement execute function forget_embeddings_of_deleted();
