create table plans (
    id uuid primary key,
    mentorship_id uuid not null unique references mentorships,
    business_id uuid not null references businesses,
    mentor_id uuid not null references mentors,
    plan_version integer not null check (plan_version >= 1),
    kind text not null check (kind in ('work', 'business')),
    period jsonb,
    goals text check (char_length(goals) between 1 and 4000),
    items jsonb[] not null,
    finances jsonb,
    status text not null check (status in ('draft', 'submitted', 'accepted')),
    missing text[] not null,
    submitted_at timestamptz,
    accepted_at timestamptz,
    capital_need_idr bigint check (capital_need_idr between 0 and 9007199254740991),
    version bigint not null default 1,
    created_at timestamptz not null,
    updated_at timestamptz not null,
    check (status <> 'submitted' or submitted_at is not null),
    check ((status = 'accepted') = (accepted_at is not null))
);
create index plans_of_a_business on plans (business_id);

-- What an accepted plan said before a next version was begun.
create table plan_versions (
    id uuid primary key,
    plan_id uuid not null references plans,
    plan_version integer not null,
    body jsonb not null,
    accepted_at timestamptz,
    version bigint not null default 1,
    created_at timestamptz not null,
    updated_at timestamptz not null,
    unique (plan_id, plan_version)
);
create index plan_versions_of_a_plan on plan_versions (plan_id, created_at, id);
create index plan_versions_of_a_plan_by_change on plan_versions (plan_id, updated_at, id);
