-- Some months after a cohort has ended, each business that was coached in it is asked how it goes.
create table follow_up_waves (
    id uuid primary key,
    cohort_id uuid not null references cohorts,
    months integer not null check (months between 1 and 60),
    due_on date not null,
    version bigint not null default 1,
    created_at timestamptz not null,
    updated_at timestamptz not null,
    unique (cohort_id, months)
);
create index follow_up_waves_by_age on follow_up_waves (created_at, id);
create index follow_up_waves_by_change on follow_up_waves (updated_at, id);
create index follow_up_waves_by_due_date on follow_up_waves (due_on, id);

create table follow_ups (
    id uuid primary key,
    wave_id uuid not null references follow_up_waves,
    business_id uuid not null references businesses,
    due_on date not null,
    status text not null check (status in ('due', 'answered', 'closed')),
    channel text check (channel in ('link', 'visit')),
    answered_at timestamptz,
    snapshot_id uuid references snapshots,
    attribution text check (attribution in ('none', 'partly', 'mostly', 'fully')),
    link_expires_at timestamptz,
    version bigint not null default 1,
    created_at timestamptz not null,
    updated_at timestamptz not null,
    unique (wave_id, business_id),
    check ((status = 'due') = (answered_at is null)),
    check ((status = 'due') = (channel is null)),
    check ((status = 'answered') = (snapshot_id is not null))
);
create index follow_ups_by_age on follow_ups (created_at, id);
create index follow_ups_by_change on follow_ups (updated_at, id);
create index follow_ups_by_due_date on follow_ups (due_on, id);
create index follow_ups_of_a_wave on follow_ups (wave_id, created_at, id);
create index follow_ups_of_a_business on follow_ups (business_id, created_at, id);

-- A link is good once; only what it hashes to is kept.
create table follow_up_links (
    link bytea primary key,
    follow_up_id uuid not null unique references follow_ups,
    expires_at timestamptz not null
);
