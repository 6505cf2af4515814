create table sessions (
    id uuid primary key,
    mentorship_id uuid not null references mentorships,
    business_id uuid not null references businesses,
    -- Whose work it was, also when the mentorship passes to another.
    mentor_id uuid not null references mentors,
    institution_id uuid references institutions,
    planned_at timestamptz not null,
    planned_minutes integer check (planned_minutes between 1 and 720),
    mode text not null check (mode in ('visit', 'office', 'online', 'group')),
    place text check (char_length(place) between 1 and 200),
    status text not null check (status in ('planned', 'held', 'confirmed', 'cancelled', 'no_show')),
    held_at timestamptz,
    contact_minutes integer check (contact_minutes between 1 and 720),
    preparation_minutes integer check (preparation_minutes between 0 and 1440),
    travel_minutes integer check (travel_minutes between 0 and 1440),
    attendees jsonb[] not null,
    topics text[] not null,
    summary text check (char_length(summary) between 1 and 4000),
    agreed_actions jsonb[] not null,
    confirmed_at timestamptz,
    countable boolean not null,
    countable_reason text,
    version bigint not null default 1,
    created_at timestamptz not null,
    updated_at timestamptz not null,
    check ((status in ('held', 'confirmed')) = (held_at is not null)),
    check ((held_at is null) = (contact_minutes is null)),
    check ((status = 'confirmed') = (confirmed_at is not null)),
    check (countable = (countable_reason is null)),
    check (not countable or status = 'confirmed')
);
create index sessions_of_a_mentorship on sessions (mentorship_id, created_at, id);
create index sessions_of_a_mentorship_by_change on sessions (mentorship_id, updated_at, id);
create index sessions_of_a_mentorship_by_plan on sessions (mentorship_id, planned_at, id);
create index sessions_of_a_business on sessions (business_id, held_at) where held_at is not null;
create index sessions_of_a_mentor on sessions (mentor_id, held_at) where held_at is not null;
