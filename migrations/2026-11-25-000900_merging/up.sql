-- Names that are alike. The extensions are trusted: the owner of the database may create them.
create extension if not exists pg_trgm;
create extension if not exists btree_gist;
-- The nearest by name in a village, without a look at all that are near.
create index businesses_alike on businesses using gist (village_code, lower(name) gist_trgm_ops (siglen = 64));
create index persons_alike on persons using gist (village_code, lower(full_name) gist_trgm_ops (siglen = 64));
create index mentors_alike on mentors using gin (lower(full_name) gin_trgm_ops);
create index mentors_with_a_phone on mentors (phone_index) where phone_index is not null;

-- What was merged stays, and leads to what it was merged into.
alter table businesses
    add column merged_into uuid references businesses check (merged_into <> id),
    add constraint what_was_merged_leads_on check ((status = 'merged') = (merged_into is not null));
alter table persons add column merged_into uuid references persons check (merged_into <> id);
alter table mentors add column merged_into uuid references mentors check (merged_into <> id);
create index businesses_merged_into_one on businesses (merged_into) where merged_into is not null;
create index persons_merged_into_one on persons (merged_into) where merged_into is not null;
create index mentors_merged_into_one on mentors (merged_into) where merged_into is not null;

-- It stands in nobody's way.
alter table persons drop constraint one_person_for_a_nik;
create unique index one_person_for_a_nik on persons (nik_index) where merged_into is null;
drop index one_mentor_for_an_email;
create unique index one_mentor_for_an_email on mentors (email_index)
    where status <> 'ended' and merged_into is null;

create table merges (
    id uuid primary key,
    resource text not null check (resource in ('business', 'person', 'mentor')),
    from_id uuid not null,
    into_id uuid not null check (into_id <> from_id),
    note text check (char_length(note) between 1 and 2000),
    status text not null check (status in ('done', 'undone')),
    -- What the record was before, where it has a status of its own for being merged.
    was_status text,
    merged_by uuid not null,
    undo_until timestamptz not null,
    undone_at timestamptz,
    version bigint not null default 1,
    created_at timestamptz not null,
    updated_at timestamptz not null,
    check ((status = 'undone') = (undone_at is not null))
);
create unique index merges_one_of_a_record on merges (from_id) where status = 'done';
create index merges_of_a_record on merges (from_id, created_at, id);
create index merges_into_a_record on merges (into_id, created_at, id);
create index merges_by_age on merges (created_at, id);
create index merges_by_change on merges (updated_at, id);

-- The rows that a merge gave to the other record: what their columns said before, and what since.
create table merge_moves (
    merge_id uuid not null references merges,
    relation text not null,
    key text not null,
    was jsonb not null,
    now jsonb not null,
    primary key (merge_id, relation, key)
);

-- What a merge costs grows with what it moves: each column that names a record has an index.
create index objectives_of_a_business on objectives (business_id);
create index sessions_in_a_business on sessions (business_id);
create index agreed_actions_of_a_business on agreed_actions (business_id);
create index hand_over_causes_of_a_business on hand_over_causes (business_id);
create index nib_holders_by_person on nib_holders (person_id);
create index enrollments_of_a_person on enrollments (person_id, created_at, id);
create index clients_of_a_subject on clients (subject_id) where subject_id is not null;
create index objectives_seen_by_mentors on objectives using gin (mentor_ids);
create index sessions_seen_by_mentors on sessions using gin (mentor_ids);
create index agreed_actions_seen_by_mentors on agreed_actions using gin (mentor_ids);
create index plans_of_a_mentor on plans (mentor_id);
create index calendar_links_of_a_subject on calendar_links (subject_id) where subject_id is not null;
