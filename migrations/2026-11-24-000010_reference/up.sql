create table reference_lists (
    name text primary key,
    sha256 text not null check (sha256 ~ '^[0-9a-f]{64}$'),
    loaded_at timestamptz not null,
    loaded_by text not null,
    version bigint not null default 1
);

-- The law's first and last days are not always known, so that neither end need be there.
create table reference_rows (
    list text not null references reference_lists on delete cascade,
    line integer not null check (line > 1),
    key text not null,
    valid_from date,
    valid_to date,
    source text not null,
    data jsonb not null,
    primary key (list, line),
    unique nulls not distinct (list, key, valid_from),
    check (valid_from <= valid_to)
);
