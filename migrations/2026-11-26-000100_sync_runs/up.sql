-- One file of a partner, and what became of its rows.
create table sync_runs (
    id uuid primary key,
    resource text not null check (resource in ('mentors', 'businesses', 'cooperatives')),
    source text not null,
    mode text not null check (mode in ('upsert', 'snapshot')),
    dry_run boolean not null,
    atomic boolean not null,
    media_type text not null,
    sha256 text not null,
    size_bytes bigint not null,
    party text not null,
    actor_id uuid not null,
    client_id text not null,
    status text not null check (status in ('running', 'complete', 'stopped')),
    rows bigint not null default 0,
    created bigint not null default 0,
    updated bigint not null default 0,
    unchanged bigint not null default 0,
    ended bigint not null default 0,
    ending bigint not null default 0,
    rejected bigint not null default 0,
    done_line bigint not null default 0,
    problem text,
    progressed_at timestamptz not null,
    duration_ms bigint,
    -- Of the caller and its `Idempotency-Key`.
    key_id bytea unique,
    fingerprint bytea,
    version bigint not null default 1,
    created_at timestamptz not null,
    updated_at timestamptz not null,
    check ((key_id is null) = (fingerprint is null)),
    check ((status = 'running') = (duration_ms is null))
);
create index sync_runs_by_age on sync_runs (created_at, id);
create index sync_runs_by_change on sync_runs (updated_at, id);
create index sync_runs_of_a_party on sync_runs (party, created_at, id);
create index sync_runs_of_a_party_by_change on sync_runs (party, updated_at, id);
create index sync_runs_that_run on sync_runs (progressed_at) where status = 'running';

-- What was answered for some rows, committed together with them; and those of them that were refused, sealed.
create table sync_batches (
    run_id uuid not null references sync_runs,
    number integer not null,
    lines bytea not null,
    refused bytea,
    created_at timestamptz not null,
    primary key (run_id, number)
);
create index sync_batches_by_age on sync_batches (created_at);

-- Since when a lecturer is no longer in his institution's list.
alter table mentors add column affiliation_ended_on date;
