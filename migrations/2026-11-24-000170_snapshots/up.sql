create table snapshots (
    id uuid primary key,
    business_id uuid not null references businesses deferrable initially deferred,
    taken_on date not null,
    period jsonb check (period ->> 'kind' in ('month', 'quarter', 'year')),
    annual_revenue_idr bigint check (annual_revenue_idr between 0 and 9007199254740991),
    capital_idr bigint check (capital_idr between 0 and 9007199254740991),
    assets_idr bigint check (assets_idr between 0 and 9007199254740991),
    employees_female integer check (employees_female between 0 and 1000000),
    employees_male integer check (employees_male between 0 and 1000000),
    customers integer check (customers between 0 and 1000000000),
    bookkeeping_level smallint check (bookkeeping_level between 0 and 4),
    statements text[] not null,
    bookkeeping_tool text check (char_length(bookkeeping_tool) between 1 and 100),
    formal_credit boolean,
    source text not null check (source in ('intake', 'self', 'mentor', 'visit', 'survey')),
    version bigint not null default 1,
    created_at timestamptz not null,
    updated_at timestamptz not null
);
create index snapshots_of_a_business on snapshots (business_id, taken_on, id);
create index snapshots_by_change on snapshots (business_id, updated_at, id);

-- What follows from the latest snapshot. A reader of the log keeps it.
create table business_standings (
    business_id uuid primary key references businesses,
    snapshot_id uuid references snapshots,
    as_of date,
    annual_revenue_idr bigint,
    capital_idr bigint,
    assets_idr bigint,
    employees_female integer,
    employees_male integer,
    customers integer,
    bookkeeping_level smallint,
    size_class text,
    basis text check (basis in ('capital', 'annual_sales')),
    rule text,
    version bigint not null default 1,
    updated_at timestamptz not null
);
create index business_standings_by_class on business_standings (size_class, business_id);
create index business_standings_by_bookkeeping on business_standings (bookkeeping_level, business_id);
