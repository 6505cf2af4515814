create table institutions (
    id uuid primary key,
    code text not null unique check (code ~ '^[a-z0-9][a-z0-9_-]{1,39}$'),
    name text not null check (char_length(name) between 1 and 200),
    kind text not null check (kind in ('university', 'practitioner_network', 'lender', 'government', 'other')),
    city text check (char_length(city) between 1 and 100),
    contact jsonb,
    status text not null default 'active' check (status in ('active', 'inactive')),
    version bigint not null default 1,
    created_at timestamptz not null,
    updated_at timestamptz not null
);
create index institutions_by_age on institutions (created_at, id);
create index institutions_by_change on institutions (updated_at, id);
create index institutions_by_name on institutions (name, id);
