-- A file that belongs to a record. Its bytes lie in the store, under its id, from before the row is made until
-- after it is gone.
create table attachments (
    id uuid primary key,
    resource text not null check (resource ~ '^[a-z_]{2,40}$'),
    record_id uuid not null,
    business_id uuid references businesses,
    kind text not null check (char_length(kind) between 2 and 40),
    name text not null check (char_length(name) between 1 and 130),
    media_type text not null,
    size_bytes bigint not null check (size_bytes > 0),
    sha256 text not null check (sha256 ~ '^[0-9a-f]{64}$'),
    sent_sha256 text not null check (sent_sha256 ~ '^[0-9a-f]{64}$'),
    uploaded_by uuid not null,
    -- Some evidence names it: it stays.
    cited boolean not null default false,
    deleted_at timestamptz,
    version bigint not null default 1,
    created_at timestamptz not null,
    updated_at timestamptz not null,
    constraint what_proves_something_stays check (not cited or deleted_at is null)
);
create index attachments_by_age on attachments (created_at, id);
create index attachments_by_change on attachments (updated_at, id);
create index attachments_of_a_record on attachments (record_id, created_at, id);
create index attachments_of_a_business on attachments (business_id, created_at, id);
create index attachments_that_were_deleted on attachments (deleted_at) where deleted_at is not null;
