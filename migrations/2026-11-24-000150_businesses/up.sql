create table businesses (
    id uuid primary key,
    number text not null unique,
    kind text not null check (kind in ('business', 'cooperative')),
    name text not null check (char_length(name) between 1 and 200),
    legal_form text check (legal_form in
        ('sole_proprietorship', 'cv', 'pt', 'pt_individual', 'cooperative', 'foundation', 'other')),
    nib text check (nib ~ '^[0-9]{13}$'),
    nib_issued_on date,
    npwp_sealed bytea,
    npwp_index bytea,
    npwp_masked text check (npwp_masked ~ '^[0-9]{4}\*{10}[0-9]{2}$'),
    kbli jsonb[] not null,
    subsector text not null,
    description text check (char_length(description) <= 4000),
    address_line text check (char_length(address_line) between 1 and 200),
    village_code text not null check (village_code ~ '^[0-9]{2}\.[0-9]{2}\.[0-9]{2}\.[0-9]{4}$'),
    district_code text not null generated always as (left(village_code, 8)) stored,
    postal_code text check (postal_code ~ '^[0-9]{5}$'),
    latitude double precision,
    longitude double precision,
    founded_on date,
    formal_at_intake boolean,
    sales_channels text[] not null,
    cooperative_id uuid,
    external_ids jsonb not null,
    status text not null default 'active' check (status in ('active', 'inactive', 'merged')),
    version bigint not null default 1,
    created_at timestamptz not null,
    updated_at timestamptz not null,
    check (nib_issued_on is null or nib is not null),
    check (num_nulls(npwp_sealed, npwp_index, npwp_masked) in (0, 3)),
    check (num_nulls(latitude, longitude) in (0, 2)),
    check (cooperative_id is null or kind = 'cooperative')
);
create index businesses_by_age on businesses (created_at, id);
create index businesses_by_change on businesses (updated_at, id);
create index businesses_by_name on businesses (name, id);
create index businesses_by_place_and_trade on businesses (district_code, subsector, created_at, id);
create index businesses_by_nib on businesses (nib) where nib is not null;
