-- What the instrument made of the answers is the result: the figures that lists and insights ask for are
-- generated from it, and never differ.
create table assessments (
    id uuid primary key,
    business_id uuid not null references businesses,
    instrument_id uuid not null references instruments,
    kind text not null check (kind in ('self', 'mentor', 'follow_up')),
    mentorship_id uuid references mentorships,
    declared_capital_need_idr bigint not null check (declared_capital_need_idr between 0 and 9007199254740991),
    answers jsonb not null check (jsonb_typeof(answers) = 'object'),
    status text not null check (status in ('draft', 'submitted', 'reviewed', 'returned')),
    facts jsonb,
    result jsonb,
    score integer generated always as ((result ->> 'score')::integer) stored check (score between 0 and 10000),
    potential integer generated always as ((result ->> 'potential')::integer) stored
        check (potential between 0 and 10000),
    class text generated always as (result -> 'class' ->> 'code') stored,
    bookkeeping_maturity integer generated always as ((result ->> 'bookkeeping_maturity')::integer) stored,
    submitted_at timestamptz,
    submitted_by uuid,
    reviewed_at timestamptz,
    reviewed_by uuid,
    version bigint not null default 1,
    created_at timestamptz not null,
    updated_at timestamptz not null,
    check (kind = 'self' or mentorship_id is not null),
    check (num_nonnulls(facts, result, class, submitted_at, submitted_by)
        = case when status in ('submitted', 'reviewed') then 5 else 0 end),
    check (num_nonnulls(reviewed_at, reviewed_by) = case status when 'reviewed' then 2 else 0 end),
    check (submitted_by <> reviewed_by)
);
create unique index open_assessment on assessments (business_id, kind, mentorship_id) nulls not distinct
    where status in ('draft', 'submitted', 'returned');
create index assessments_by_age on assessments (created_at, id);
create index assessments_by_change on assessments (updated_at, id);
create index assessments_of_a_business on assessments (business_id, created_at, id);
create index assessments_of_a_mentorship on assessments (mentorship_id, created_at, id);
create index assessments_with_an_instrument on assessments (instrument_id, created_at, id);
create index assessments_by_status on assessments (status, created_at, id);
create index assessments_reviewed on assessments (business_id, reviewed_at, id) where status = 'reviewed';
