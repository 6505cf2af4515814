-- What an agenda asks of the tables that are there: each by whose work it is, and only what is open.
create index sessions_planned_with_a_mentor on sessions (mentor_id, planned_at) where status = 'planned';
create index sessions_planned_with_a_business on sessions (business_id, planned_at) where status = 'planned';
create index sessions_unconfirmed_of_a_mentor on sessions (mentor_id) where status = 'held';
create index sessions_unconfirmed_of_a_business on sessions (business_id) where status = 'held';
create index plans_submitted_to_a_mentor on plans (mentor_id) where status = 'submitted';
create index agreed_actions_not_done_of_a_business on agreed_actions (business_id, due_on) where done_on is null;

-- The address of a calendar that needs no log-in; only what it hashes to is kept.
create table calendar_links (
    id uuid primary key,
    user_id uuid not null references users on delete cascade,
    role text not null,
    subject_id uuid,
    language text not null check (language in ('id', 'en')),
    link bytea not null unique check (length(link) = 32),
    version bigint not null default 1,
    created_at timestamptz not null,
    updated_at timestamptz not null
);
create index calendar_links_of_a_user on calendar_links (user_id, created_at, id);
create index calendar_links_of_a_user_by_change on calendar_links (user_id, updated_at, id);

-- What a user was told, as one of the parties that he acts for: once for each event.
create table notifications (
    id uuid primary key,
    user_id uuid not null references users on delete cascade,
    party text not null,
    event_id uuid not null,
    kind text not null,
    resource text not null,
    subject_id uuid not null,
    parent_id uuid,
    business_id uuid,
    read boolean not null default false,
    version bigint not null default 1,
    created_at timestamptz not null,
    updated_at timestamptz not null,
    unique (event_id, user_id)
);
create index notifications_of_a_user on notifications (user_id, created_at, id);
create index notifications_of_a_user_by_change on notifications (user_id, updated_at, id);
create index notifications_unread on notifications (user_id, created_at, id) where not read;

-- A user without a row has mail in Indonesian.
create table notification_settings (
    user_id uuid primary key references users on delete cascade,
    email text not null check (email in ('all', 'none')),
    language text not null check (language in ('id', 'en')),
    version bigint not null default 1,
    created_at timestamptz not null,
    updated_at timestamptz not null
);

-- Mail that is to be sent, or was. What is sent to whom is sealed, and kept no longer than it has to be.
create table mails (
    id uuid primary key,
    sealed bytea,
    attempts integer not null default 0,
    next_try_at timestamptz not null,
    sent_at timestamptz,
    gave_up_at timestamptz,
    last_error text,
    created_at timestamptz not null,
    check (num_nonnulls(sealed, sent_at, gave_up_at) = 1)
);
create index mails_to_send on mails (next_try_at) where sealed is not null;

-- Of which due date of an agreed action its people were reminded.
create table agreed_action_reminders (
    action_id uuid not null references agreed_actions on delete cascade,
    due_on date not null,
    primary key (action_id, due_on)
);
