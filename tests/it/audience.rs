//! Whom an event names is who may read its record: the rows that a read answers, and the audience that the
//! log keeps, come from one table, and are held together over everything that the pilot has.

use std::collections::{BTreeMap, BTreeSet};

use diesel::{
    QueryableByName, sql_query,
    sql_types::{Array, BigInt, Jsonb, Nullable, Text, Uuid as SqlUuid},
};
use diesel_async::RunQueryDsl;
use serde_json::Value;
use seribu::{
    access::{Permission, Role, Rows},
    log::RESOURCES,
};
use uuid::Uuid;

use crate::{
    document::operations,
    pilot::a_pilot,
    support::{Caller, Reply, TestApp},
};

#[derive(QueryableByName)]
struct Logged {
    #[diesel(sql_type = BigInt)]
    position: i64,
    #[diesel(sql_type = Text)]
    kind: String,
    #[diesel(sql_type = Text)]
    resource: String,
    #[diesel(sql_type = SqlUuid)]
    subject_id: Uuid,
    #[diesel(sql_type = Nullable<SqlUuid>)]
    business_id: Option<Uuid>,
    #[diesel(sql_type = Array<Text>)]
    audience: Vec<String>,
    #[diesel(sql_type = Array<Text>)]
    lost: Vec<String>,
    #[diesel(sql_type = Jsonb)]
    data: Value,
}

/// Where a kind of record is read, with what its first event says of its parents.
fn address(first: &Logged) -> Option<(String, &'static str)> {
    let parent = |name: &str| first.data["after"][name].as_str().unwrap_or_default().to_owned();
    let id = first.subject_id;
    Some(match first.resource.as_str() {
        it if it.ends_with("_attachment") && it != "person_attachment" => {
            (format!("/v1/attachments/{id}"), "get_attachment")
        }
        "institution" => (format!("/v1/institutions/{id}"), "get_institution"),
        "mentor" => (format!("/v1/mentors/{id}"), "get_mentor"),
        "consent" => (format!("/v1/persons/{}/consents/{id}", parent("person_id")), "get_consent"),
        "business" => (format!("/v1/businesses/{id}"), "get_business"),
        "business_role" => {
            (format!("/v1/businesses/{}/people/{id}", parent("business_id")), "get_business_role")
        }
        "snapshot" => (format!("/v1/businesses/{}/snapshots/{id}", parent("business_id")), "get_snapshot"),
        "product" => (format!("/v1/businesses/{}/products/{id}", parent("business_id")), "get_product"),
        "certification" => (format!("/v1/certifications/{id}"), "get_certification"),
        "mentor_qualification" => {
            (format!("/v1/mentors/{}/qualifications/{id}", parent("mentor_id")), "get_mentor_qualification")
        }
        "mentor_interest" => {
            (format!("/v1/mentors/{}/interests/{id}", parent("mentor_id")), "get_mentor_interest")
        }
        "cohort" => (format!("/v1/cohorts/{id}"), "get_cohort"),
        "participant" => {
            (format!("/v1/cohorts/{}/participants/{id}", parent("cohort_id")), "get_participant")
        }
        "mentorship" => (format!("/v1/mentorships/{id}"), "get_mentorship"),
        "objective" => {
            (format!("/v1/mentorships/{}/objectives/{id}", parent("mentorship_id")), "get_objective")
        }
        "session" => (format!("/v1/mentorships/{}/sessions/{id}", parent("mentorship_id")), "get_session"),
        "agreed_action" => {
            (format!("/v1/mentorships/{}/agreed-actions/{id}", parent("mentorship_id")), "get_agreed_action")
        }
        "outcome" => (format!("/v1/outcomes/{id}"), "get_outcome"),
        "follow_up_wave" => (format!("/v1/follow-up-waves/{id}"), "get_follow_up_wave"),
        "follow_up" => (format!("/v1/follow-ups/{id}"), "get_follow_up"),
        "plan" => (format!("/v1/mentorships/{}/plan", parent("mentorship_id")), "get_plan"),
        "instrument" => (format!("/v1/instruments/{id}"), "get_instrument"),
        "assessment" => (format!("/v1/assessments/{id}"), "get_assessment"),
        "hand_over" => (format!("/v1/hand-overs/{id}"), "get_hand_over"),
        "capital_referral" => (format!("/v1/capital-referrals/{id}"), "get_capital_referral"),
        "cooperative" => (format!("/v1/cooperatives/{id}"), "get_cooperative"),
        "enrollment" => (format!("/v1/enrollments/{id}"), "get_enrollment"),
        "user" => (format!("/v1/users/{id}"), "get_user"),
        "client" => (format!("/v1/clients/{id}"), "get_client"),
        "invitation" => (format!("/v1/invitations/{id}"), "get_invitation"),
        // A person is seen through the businesses in which she has a part: `people` tests that.
        "merge" => (format!("/v1/merges/{id}"), "get_merge"),
        "webhook_endpoint" => (format!("/v1/webhooks/{id}"), "get_webhook"),
        "person" | "person_attachment" => return None,
        other => panic!("say here where a {other} is read"),
    })
}

/// Who speaks for the party of an audience.
fn caller(party: &str) -> Caller {
    let (kind, subject) = party.split_once(':').unwrap_or((party, ""));
    let role = match kind {
        "staff" => Role::Programme,
        "person" => Role::Business,
        "division" => *Role::ALL.iter().find(|role| role.as_str() == subject).unwrap(),
        kind => *Role::ALL.iter().find(|role| role.as_str() == kind).unwrap(),
    };
    match role.subject() {
        Some(_) => Caller::of(role, subject),
        None => Caller::new(role),
    }
}

/// Some of each kind, those that see the most and some that see little.
fn some_parties(log: &[Logged]) -> Vec<String> {
    let mut seen: BTreeMap<String, usize> = BTreeMap::new();
    for party in log.iter().flat_map(|event| &event.audience).filter(|party| !party.ends_with('*')) {
        *seen.entry(party.clone()).or_default() += 1;
    }
    let mut by_kind: BTreeMap<&str, Vec<(usize, &String)>> = BTreeMap::new();
    for (party, count) in &seen {
        by_kind.entry(party.split(':').next().unwrap()).or_default().push((*count, party));
    }
    let mut some = Vec::new();
    for (kind, mut parties) in by_kind {
        parties.sort();
        let most = if kind == "division" { parties.len() } else { 2 };
        some.extend(parties.iter().rev().take(most).map(|(_, party)| (*party).clone()));
    }
    some
}

/// Whether the party may read the record, as far as the log has told.
fn foretold(log: &[Logged], first: &Logged, party: &str, read: Permission) -> bool {
    let kind = party.split_once(':').map(|(kind, _)| format!("{kind}:*"));
    let shared = caller(party).role.rows(read) == Rows::Shared;
    let mut sees = false;
    let mut business = first.business_id;
    for event in log.iter().filter(|event| event.position >= first.position) {
        let own = event.subject_id == first.subject_id && event.resource == first.resource;
        // Since two were merged it can be another's.
        if own && event.business_id.is_some() {
            business = event.business_id;
        }
        let of_business = event.business_id.is_some() && event.business_id == business;
        let named = |parties: &[String]| parties.iter().any(|it| it == party || Some(it) == kind.as_ref());
        match event.kind.as_str() {
            // Whoever the business is shared with sees who coaches it.
            "mentorship.created" | "mentorship.transferred" if first.resource == "mentor" => {
                let coached = event.data["after"]["mentor_id"] == first.subject_id.to_string();
                sees |= coached && shared && named(&event.audience);
            }
            "business.shared" if of_business => sees |= shared && named(&event.audience),
            "business.unshared" if of_business => sees &= !(shared && named(&event.lost)),
            _ if own => sees = named(&event.audience),
            _ => (),
        }
    }
    sees
}

#[actix_web::test]
async fn the_audience_of_the_latest_event_is_who_may_read_the_record() {
    let (app, _) = a_pilot().await;
    // What a mentor saw in the days after completion ends by a job of this clock.
    let programme = Caller::new(Role::Programme);
    let ended = |reply: &Reply| reply.text.matches("business.unshared").count() == 1;
    for completed in completed(&app).await {
        app.eventually(programme, &format!("/v1/businesses/{completed}/history?limit=200"), ended).await;
    }
    app.readers_done().await;
    let mut database = app.database.as_superuser().await;
    let log = "select position, kind, resource, subject_id, business_id, audience, lost, data from events order by position";
    let log: Vec<Logged> = sql_query(log).load(&mut database).await.unwrap();
    let parties = some_parties(&log);
    assert!(parties.len() >= 14, "too few parties to tell: {parties:?}");
    let mut known: BTreeSet<Uuid> = BTreeSet::new();
    let mut records: BTreeMap<&str, Vec<&Logged>> = BTreeMap::new();
    for event in log.iter().filter(|event| event.kind.ends_with(".created")) {
        if known.insert(event.subject_id) {
            records.entry(&event.resource).or_default().push(event);
        }
    }
    assert!(records.len() >= 33, "too few kinds of records to tell: {:?}", records.keys());
    let mut wrong = Vec::new();
    for some in records.values() {
        // The first and the last of each: in the pilot they have gone the longest and the shortest way.
        let some: BTreeMap<_, _> = some
            .iter()
            .take(4)
            .chain(some.iter().rev().take(3))
            .map(|first| (first.position, *first))
            .collect();
        for first in some.values() {
            wrong.extend(misread(&app, &log, first, &parties).await);
        }
    }
    assert!(wrong.is_empty(), "{} times:\n{}", wrong.len(), wrong.join("\n"));
}

/// The businesses whose mentorship was completed.
async fn completed(app: &TestApp) -> Vec<String> {
    let list = app.get(Caller::new(Role::Programme), "/v1/mentorships?status=completed").await;
    let completed = list.body["data"].as_array().unwrap().iter();
    completed.map(|it| it["business_id"].as_str().unwrap().to_owned()).collect()
}

/// A file is read with the record that it belongs to, by those who read files of its kind.
fn of_record<'a>(log: &'a [Logged], first: &'a Logged) -> (&'a Logged, Option<Permission>) {
    let Some(resource) = first.resource.strip_suffix("_attachment") else { return (first, None) };
    let read = RESOURCES.iter().find(|(name, _)| *name == first.resource).map(|(_, read)| *read);
    let record = first.data["after"]["record_id"].as_str().unwrap();
    let of = |event: &&Logged| event.resource == resource && event.subject_id.to_string() == record;
    (log.iter().find(of).unwrap_or_else(|| panic!("no {resource} {record}")), read)
}

/// The parties for whom the log and the read disagree.
async fn misread(app: &TestApp, log: &[Logged], first: &Logged, parties: &[String]) -> Vec<String> {
    // What was merged leads to the other: `merging` tests that.
    let merged = |event: &Logged| event.subject_id == first.subject_id && event.kind.ends_with(".merged");
    if log.iter().any(merged) {
        return vec![];
    }
    let Some((path, operation)) = address(first) else { return vec![] };
    let read =
        operations().into_iter().find(|it| it.id == operation).unwrap_or_else(|| panic!("no {operation}"));
    let mut wrong = Vec::new();
    for party in parties {
        let status = app.get(caller(party), &path).await.status;
        assert!(matches!(status, 200 | 403 | 404), "{path} as {party}: {status}");
        let (record, of_files) = of_record(log, first);
        let foretold = match of_files {
            // Who began to see the record later was told of it, not of each file.
            Some(files) => {
                caller(party).role.rows(files) != Rows::None && foretold(log, record, party, files)
            }
            None => foretold(log, first, party, read.permission.unwrap()),
        };
        if (status == 200) != foretold {
            wrong.push(format!("{path} as {party}: {status}, and the log says {foretold}"));
        }
    }
    wrong
}
