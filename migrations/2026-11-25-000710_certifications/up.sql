create table certifications (
    id uuid primary key,
    business_id uuid not null references businesses,
    product_id uuid references products,
    kind text not null,
    renews_id uuid references certifications,
    number text check (char_length(number) between 1 and 100),
    issuer text check (char_length(issuer) between 1 and 200),
    note text check (char_length(note) between 1 and 2000),
    requirements jsonb not null,
    status text not null check (status in ('planned', 'applied', 'granted', 'rejected', 'revoked')),
    applied_on date,
    granted_on date,
    expires_on date,
    renew_from date,
    expiry text check (expiry in ('expiring', 'expired', 'renewed')),
    evidence jsonb,
    version bigint not null default 1,
    created_at timestamptz not null,
    updated_at timestamptz not null,
    constraint what_is_applied_for_says_when check (status = 'planned' or applied_on is not null),
    constraint what_is_granted_has_a_number check (
        status not in ('granted', 'revoked') or (granted_on is not null and number is not null)),
    constraint it_is_granted_after_it_was_applied_for check (granted_on >= applied_on),
    constraint it_ends_after_it_was_granted check (expires_on > granted_on),
    constraint what_ends_is_renewed_before check ((expires_on is null) = (renew_from is null)),
    constraint only_what_is_granted_runs_out check (status = 'granted' or expiry is null)
);
-- One of a kind for a product, or for the business as a whole, unless it renews another.
create unique index one_certification_of_a_kind on certifications (business_id, product_id, kind)
    nulls not distinct where renews_id is null and status <> 'revoked';
create unique index one_renewal_of_a_certification on certifications (renews_id)
    where renews_id is not null and status <> 'revoked';
create index certifications_by_age on certifications (created_at, id);
create index certifications_by_change on certifications (updated_at, id);
create index certifications_of_a_business on certifications (business_id, created_at, id);
create index certifications_of_a_product on certifications (product_id, created_at, id) where product_id is not null;
create index certifications_by_status on certifications (status, created_at, id);
create index certifications_by_kind on certifications (kind, created_at, id);
create index certifications_to_watch on certifications (renew_from)
    where status = 'granted' and (expiry is null or expiry = 'expiring');
