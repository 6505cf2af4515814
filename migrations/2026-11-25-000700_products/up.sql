create table products (
    id uuid primary key,
    business_id uuid not null references businesses,
    name text not null check (char_length(name) between 1 and 200),
    category text not null,
    description text check (char_length(description) between 1 and 4000),
    unit_price_idr bigint check (unit_price_idr between 0 and 9007199254740991),
    monthly_capacity integer check (monthly_capacity between 0 and 1000000000),
    discontinued_on date,
    version bigint not null default 1,
    created_at timestamptz not null,
    updated_at timestamptz not null
);
create unique index one_product_of_a_name on products (business_id, lower(name));
create index products_of_a_business on products (business_id, created_at, id);
create index products_of_a_business_by_change on products (business_id, updated_at, id);
create index products_by_category on products (category, business_id);
