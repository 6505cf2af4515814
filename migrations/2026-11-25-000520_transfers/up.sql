-- A mentor can be away, or on his way out while others take over from him.
alter table mentors drop constraint mentors_status_check;
alter table mentors add constraint mentors_status_check
    check (status in ('candidate', 'active', 'on_leave', 'ending', 'ended'));
create index mentors_on_their_way_out on mentors (id) where status = 'ending';

-- A mentorship passes to another mentor and keeps its id. Who coached it once goes on seeing it, like the
-- institution for which that was, and who is asked to take over sees it already.
alter table mentorships
    add column transfer jsonb,
    add column assignments jsonb[] not null default '{}',
    add column mentor_ids uuid[] not null default '{}',
    add column institution_ids uuid[] not null default '{}';
update mentorships set mentor_ids = array[mentor_id], institution_ids = array_remove(array[institution_id], null);
alter table mentorships
    alter column assignments drop default,
    alter column mentor_ids drop default,
    alter column institution_ids drop default,
    add constraint the_present_mentor_sees_it check (mentor_ids @> array[mentor_id]),
    add constraint only_what_runs_is_transferred check (transfer is null or status in ('accepted', 'active'));
create index mentorships_seen_by_mentors on mentorships using gin (mentor_ids);
create index mentorships_seen_by_institutions on mentorships using gin (institution_ids);
create index mentorships_with_a_transfer on mentorships ((transfer ->> 'expires_on')) where transfer is not null;

alter table sessions add column mentor_ids uuid[] not null default '{}';
update sessions set mentor_ids = array[mentor_id];
alter table sessions alter column mentor_ids drop default;
alter table objectives add column mentor_ids uuid[] not null default '{}';
update objectives set mentor_ids = array[mentor_id];
alter table objectives alter column mentor_ids drop default;

-- One cause can open a hand-over for several businesses: a mentor who leaves.
alter table hand_over_causes add column business_id uuid references businesses;
update hand_over_causes c set business_id = h.business_id from hand_overs h where h.id = c.hand_over_id;
alter table hand_over_causes
    alter column business_id set not null,
    drop constraint hand_over_causes_pkey,
    add primary key (event_id, rule, business_id);

-- How the owner confirmed a session; and the code that he was given for it.
alter table sessions
    add column confirmed_via text check (confirmed_via in ('account', 'code', 'signed_sheet')),
    add column confirmation_evidence jsonb;
update sessions set confirmed_via = 'account' where status = 'confirmed';
alter table sessions add constraint a_confirmed_one_says_how
    check ((status = 'confirmed') = (confirmed_via is not null));
create table session_codes (
    session_id uuid primary key references sessions,
    code bytea not null,
    tries integer not null check (tries between 0 and 5),
    expires_at timestamptz not null
);

-- What was agreed in a session is done, or not, on its own.
create table agreed_actions (
    id uuid primary key,
    session_id uuid not null references sessions,
    mentorship_id uuid not null references mentorships,
    business_id uuid not null references businesses,
    mentor_ids uuid[] not null,
    text text not null check (char_length(text) between 1 and 500),
    due_on date,
    done_on date,
    version bigint not null default 1,
    created_at timestamptz not null,
    updated_at timestamptz not null
);
create index agreed_actions_of_a_session on agreed_actions (session_id, created_at, id);
create index agreed_actions_of_a_mentorship on agreed_actions (mentorship_id, created_at, id);
create index agreed_actions_of_a_mentorship_by_change on agreed_actions (mentorship_id, updated_at, id);
create index agreed_actions_not_done on agreed_actions (due_on, id) where done_on is null;
insert into agreed_actions (id, session_id, mentorship_id, business_id, mentor_ids, text, due_on, done_on, created_at, updated_at)
    select gen_random_uuid(), s.id, s.mentorship_id, s.business_id, s.mentor_ids, a ->> 'text',
        (a ->> 'due_on')::date, (a ->> 'done_on')::date, s.updated_at, s.updated_at
    from sessions s, unnest(s.agreed_actions) a;
alter table sessions drop column agreed_actions;
-- No minute of a mentor counts twice.
create index sessions_held_by_a_mentor on sessions (mentor_id, held_at, contact_minutes) where held_at is not null;
