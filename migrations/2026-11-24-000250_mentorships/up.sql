create table mentorships (
    id uuid primary key,
    cohort_id uuid not null references cohorts,
    business_id uuid not null references businesses,
    mentor_id uuid not null references mentors,
    -- The mentor's when it was proposed.
    institution_id uuid references institutions,
    business_name text not null,
    letter jsonb,
    note text check (char_length(note) between 1 and 2000),
    status text not null check (
        status in ('proposed', 'accepted', 'active', 'completed', 'declined', 'terminated', 'expired')
    ),
    is_open boolean not null generated always as (status in ('proposed', 'accepted', 'active')) stored,
    expires_on date not null,
    accepted_at timestamptz,
    starts_on date,
    ends_on date,
    completed_at timestamptz,
    version bigint not null default 1,
    created_at timestamptz not null,
    updated_at timestamptz not null,
    check (status not in ('accepted', 'active', 'completed') or accepted_at is not null),
    check (status not in ('active', 'completed') or starts_on is not null),
    check ((status = 'completed') = (completed_at is not null)),
    check (starts_on <= ends_on)
);
create unique index mentorships_one_open on mentorships (business_id, cohort_id) where is_open;
create index mentorships_open_of_a_mentor on mentorships (mentor_id) where is_open;
create index mentorships_that_expire on mentorships (expires_on) where status = 'proposed';
create index mentorships_by_age on mentorships (created_at, id);
create index mentorships_by_change on mentorships (updated_at, id);
create index mentorships_of_a_cohort on mentorships (cohort_id, created_at, id);
create index mentorships_of_a_business on mentorships (business_id, created_at, id);
create index mentorships_of_a_mentor on mentorships (mentor_id, created_at, id);
create index mentorships_of_an_institution on mentorships (institution_id, created_at, id);
create index mentorships_by_status on mentorships (status, created_at, id);

-- Whatever one cause gave ends together.
create index business_shares_of_a_cause on business_shares (cause);
