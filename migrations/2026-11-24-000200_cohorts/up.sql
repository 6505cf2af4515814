create table cohorts (
    id uuid primary key,
    code text not null unique check (code ~ '^[a-z0-9][a-z0-9_-]{1,39}$'),
    name text not null check (char_length(name) between 1 and 200),
    decree jsonb,
    budget_code text check (char_length(budget_code) between 1 and 100),
    starts_on date not null,
    ends_on date not null check (ends_on >= starts_on),
    capacity integer check (capacity between 1 and 10000),
    targets jsonb[] not null,
    instrument_id uuid,
    follow_up_months integer[] not null check (cardinality(follow_up_months) <= 6),
    status text not null default 'planned' check (status in ('planned', 'open', 'running', 'completed', 'cancelled')),
    version bigint not null default 1,
    created_at timestamptz not null,
    updated_at timestamptz not null
);
create index cohorts_by_age on cohorts (created_at, id);
create index cohorts_by_change on cohorts (updated_at, id);
create index cohorts_by_start on cohorts (starts_on, id);
create index cohorts_by_name on cohorts (name, id);

create table participants (
    id uuid primary key,
    cohort_id uuid not null references cohorts,
    business_id uuid not null references businesses,
    status text not null default 'invited'
        check (status in ('invited', 'accepted', 'declined', 'expired', 'dropped', 'graduated')),
    expires_on date not null,
    version bigint not null default 1,
    created_at timestamptz not null,
    updated_at timestamptz not null
);
create unique index participants_once on participants (cohort_id, business_id)
    where status in ('invited', 'accepted', 'graduated');
create index participants_of_a_cohort on participants (cohort_id, created_at, id);
create index participants_by_change on participants (cohort_id, updated_at, id);
create index participants_of_a_business on participants (business_id);
create index participants_that_expire on participants (expires_on) where status = 'invited';
