-- A reference to a row that the same transaction makes is checked at its end: the inserts travel together.
create table business_roles (
    id uuid primary key,
    business_id uuid not null references businesses deferrable initially deferred,
    person_id uuid not null references persons deferrable initially deferred,
    role text not null check (role in ('owner', 'co_owner', 'manager', 'board', 'employee')),
    contact boolean not null,
    from_date date not null,
    to_date date check (to_date >= from_date),
    version bigint not null default 1,
    created_at timestamptz not null,
    updated_at timestamptz not null
);
create unique index business_roles_one_owner on business_roles (business_id)
    where role = 'owner' and to_date is null;
create unique index business_roles_one_board_contact on business_roles (business_id)
    where role = 'board' and contact and to_date is null;
create unique index business_roles_once on business_roles (business_id, person_id, role) where to_date is null;
create index business_roles_of_a_business on business_roles (business_id, created_at, id);
create index business_roles_of_a_person on business_roles (person_id, business_id);

-- Who holds a NIB. Whoever gives a business its NIB or its owner locks the row first.
create table nib_holders (
    nib text primary key check (nib ~ '^[0-9]{13}$'),
    person_id uuid not null references persons deferrable initially deferred
);
