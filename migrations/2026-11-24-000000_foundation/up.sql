-- The service's role, which owns nothing: what it may do is granted here, once for all tables to come.
do $$ begin
    if not exists (select from pg_roles where rolname = 'seribu_app') then
        raise exception 'the role seribu_app does not exist'
            using hint = 'create role seribu_app login password ''…''; see docs/operate.md';
    end if;
end $$;
revoke create on schema public from public;
grant usage on schema public to seribu_app;
-- Whether the tables are up to date, is for the service to see.
grant select on __diesel_schema_migrations to seribu_app;
alter default privileges in schema public grant select, insert, update, delete on tables to seribu_app;
alter default privileges in schema public grant usage, select on sequences to seribu_app;

create function refuse_change() returns trigger language plpgsql as $$
begin
    raise exception '% is append-only', tg_table_name;
end $$;

-- A transaction has its id before it takes a position: the sequencer relies on it.
create sequence event_positions;
create function next_event_position() returns bigint language plpgsql volatile as $$
begin
    perform pg_current_xact_id();
    return nextval('event_positions');
end $$;

create table events (
    position bigint primary key default next_event_position(),
    id uuid not null unique,
    kind text not null check (kind ~ '^[a-z_]+\.[a-z_]+$'),
    resource text not null,
    subject_id uuid not null,
    subject_version bigint not null,
    business_id uuid,
    actor_id uuid not null,
    actor_role text not null,
    client_id text not null,
    on_behalf_of text,
    request_id text not null,
    caused_by uuid,
    occurred_at timestamptz not null,
    about uuid[] not null,
    audience text[] not null,
    lost text[] not null,
    data jsonb not null
);
create trigger events_are_append_only before update or delete or truncate on events
    for each statement execute function refuse_change();

-- Which events are in a record's history, in order.
create table event_about (
    record_id uuid not null,
    position bigint not null,
    primary key (record_id, position)
);
create function note_what_an_event_is_about() returns trigger language plpgsql as $$
begin
    insert into event_about (record_id, position) select distinct unnest(new.about), new.position;
    return null;
end $$;
create trigger events_are_about_records after insert on events
    for each row execute function note_what_an_event_is_about();

create table feed (
    seq bigint primary key,
    position bigint not null unique
);
create table sequencer (
    last_seq bigint not null,
    low bigint not null,
    only_row boolean primary key default true check (only_row)
);
insert into sequencer (last_seq, low) values (0, 0);

create table log_readers (
    name text primary key,
    seq bigint not null
);
create table jobs (
    name text primary key,
    last_run_at timestamptz not null
);

create table idempotency_keys (
    id bytea primary key,
    fingerprint bytea not null,
    answer bytea not null,
    created_at timestamptz not null
);
create index idempotency_keys_by_age on idempotency_keys (created_at);

-- Destroying a row destroys what was encrypted with its key.
create table subject_keys (
    subject_id uuid primary key,
    wrapped bytea not null
);

-- Why a party sees a business; while a row is there, it does.
create table business_shares (
    business_id uuid not null,
    party text not null,
    cause uuid not null,
    until timestamptz,
    primary key (business_id, party, cause)
);
create index business_shares_of_a_party on business_shares (party, business_id);
create index business_shares_that_end on business_shares (until) where until is not null;

create table number_series (
    series text not null,
    year integer not null,
    next bigint not null,
    primary key (series, year)
);

revoke update, delete, truncate on events, event_about, feed from seribu_app;
revoke delete on sequencer, log_readers, jobs from seribu_app;
revoke insert on sequencer from seribu_app;
