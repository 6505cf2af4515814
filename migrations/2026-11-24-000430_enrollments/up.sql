create table enrollments (
    id uuid primary key,
    person_id uuid not null references persons,
    business_id uuid not null references businesses,
    cooperative_id uuid not null references cooperatives,
    principal_savings_paid_idr bigint check (principal_savings_paid_idr between 0 and 9007199254740991),
    status text not null check (status in (
        'applied', 'verified', 'returned', 'active', 'rejected', 'withdrawn', 'resigned', 'ended')),
    member_number text check (char_length(member_number) between 1 and 40),
    joined_on date,
    missing text[] not null,
    due_on date,
    version bigint not null default 1,
    created_at timestamptz not null,
    updated_at timestamptz not null,
    constraint member_number unique (cooperative_id, member_number),
    constraint a_member_has_a_number check (
        status not in ('active', 'resigned') or (member_number is not null and joined_on is not null)),
    constraint who_was_never_a_member_has_no_number check (
        status in ('active', 'resigned', 'ended') or (member_number is null and joined_on is null)),
    constraint what_is_to_be_verified_is_due check ((status = 'applied') = (due_on is not null))
);
create unique index one_enrollment on enrollments (person_id, cooperative_id)
    where status in ('applied', 'verified', 'returned', 'active');
create index enrollments_by_age on enrollments (created_at, id);
create index enrollments_by_change on enrollments (updated_at, id);
create index enrollments_of_a_business on enrollments (business_id, created_at, id);
create index enrollments_of_a_cooperative on enrollments (cooperative_id, status, created_at, id);
create index enrollments_due on enrollments (due_on) where due_on is not null;
