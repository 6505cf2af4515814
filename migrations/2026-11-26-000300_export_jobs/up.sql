-- Exports that are written into the store of files. Who asked, as the token said: what it may then is looked up
-- when it is written, and again when it is served.
create table export_jobs (
    id uuid primary key,
    user_id uuid not null,
    client_id text not null,
    role text not null,
    rows_as text not null,
    subject_id uuid,
    scope text not null,
    resource text not null,
    format text not null check (format in ('ndjson', 'csv', 'xlsx')),
    delimiter text check (delimiter in ('comma', 'semicolon')),
    bom boolean,
    status text not null default 'queued' check (status in ('queued', 'running', 'complete', 'failed', 'expired')),
    failure text check (failure in ('no_longer_allowed', 'not_written')),
    done bigint not null default 0,
    total bigint,
    size_bytes bigint,
    sha256 text check (length(sha256) = 64),
    -- The file of the last that took it up: of each try another.
    file_id uuid,
    attempts integer not null default 0,
    -- From when on someone may take it up: he who writes it moves it before him; null once it has ended.
    due_at timestamptz,
    finished_at timestamptz,
    expires_at timestamptz,
    version bigint not null default 1,
    created_at timestamptz not null,
    updated_at timestamptz not null,
    check ((due_at is not null) = (status in ('queued', 'running'))),
    check ((failure is not null) = (status = 'failed')),
    check (status <> 'complete' or (file_id is not null and size_bytes is not null and sha256 is not null
        and finished_at is not null and expires_at is not null))
);
create index export_jobs_due on export_jobs (due_at) where due_at is not null;
create index export_jobs_to_expire on export_jobs (expires_at) where file_id is not null;
create index export_jobs_of_a_user on export_jobs (user_id, created_at, id);
create index export_jobs_of_a_user_by_change on export_jobs (user_id, updated_at, id);
create index export_jobs_by_age on export_jobs (created_at);
