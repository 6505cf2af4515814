create table mentor_interests (
    id uuid primary key,
    mentor_id uuid not null references mentors,
    business_id uuid references businesses,
    business_name text check (char_length(business_name) between 1 and 200),
    ground text not null check (
        ground in ('ownership', 'family', 'employment', 'lending', 'trade', 'competition', 'other')
    ),
    declared_on date not null,
    note text check (char_length(note) between 1 and 2000),
    ended_on date,
    version bigint not null default 1,
    created_at timestamptz not null,
    updated_at timestamptz not null,
    constraint it_is_in_some_business check (business_id is not null or business_name is not null),
    constraint it_ends_after_it_was_declared check (ended_on >= declared_on)
);
create index mentor_interests_of_a_mentor on mentor_interests (mentor_id, created_at, id);
create index mentor_interests_of_a_mentor_by_change on mentor_interests (mentor_id, updated_at, id);
create index mentor_interests_in_a_business on mentor_interests (business_id) where business_id is not null;
