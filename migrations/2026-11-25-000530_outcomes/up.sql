create table outcomes (
    id uuid primary key,
    business_id uuid not null references businesses,
    kind text not null check (
        kind in (
            'business_started', 'formalised', 'size_class_up', 'revenue_change', 'jobs_created', 'jobs_retained',
            'capital_obtained', 'certification_granted', 'cooperative_joined', 'new_market', 'bookkeeping_up'
        )
    ),
    before bigint check (before between -9007199254740991 and 9007199254740991),
    after bigint check (after between -9007199254740991 and 9007199254740991),
    unit text not null check (unit in ('idr', 'persons', 'level', 'count')),
    occurred_on date not null,
    change text not null check (change in ('impact', 'correction')),
    note text check (char_length(note) between 1 and 2000),
    -- What proposed it, once: an event of the log.
    cause jsonb,
    cause_event_id uuid generated always as ((cause ->> 'event_id')::uuid) stored,
    claimed_by uuid not null,
    status text not null check (status in ('claimed', 'client_confirmed', 'verified', 'rejected')),
    attribution jsonb,
    verification jsonb,
    version bigint not null default 1,
    created_at timestamptz not null,
    updated_at timestamptz not null,
    check (status not in ('client_confirmed', 'verified') or attribution is not null),
    check ((status = 'verified') = (verification is not null)),
    check (verification is null or (verification ->> 'by')::uuid <> claimed_by)
);
create unique index one_outcome_of_a_cause on outcomes (cause_event_id, kind);
create index outcomes_by_age on outcomes (created_at, id);
create index outcomes_by_change on outcomes (updated_at, id);
create index outcomes_by_day on outcomes (occurred_on, id);
create index outcomes_of_a_business on outcomes (business_id, created_at, id);
create index outcomes_by_status on outcomes (status, created_at, id);
