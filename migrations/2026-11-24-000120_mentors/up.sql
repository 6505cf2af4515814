create table mentors (
    id uuid primary key,
    kind text not null check (kind in ('practitioner', 'academic')),
    institution_id uuid references institutions,
    full_name text not null check (char_length(full_name) between 1 and 200),
    titles text check (char_length(titles) between 1 and 100),
    academic_id jsonb,
    expertise text[] not null check (cardinality(expertise) between 1 and 11),
    subsectors text[] not null,
    districts text[] not null,
    capacity_offered integer check (capacity_offered between 0 and 100),
    external_ids jsonb not null,
    capacity integer not null check (capacity between 0 and 100),
    expertise_confirmed text[] not null,
    email_sealed bytea not null,
    email_index bytea not null,
    phone_sealed bytea,
    phone_index bytea,
    status text not null check (status in ('candidate', 'active', 'ended')),
    source text not null check (source in ('manual', 'sync')),
    last_synced_at timestamptz,
    version bigint not null default 1,
    created_at timestamptz not null,
    updated_at timestamptz not null,
    check (kind <> 'academic' or institution_id is not null),
    check ((phone_sealed is null) = (phone_index is null))
);
-- Who ended may come back, as a new mentor.
create unique index one_mentor_for_an_email on mentors (email_index) where status <> 'ended';
create index mentors_by_age on mentors (created_at, id);
create index mentors_by_change on mentors (updated_at, id);
create index mentors_of_an_institution on mentors (institution_id, created_at, id);
create index mentors_of_an_institution_by_change on mentors (institution_id, updated_at, id);
create index mentors_by_status on mentors (status, created_at, id);
create index mentors_by_expertise on mentors using gin (expertise);
