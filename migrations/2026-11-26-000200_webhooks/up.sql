-- Where a party is told of what happens, and with whose rights: those of the account that set it last.
create table webhook_endpoints (
    id uuid primary key,
    party text not null,
    client_id text not null,
    account_id uuid not null,
    role text not null,
    rows_as text,
    subject_id uuid,
    scope text not null,
    url text not null check (char_length(url) between 1 and 500),
    types text[] not null,
    payload text not null check (payload in ('thin', 'full')),
    description text check (char_length(description) between 1 and 200),
    status text not null default 'enabled' check (status in ('enabled', 'disabled')),
    disabled_because text check (disabled_because in ('gone', 'failing', 'owner_disabled')),
    secret_sealed bytea not null,
    previous_secret_sealed bytea,
    previous_secret_ends_at timestamptz,
    failing_since timestamptz,
    version bigint not null default 1,
    created_at timestamptz not null,
    updated_at timestamptz not null,
    check (disabled_because is null or status = 'disabled'),
    check ((previous_secret_sealed is null) = (previous_secret_ends_at is null))
);
create index webhook_endpoints_by_age on webhook_endpoints (created_at, id);
create index webhook_endpoints_by_change on webhook_endpoints (updated_at, id);
create index webhook_endpoints_of_a_party on webhook_endpoints (party, created_at, id);

-- What an endpoint is still to be sent: the feed behind `seq` for good, a part of it once more, a test. One
-- process works on a lane at a time: who has its turn, until the lease ends. A lane that is not due waits.
create table webhook_lanes (
    endpoint_id uuid not null references webhook_endpoints on delete cascade,
    kind text not null check (kind in ('feed', 'replay', 'test')),
    seq bigint not null,
    until_seq bigint,
    message_id uuid,
    attempts integer not null default 0,
    due_at timestamptz,
    turn bigint not null default 0,
    leased_until timestamptz,
    primary key (endpoint_id, kind),
    check ((until_seq is not null) = (kind = 'replay')),
    check ((message_id is not null) = (kind = 'test'))
);
create index webhook_lanes_due on webhook_lanes (due_at) where due_at is not null;

-- Each attempt to deliver, for thirty days.
create table webhook_deliveries (
    id uuid primary key,
    endpoint_id uuid not null references webhook_endpoints on delete cascade,
    lane text not null check (lane in ('feed', 'replay', 'test')),
    event_id uuid not null,
    kind text not null,
    attempt integer not null check (attempt > 0),
    status text not null check (status in ('succeeded', 'failed', 'given_up')),
    http_status integer,
    error text,
    duration_ms integer not null,
    answer text,
    next_attempt_at timestamptz,
    created_at timestamptz not null,
    -- It never changes; lists ask for it.
    updated_at timestamptz not null generated always as (created_at) stored,
    check (http_status is not null or error is not null)
);
create index webhook_deliveries_by_age on webhook_deliveries (endpoint_id, created_at, id);
create index webhook_deliveries_by_change on webhook_deliveries (endpoint_id, updated_at, id);
create index webhook_deliveries_of_an_event on webhook_deliveries (endpoint_id, event_id, created_at, id);
create index webhook_deliveries_that_are_old on webhook_deliveries (created_at);
