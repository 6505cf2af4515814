-- What people agreed to. A row never goes away: it is withdrawn.
create table consents (
    id uuid primary key,
    person_id uuid not null references persons,
    purpose text not null
        check (purpose in ('lender', 'cooperative', 'university_named', 'publication', 'survey', 'disability')),
    receiver_id uuid,
    text_version integer not null check (text_version > 0),
    via text not null check (via in ('own_account', 'signed_form')),
    evidence jsonb,
    status text not null check (status in ('given', 'withdrawn')),
    given_at timestamptz not null,
    withdrawn_at timestamptz,
    version bigint not null default 1,
    created_at timestamptz not null,
    updated_at timestamptz not null,
    check ((receiver_id is not null) = (purpose in ('lender', 'cooperative', 'university_named'))),
    check ((evidence is not null) = (via = 'signed_form')),
    check ((withdrawn_at is not null) = (status = 'withdrawn'))
);
create unique index one_consent_at_a_time on consents (person_id, purpose, receiver_id, text_version)
    nulls not distinct where status = 'given';
create index consents_of_a_person on consents (person_id, created_at, id);
create index consents_of_a_person_by_change on consents (person_id, updated_at, id);
create index consents_to_a_receiver on consents (receiver_id) where receiver_id is not null;
revoke delete on consents from seribu_app;
