create table mentor_qualifications (
    id uuid primary key,
    mentor_id uuid not null references mentors,
    institution_id uuid references institutions,
    scheme text not null check (char_length(scheme) between 1 and 200),
    level text check (char_length(level) between 1 and 100),
    certificate_number text check (char_length(certificate_number) between 1 and 100),
    issuer text not null check (char_length(issuer) between 1 and 200),
    units text[] not null check (cardinality(units) <= 50),
    issued_on date not null,
    expires_on date,
    expiry text check (expiry in ('expiring', 'expired')),
    version bigint not null default 1,
    created_at timestamptz not null,
    updated_at timestamptz not null,
    constraint it_ends_after_it_was_issued check (expires_on > issued_on),
    constraint only_what_ends_runs_out check (expires_on is not null or expiry is null)
);
create index mentor_qualifications_of_a_mentor on mentor_qualifications (mentor_id, created_at, id);
create index mentor_qualifications_of_a_mentor_by_change on mentor_qualifications (mentor_id, updated_at, id);
create index mentor_qualifications_to_watch on mentor_qualifications (expires_on)
    where expiry is null or expiry = 'expiring';
