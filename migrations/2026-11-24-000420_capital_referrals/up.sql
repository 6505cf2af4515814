create table capital_referrals (
    id uuid primary key,
    number text not null unique check (number ~ '^RJK-\d{4}-\d{6,}$'),
    business_id uuid not null references businesses,
    hand_over_id uuid references hand_overs,
    amount_idr bigint not null check (amount_idr between 1 and 9007199254740991),
    purpose text not null check (purpose in ('working_capital', 'equipment', 'premises', 'other')),
    purpose_note text,
    scheme text,
    scheme_reason text,
    plan_id uuid references plans,
    suggestion jsonb not null,
    documents jsonb not null,
    writer_ids uuid[] not null check (cardinality(writer_ids) > 0),
    status text not null,
    submitter_ids uuid[] not null,
    lender_id uuid references institutions,
    recommended_idr bigint,
    approved_idr bigint,
    disbursed_idr bigint not null,
    due_on date,
    closed_at timestamptz,
    version bigint not null default 1,
    created_at timestamptz not null,
    updated_at timestamptz not null,
    constraint statuses check (status in (
        'draft', 'submitted', 'under_review', 'returned', 'recommended', 'not_recommended', 'forwarded',
        'approved', 'rejected', 'disbursed', 'closed', 'withdrawn')),
    constraint another_purpose_is_explained check (purpose <> 'other' or purpose_note is not null),
    constraint another_scheme_has_a_reason check (
        scheme is null or scheme = suggestion ->> 'scheme' or scheme_reason is not null),
    constraint somebody_submitted_it check (
        status in ('draft', 'withdrawn') or cardinality(submitter_ids) > 0),
    constraint it_is_forwarded_to_a_lender check (
        status not in ('forwarded', 'approved', 'rejected', 'disbursed', 'closed') or lender_id is not null),
    constraint no_amount_passes_what_was_asked check (
        coalesce(recommended_idr, 1) between 1 and amount_idr and coalesce(approved_idr, 1) between 1 and amount_idr),
    constraint what_is_approved_has_an_amount check (
        status not in ('approved', 'disbursed', 'closed') or approved_idr is not null),
    constraint nothing_is_paid_beyond_what_was_approved check (
        disbursed_idr between 0 and coalesce(approved_idr, 0)),
    constraint what_is_paid_is_disbursed check (
        (disbursed_idr > 0) = (status in ('disbursed', 'closed'))),
    constraint a_closed_one_says_when check ((status = 'closed') = (closed_at is not null))
);
create index capital_referrals_by_age on capital_referrals (created_at, id);
create index capital_referrals_by_change on capital_referrals (updated_at, id);
create index capital_referrals_of_a_business on capital_referrals (business_id, created_at, id);
create index capital_referrals_by_status on capital_referrals (status, created_at, id);
create index capital_referrals_of_a_lender on capital_referrals (lender_id, created_at, id) where lender_id is not null;
create index capital_referrals_due on capital_referrals (due_on) where due_on is not null;

create table disbursements (
    id uuid primary key,
    referral_id uuid not null references capital_referrals,
    amount_idr bigint not null check (amount_idr between 1 and 9007199254740991),
    disbursed_on date not null,
    created_at timestamptz not null
);
create index disbursements_of_a_referral on disbursements (referral_id, disbursed_on, id);
