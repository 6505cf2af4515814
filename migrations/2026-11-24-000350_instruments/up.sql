-- The document is the instrument: what lists and rules ask of it is generated from it, and never differs.
create table instruments (
    id uuid primary key,
    document jsonb not null,
    code text not null generated always as (document ->> 'code') stored,
    instrument_version integer not null generated always as ((document ->> 'version')::integer) stored,
    title jsonb not null generated always as (document -> 'title') stored,
    status text not null generated always as (document ->> 'status') stored
        check (status in ('draft', 'published', 'retired')),
    published_at timestamptz,
    retired_at timestamptz,
    version bigint not null default 1,
    created_at timestamptz not null,
    updated_at timestamptz not null,
    constraint instrument_version unique (code, instrument_version),
    check ((status = 'draft') = (published_at is null)),
    check ((status = 'retired') = (retired_at is not null))
);
create index instruments_by_age on instruments (created_at, id);
create index instruments_by_change on instruments (updated_at, id);
