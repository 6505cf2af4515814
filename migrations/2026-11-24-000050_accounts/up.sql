create table users (
    id uuid primary key,
    name text not null check (char_length(name) between 1 and 200),
    email_sealed bytea,
    email_index bytea constraint email unique,
    phone_sealed bytea,
    phone_index bytea constraint phone unique,
    password_hash text not null check (password_hash like '$argon2id$%'),
    status text not null default 'active' check (status in ('active', 'disabled')),
    version bigint not null default 1,
    created_at timestamptz not null,
    updated_at timestamptz not null,
    check ((email_sealed is null) = (email_index is null)),
    check ((phone_sealed is null) = (phone_index is null)),
    check (email_index is not null or phone_index is not null)
);
create index users_by_age on users (created_at, id);
create index users_by_change on users (updated_at, id);
create index users_by_name on users (name, id);

-- What a user may be, one of which each token is for. `place` keeps the order in which they were given.
create table user_grants (
    user_id uuid not null references users on delete cascade,
    place integer not null,
    role text not null check (role in ('admin', 'programme', 'standardisation', 'facilitation', 'cooperatives',
                                       'policy', 'mentor', 'institution', 'cooperative', 'business', 'lender')),
    subject_id uuid,
    primary key (user_id, place),
    unique nulls not distinct (user_id, role, subject_id),
    check ((subject_id is not null) = (role in ('mentor', 'institution', 'cooperative', 'business', 'lender')))
);
create index user_grants_of_a_subject on user_grants (subject_id, role);
create index user_grants_of_a_role on user_grants (role, user_id);

-- A token is used once and followed by the next of its family; a used one that comes again ends the family.
create table refresh_tokens (
    mac bytea primary key check (length(mac) = 32),
    family uuid not null,
    user_id uuid not null references users on delete cascade,
    role text not null,
    subject_id uuid,
    scope text not null,
    used_at timestamptz,
    expires_at timestamptz not null
);
create index refresh_tokens_of_a_family on refresh_tokens (family);
create index refresh_tokens_of_a_user on refresh_tokens (user_id);
create index refresh_tokens_by_end on refresh_tokens (expires_at);

create table clients (
    id uuid primary key,
    client_id text not null constraint client_id unique check (client_id ~ '^[a-z0-9][a-z0-9_-]{1,39}$'),
    name text not null check (char_length(name) between 1 and 200),
    role text not null,
    subject_id uuid,
    rows_as text check ((rows_as is not null) = (role = 'system') and rows_as <> 'system'),
    scopes text[] not null check (cardinality(scopes) > 0),
    status text not null default 'active' check (status in ('active', 'disabled')),
    secret_mac bytea not null check (length(secret_mac) = 32),
    secret_expires_at timestamptz not null,
    previous_secret_mac bytea check (length(previous_secret_mac) = 32),
    previous_secret_expires_at timestamptz,
    last_used_at timestamptz,
    version bigint not null default 1,
    created_at timestamptz not null,
    updated_at timestamptz not null,
    check ((previous_secret_mac is null) = (previous_secret_expires_at is null)),
    check ((subject_id is not null) = (coalesce(rows_as, role) in ('mentor', 'institution', 'cooperative',
                                                                   'business', 'lender')))
);
create index clients_by_age on clients (created_at, id);
create index clients_by_change on clients (updated_at, id);
create index clients_by_name on clients (name, id);

create table invitations (
    id uuid primary key,
    role text not null check (role in ('admin', 'programme', 'standardisation', 'facilitation', 'cooperatives',
                                       'policy', 'mentor', 'institution', 'cooperative', 'business', 'lender')),
    subject_id uuid,
    code_mac bytea not null unique check (length(code_mac) = 32),
    invited_by text not null,
    expires_at timestamptz not null,
    used_at timestamptz,
    version bigint not null default 1,
    created_at timestamptz not null,
    updated_at timestamptz not null,
    check ((subject_id is not null) = (role in ('mentor', 'institution', 'cooperative', 'business', 'lender')))
);
create index invitations_by_age on invitations (created_at, id);
create index invitations_by_change on invitations (updated_at, id);
create index invitations_by_end on invitations (expires_at, id);
create index invitations_of_a_party on invitations (invited_by, created_at, id);
create index invitations_of_a_subject on invitations (subject_id, created_at, id);
