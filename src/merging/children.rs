//! What belongs to a business, a person, a mentor, and so is handed on: by table and column. A test holds it to
//! PostgreSQL's catalogue, so that a table that is added later is not forgotten.

use super::payloads::Resource;

/// How a column names the record.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Shape {
    Id,
    Ids,
    /// Somewhere in a document.
    Json,
    Jsons,
    /// `person:` or `mentor:` before the id.
    Party,
}

/// The record whose version and events tell of the change.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Told {
    /// The row is a record.
    Itself,
    /// It is part of the record of that table, by its key.
    With(&'static str),
    Nowhere,
}

/// The rows of a table that name the record.
pub struct Children {
    pub table: &'static str,
    /// What they are called where two clash.
    pub name: &'static str,
    /// SQL of what tells a row from the others of the same record.
    pub key: &'static str,
    pub columns: &'static [(&'static str, Shape)],
    /// SQL of the rows that name the record `{}`: an index answers it.
    pub found: &'static str,
    /// SQL of those that stay, as the record `$2` has the same.
    pub stays: Option<&'static str>,
    pub told: Told,
    /// Columns that name a row above, and its table: what is made below it later goes where that goes.
    pub below: &'static [(&'static str, &'static str)],
}

use Shape::{Id, Ids, Json, Jsons, Party};
use Told::{Itself, Nowhere, With};

const OF_A_BUSINESS: Children = Children {
    table: "",
    name: "",
    key: "id",
    columns: &[("business_id", Id)],
    found: "business_id = {}",
    stays: None,
    told: Itself,
    below: &[],
};
const OF_A_PERSON: Children =
    Children { columns: &[("person_id", Id)], found: "person_id = {}", ..OF_A_BUSINESS };
const OF_A_MENTOR: Children =
    Children { columns: &[("mentor_id", Id)], found: "mentor_id = {}", ..OF_A_BUSINESS };
const SEEN_BY_MENTORS: Children = Children {
    columns: &[("mentor_id", Id), ("mentor_ids", Ids)],
    found: "mentor_ids @> array[{}]",
    below: &[("mentorship_id", "mentorships")],
    ..OF_A_BUSINESS
};
const EXTERNAL_IDS: Children = Children {
    table: "external_ids",
    name: "external_id",
    key: "source || ' ' || value",
    columns: &[("record_id", Id)],
    found: "record_id = {}",
    told: Nowhere,
    ..OF_A_BUSINESS
};
const FILES: Children = Children {
    table: "attachments",
    name: "attachment",
    columns: &[("record_id", Id)],
    found: "record_id = {}",
    ..OF_A_BUSINESS
};
const GRANTS: Children = Children {
    table: "user_grants",
    name: "user",
    key: "user_id",
    columns: &[("subject_id", Id)],
    found: "subject_id = {}",
    told: With("users"),
    ..OF_A_BUSINESS
};
const CLIENTS: Children = Children { table: "clients", name: "client", key: "id", told: Itself, ..GRANTS };
const INVITATIONS: Children = Children { table: "invitations", name: "invitation", ..CLIENTS };
const CALENDARS: Children =
    Children { table: "calendar_links", name: "calendar_link", key: "id", told: Nowhere, ..GRANTS };
const SHARES: Children = Children {
    table: "business_shares",
    name: "share",
    key: "business_id || ' ' || cause",
    columns: &[("party", Party)],
    told: Nowhere,
    ..OF_A_BUSINESS
};

/// Rows above before those below.
#[rustfmt::skip]
const BUSINESS: &[Children] = &[
    Children {
        table: "business_roles", name: "business_role",
        // Who is the same in both stays that in the one, too: nobody has a role twice.
        stays: Some("to_date is null and exists (select from business_roles o where o.business_id = $2 \
                     and o.person_id = t.person_id and o.role = t.role and o.to_date is null)"),
        ..OF_A_BUSINESS
    },
    Children { table: "snapshots",         name: "snapshot",         ..OF_A_BUSINESS },
    Children { table: "participants",      name: "participant",      ..OF_A_BUSINESS },
    Children { table: "mentorships",       name: "mentorship",       ..OF_A_BUSINESS },
    Children { table: "objectives",        name: "objective",        below: &[("mentorship_id", "mentorships")], ..OF_A_BUSINESS },
    Children { table: "sessions",          name: "session",          below: &[("mentorship_id", "mentorships")], ..OF_A_BUSINESS },
    Children { table: "agreed_actions",    name: "agreed_action",    below: &[("mentorship_id", "mentorships")], ..OF_A_BUSINESS },
    Children { table: "plans",             name: "plan",             below: &[("mentorship_id", "mentorships")], ..OF_A_BUSINESS },
    Children { table: "assessments",       name: "assessment",       below: &[("mentorship_id", "mentorships")], ..OF_A_BUSINESS },
    Children { table: "hand_overs",        name: "hand_over",        ..OF_A_BUSINESS },
    Children {
        table: "hand_over_causes", name: "hand_over", key: "event_id || ' ' || rule", told: Nowhere,
        below: &[("hand_over_id", "hand_overs")],
        // One event can be a cause for both.
        stays: Some("exists (select from hand_over_causes o where o.business_id = $2 and o.event_id = t.event_id and o.rule = t.rule)"),
        ..OF_A_BUSINESS
    },
    Children { table: "capital_referrals", name: "capital_referral", below: &[("plan_id", "plans"), ("hand_over_id", "hand_overs")], ..OF_A_BUSINESS },
    Children { table: "enrollments",       name: "enrollment",       ..OF_A_BUSINESS },
    Children { table: "outcomes",          name: "outcome",          ..OF_A_BUSINESS },
    Children { table: "follow_ups",        name: "follow_up",        ..OF_A_BUSINESS },
    Children { table: "products",          name: "product",          ..OF_A_BUSINESS },
    Children { table: "certifications",    name: "certification",    below: &[("product_id", "products"), ("renews_id", "certifications")], ..OF_A_BUSINESS },
    Children { table: "mentor_interests",  name: "mentor_interest",  ..OF_A_BUSINESS },
    Children { columns: &[("business_id", Id), ("record_id", Id)], found: "business_id = {}", below: &[("record_id", "")], ..FILES },
    EXTERNAL_IDS,
    Children {
        key: "party || ' ' || cause", columns: &[("business_id", Id)], found: "business_id = {}", below: &[("cause", "")],
        // What a role gives stays where the role does.
        stays: Some("exists (select from business_roles r where r.id = t.cause and r.business_id = $1) \
                     or exists (select from business_shares o where o.business_id = $2 and o.party = t.party and o.cause = t.cause)"),
        ..SHARES
    },
];

#[rustfmt::skip]
const PERSON: &[Children] = &[
    Children { table: "business_roles", name: "business_role", ..OF_A_PERSON },
    Children { table: "consents",       name: "consent",       ..OF_A_PERSON },
    Children { table: "enrollments",    name: "enrollment",    ..OF_A_PERSON },
    Children { table: "nib_holders",    name: "nib_holder", key: "nib", told: Nowhere, ..OF_A_PERSON },
    FILES,
    EXTERNAL_IDS,
    GRANTS,
    CLIENTS,
    INVITATIONS,
    CALENDARS,
    Children {
        found: "party = 'person:' || {}::text", below: &[("cause", "")],
        stays: Some("exists (select from business_shares o where o.business_id = t.business_id and o.party = 'person:' || $2::text and o.cause = t.cause)"),
        ..SHARES
    },
];

#[rustfmt::skip]
const MENTOR: &[Children] = &[
    Children {
        table: "mentorships", name: "mentorship", below: &[],
        columns: &[("mentor_id", Id), ("mentor_ids", Ids), ("transfer", Json), ("assignments", Jsons)],
        ..SEEN_BY_MENTORS
    },
    Children { table: "objectives",           name: "objective",            ..SEEN_BY_MENTORS },
    Children { table: "sessions",             name: "session",              ..SEEN_BY_MENTORS },
    Children { table: "agreed_actions",       name: "agreed_action",        columns: &[("mentor_ids", Ids)], ..SEEN_BY_MENTORS },
    Children { table: "plans",                name: "plan",                 below: &[("mentorship_id", "mentorships")], ..OF_A_MENTOR },
    Children { table: "mentor_qualifications", name: "mentor_qualification", ..OF_A_MENTOR },
    Children { table: "mentor_interests",     name: "mentor_interest",      ..OF_A_MENTOR },
    FILES,
    EXTERNAL_IDS,
    GRANTS,
    CLIENTS,
    INVITATIONS,
    CALENDARS,
    Children {
        found: "party = 'mentor:' || {}::text", below: &[("cause", "")],
        stays: Some("exists (select from business_shares o where o.business_id = t.business_id and o.party = 'mentor:' || $2::text and o.cause = t.cause)"),
        ..SHARES
    },
];

pub fn of(resource: Resource) -> &'static [Children] {
    match resource {
        Resource::Business => BUSINESS,
        Resource::Person => PERSON,
        Resource::Mentor => MENTOR,
    }
}

/// Each column that names a record of one of the kinds, of those that are handed on and of those that stay.
pub fn named() -> Vec<(&'static str, &'static str)> {
    let all = Resource::ALL.iter().flat_map(|resource| of(*resource));
    let handed_on = all.flat_map(|it| it.columns.iter().map(|(column, _)| (it.table, *column)));
    handed_on.chain(STAYS.iter().copied()).collect()
}

/// What names one of them and is not handed on: what is worked out anew, what is history, and the way itself.
const STAYS: &[(&str, &str)] = &[
    ("business_standings", "business_id"),
    ("businesses", "merged_into"),
    ("persons", "merged_into"),
    ("mentors", "merged_into"),
    ("events", "business_id"),
    // It leads to the other.
    ("notifications", "business_id"),
    ("notifications", "party"),
    ("notifications", "subject_id"),
    // Whose session it is: it ends.
    ("refresh_tokens", "subject_id"),
    // For whom it was done, in its time.
    ("sync_runs", "party"),
    ("export_jobs", "subject_id"),
    // Whoever set it up is somebody else by now: it is disabled.
    ("webhook_endpoints", "party"),
    ("webhook_endpoints", "subject_id"),
];
