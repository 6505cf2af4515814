-- The ids that partners give records. A source and its value stand for one record of a kind.
create table external_ids (
    resource text not null,
    source text not null check (source ~ '^[a-z0-9][a-z0-9_-]{1,39}$'),
    value text not null check (char_length(value) between 1 and 200),
    record_id uuid not null,
    primary key (resource, source, value)
);
create index external_ids_of_a_record on external_ids (record_id);
