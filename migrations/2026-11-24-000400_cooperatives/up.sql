create table cooperatives (
    id uuid primary key,
    name text not null check (char_length(name) between 1 and 200),
    cooperative_number text unique check (cooperative_number ~ '^[0-9]{8,20}$'),
    legal_entity_no text check (char_length(legal_entity_no) between 1 and 100),
    kind text not null check (kind in ('savings_loan', 'consumer', 'producer', 'marketing', 'service')),
    service_area text[] not null check (cardinality(service_area) <= 100),
    village_code text not null check (village_code ~ '^\d{2}\.\d{2}\.\d{2}\.\d{4}$'),
    founded_on date,
    principal_savings_idr bigint check (principal_savings_idr between 0 and 9007199254740991),
    mandatory_savings_idr bigint check (mandatory_savings_idr between 0 and 9007199254740991),
    member_target integer not null check (member_target between 1 and 1000000),
    members_declared integer check (members_declared between 0 and 1000000),
    external_ids jsonb not null,
    status text not null check (status in ('active', 'dissolved')),
    version bigint not null default 1,
    created_at timestamptz not null,
    updated_at timestamptz not null
);
create index cooperatives_by_age on cooperatives (created_at, id);
create index cooperatives_by_change on cooperatives (updated_at, id);
create index cooperatives_by_name on cooperatives (name, id);
create index cooperatives_that_serve on cooperatives using gin (service_area);
