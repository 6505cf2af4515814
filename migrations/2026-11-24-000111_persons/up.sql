-- Personal values are sealed with the person's own key; an index is a keyed digest, for equality only.
create table persons (
    id uuid primary key,
    full_name text not null check (char_length(full_name) between 1 and 200),
    identity text not null check (identity in ('none', 'declared', 'verified')),
    gender text check (gender in ('female', 'male')),
    birth_year smallint check (birth_year between 1900 and 2100),
    village_code text,
    external_ids jsonb not null,
    nik_sealed bytea,
    nik_index bytea constraint one_person_for_a_nik unique,
    nik_masked text check (nik_masked ~ '\*{10}'),
    npwp_sealed bytea,
    npwp_index bytea,
    npwp_masked text check (npwp_masked ~ '\*{10}'),
    phone_sealed bytea,
    phone_index bytea,
    email_sealed bytea,
    email_index bytea,
    disability_sealed bytea,
    version bigint not null default 1,
    created_at timestamptz not null,
    updated_at timestamptz not null,
    check ((identity = 'none') = (nik_index is null)),
    check ((nik_sealed is null) = (nik_index is null) and (nik_masked is null) = (nik_index is null)),
    check ((npwp_sealed is null) = (npwp_index is null) and (npwp_masked is null) = (npwp_index is null)),
    check ((phone_sealed is null) = (phone_index is null)),
    check ((email_sealed is null) = (email_index is null))
);
create index persons_by_age on persons (created_at, id);
create index persons_by_change on persons (updated_at, id);
create index persons_of_a_village on persons (village_code, created_at, id);
create index persons_of_an_identity on persons (identity, created_at, id);
create index persons_with_an_npwp on persons (npwp_index) where npwp_index is not null;
create index persons_with_a_phone on persons (phone_index) where phone_index is not null;
create index persons_with_an_email on persons (email_index) where email_index is not null;

-- Who looked whom up, and by which kind of value; never the value.
create table person_lookups (
    id uuid primary key,
    looked_at timestamptz not null,
    actor_id uuid not null,
    actor_role text not null,
    client_id text not null,
    request_id text not null,
    by text not null check (by in ('nik', 'npwp', 'phone', 'email')),
    found uuid[] not null
);
create index person_lookups_by_age on person_lookups (looked_at);
create index person_lookups_of_a_person on person_lookups using gin (found);
create trigger person_lookups_are_append_only before update or delete or truncate on person_lookups
    for each statement execute function refuse_change();
revoke update, delete, truncate on person_lookups from seribu_app;
