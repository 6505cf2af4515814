create table hand_overs (
    id uuid primary key,
    division text not null check (division in ('programme', 'standardisation', 'facilitation', 'cooperatives')),
    business_id uuid not null references businesses,
    causes jsonb not null check (jsonb_array_length(causes) > 0),
    due_on date not null,
    status text not null check (status in ('open', 'taken', 'done', 'declined', 'cancelled')),
    taken_by uuid,
    result jsonb,
    dossier jsonb,
    version bigint not null default 1,
    created_at timestamptz not null,
    updated_at timestamptz not null,
    constraint what_is_taken_is_somebodys check (status <> 'taken' or taken_by is not null),
    constraint what_is_taken_has_a_dossier check (status not in ('taken', 'done') or dossier is not null),
    constraint what_is_done_has_a_result check ((status = 'done') = (result is not null))
);
-- What a division has not finished for a business is one hand-over: later causes are added to it.
create unique index one_open_hand_over on hand_overs (business_id, division) where status in ('open', 'taken');
create index hand_overs_by_age on hand_overs (created_at, id);
create index hand_overs_by_change on hand_overs (updated_at, id);
create index hand_overs_by_due_date on hand_overs (due_on, id);
create index hand_overs_of_a_division on hand_overs (division, status, due_on, id);
create index hand_overs_of_a_business on hand_overs (business_id, created_at, id);

-- A cause opens a hand-over once, however often the log is read.
create table hand_over_causes (
    event_id uuid not null,
    rule text not null,
    hand_over_id uuid not null references hand_overs,
    primary key (event_id, rule)
);
