create table objectives (
    id uuid primary key,
    mentorship_id uuid not null references mentorships,
    business_id uuid not null references businesses,
    mentor_id uuid not null references mentors,
    kind text not null check (
        kind in (
            'accounting_system', 'administration_system', 'business_plan', 'product_standard', 'marketing',
            'digital', 'finance', 'other'
        )
    ),
    title text not null check (char_length(title) between 1 and 200),
    baseline text check (char_length(baseline) between 1 and 1000),
    target text check (char_length(target) between 1 and 1000),
    due_on date,
    focus boolean not null,
    status text not null check (status in ('open', 'in_progress', 'achieved', 'dropped')),
    evidence jsonb,
    note text check (char_length(note) between 1 and 2000),
    version bigint not null default 1,
    created_at timestamptz not null,
    updated_at timestamptz not null,
    check (status <> 'achieved' or evidence is not null),
    check (status <> 'dropped' or note is not null)
);
create index objectives_of_a_mentorship on objectives (mentorship_id, created_at, id);
create index objectives_of_a_mentorship_by_change on objectives (mentorship_id, updated_at, id);
