//! What happened to a record: its own events and those about it, each as far as the caller may read
//! the record that it is of.

use std::collections::{HashMap, HashSet};

use chrono::{DateTime, Utc};
use diesel::prelude::*;
use diesel_async::RunQueryDsl;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use utoipa::{IntoParams, ToSchema};
use uuid::Uuid;

use crate::{
    access::{Access, Permission, Role, Rows, token::Actor},
    db::schema::{event_about, events},
    error::Result,
    http::{Filter, Page, Query, Sort, view::View},
    ids::{EventId, UserId},
    records::{Record, shared_with},
    secrets::{SubjectKey, subject_of},
};

/// One entry of a record's history.
#[derive(Serialize, ToSchema, Queryable, Selectable)]
#[diesel(table_name = events)]
#[schema(as = Event)]
pub struct EventOut {
    pub id: EventId,
    /// Its place in the log; ascending in the order in which a record changed.
    #[schema(example = 4711)]
    position: i64,
    #[serde(rename = "type")]
    #[schema(example = "capital_referral.approved")]
    pub kind: String,
    /// The record that changed.
    pub subject_id: Uuid,
    /// The version that the record had then.
    #[schema(example = 3)]
    pub subject_version: i64,
    pub occurred_at: DateTime<Utc>,
    actor_id: UserId,
    pub actor_role: Role,
    /// The party for whom the actor acted: an officer for an owner.
    #[schema(example = "person:01948f5e-7a00-7000-8000-000000000001")]
    on_behalf_of: Option<String>,
    request_id: String,
    /// The event that caused it, where the service did it by itself.
    pub caused_by: Option<EventId>,
    /// The changed fields `before` and `after`, and what was asked for.
    #[schema(value_type = Object, example = json!({"before": {"status": "draft"}, "after": {"status": "submitted"}}))]
    pub data: Value,
}

impl Record for EventOut {
    type Id = EventId;
    const KIND: &'static str = "event";
    /// Not asked: which events a caller sees, and what of them, is decided here, event by event.
    const READ: Permission = Permission::ReadInstitutions;
    const SHOWN_WHOLE: bool = true;

    fn id(&self) -> EventId {
        self.id
    }
    fn version(&self) -> i64 {
        self.subject_version
    }
    fn updated_at(&self) -> DateTime<Utc> {
        self.occurred_at
    }
}

#[derive(Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
pub struct HistoryFilter {}

impl Filter for HistoryFilter {
    const SORTS: &'static [Sort] = &[Sort("position", "bigint")];
}

/// The history of a record that the caller may read, the latest first.
pub async fn history<R: Record>(
    access: &Access,
    record: &R,
    list: &Query<HistoryFilter>,
) -> Result<Page<EventOut>> {
    read(access, record.id().into(), None, list).await
}

/// The record's own events of some kinds, and whatever else an action led to.
pub async fn of_kinds<R: Record>(
    access: &Access,
    record: &R,
    kinds: Vec<String>,
    list: &Query<HistoryFilter>,
) -> Result<Page<EventOut>> {
    read(access, record.id().into(), Some(kinds), list).await
}

async fn read(
    access: &Access,
    id: Uuid,
    kinds: Option<Vec<String>>,
    Query { window, .. }: &Query<HistoryFilter>,
) -> Result<Page<EventOut>> {
    let rights = Rights::of(&access.actor);
    let shared = shared_with(access.actor.party, "events.business_id");
    let readable = events::resource
        .eq_any(rights.all)
        .or(events::resource.eq_any(rights.shared).and(shared))
        .or(events::resource.eq_any(rights.own).and(events::audience.overlaps_with(rights.parties)));
    let about = event_about::table.filter(event_about::record_id.eq(id)).select(event_about::position);
    let mut query = events::table.filter(events::position.eq_any(about)).filter(readable).into_boxed();
    if let Some(kinds) = kinds {
        let moves = events::kind.eq_any(kinds).or(events::data.has_key("move"));
        query = query.filter(events::subject_id.eq(id)).filter(moves);
    }
    let query = query.filter(window.after()).order(window.order()).limit(window.rows());
    let mut rows: Vec<EventOut> =
        query.select(EventOut::as_select()).load(&mut &*access.worker.db.reader().await?).await?;
    open(access, &mut rows.iter_mut().collect::<Vec<_>>()).await?;
    Ok(window.page(rows, None))
}

/// Which resources' events a role reads, by the access table.
pub(super) struct Rights {
    all: Vec<&'static str>,
    pub shared: Vec<&'static str>,
    own: Vec<&'static str>,
    /// How an audience names the caller.
    pub parties: Vec<String>,
}

impl Rights {
    /// All that the role reads any rows of.
    pub fn resources(&self) -> Vec<&'static str> {
        [&self.all[..], &self.shared, &self.own].concat()
    }

    pub fn of(actor: &Actor) -> Self {
        let of = |rows: Rows| {
            let mine = RESOURCES.iter().filter(move |(_, read)| actor.rows(*read) == rows);
            mine.map(|(resource, _)| *resource).collect()
        };
        Self {
            all: of(Rows::All),
            shared: of(Rows::Shared),
            own: of(Rows::Own),
            parties: vec![actor.party.to_string(), actor.party.all_of_its_kind()],
        }
    }
}

/// Each kind of record in the log, and the permission that reads it.
pub const RESOURCES: &[(&str, Permission)] = &[
    ("institution", Permission::ReadInstitutions),
    ("mentor", Permission::ReadMentors),
    ("person", Permission::ReadPersons),
    ("consent", Permission::ReadConsents),
    ("business", Permission::ReadBusinesses),
    ("business_role", Permission::ReadPeople),
    ("snapshot", Permission::ReadBusinesses),
    ("product", Permission::ReadBusinesses),
    ("certification", Permission::ReadCertifications),
    ("mentor_qualification", Permission::ReadQualifications),
    ("mentor_interest", Permission::ReadInterests),
    ("cohort", Permission::ReadCohorts),
    ("participant", Permission::ReadParticipants),
    ("mentorship", Permission::ReadMentorships),
    ("objective", Permission::ReadObjectives),
    ("session", Permission::ReadSessions),
    ("plan", Permission::ReadPlans),
    ("instrument", Permission::ReadInstruments),
    ("assessment", Permission::ReadAssessments),
    ("hand_over", Permission::ReadHandOvers),
    ("capital_referral", Permission::ReadReferrals),
    ("cooperative", Permission::ReadCooperatives),
    ("enrollment", Permission::ReadEnrollments),
    ("agreed_action", Permission::ReadAgreedActions),
    ("outcome", Permission::ReadOutcomes),
    ("follow_up_wave", Permission::ReadFollowUpWaves),
    ("follow_up", Permission::ReadFollowUps),
    ("attachment", Permission::ReadAttachments),
    ("business_attachment", Permission::ReadBusinessFiles),
    ("person_attachment", Permission::ReadPersonFiles),
    ("mentor_attachment", Permission::ReadMentorFiles),
    ("session_attachment", Permission::ReadSessionFiles),
    ("objective_attachment", Permission::ReadObjectiveFiles),
    ("assessment_attachment", Permission::ReadAssessmentFiles),
    ("capital_referral_attachment", Permission::ReadReferralFiles),
    ("enrollment_attachment", Permission::ReadEnrollmentFiles),
    ("certification_attachment", Permission::ReadCertificationFiles),
    ("outcome_attachment", Permission::ReadOutcomeFiles),
    ("export", Permission::ReadExports),
    ("calendar_link", Permission::ReadNotices),
    ("notification", Permission::ReadNotices),
    ("notification_settings", Permission::ReadNotices),
    ("webhook_endpoint", Permission::ReadWebhooks),
    ("merge", Permission::ReadMerges),
    ("sync_run", Permission::ReadSyncRuns),
    ("invitation", Permission::ReadInvitations),
    ("user", Permission::ReadUsers),
    ("client", Permission::ReadClients),
];

/// Decrypts what the caller may see, and blanks what not: what a role does not see of a record, it does
/// not see of its past either.
pub(super) async fn open(access: &Access, rows: &mut [&mut EventOut]) -> Result<()> {
    let mut subjects = HashSet::new();
    rows.iter().for_each(|row| sealed(&row.data, &mut subjects));
    let keys = access.subject_keys(&subjects.into_iter().collect::<Vec<_>>()).await?;
    for row in rows {
        let resource = row.kind.split('.').next().unwrap_or_default();
        let read = RESOURCES.iter().find(|(name, _)| *name == resource).map(|(_, read)| *read);
        if let (Some(read), Some(data)) = (read, row.data.as_object_mut()) {
            let view = View::over(&access.actor, read);
            data.values_mut().for_each(|part| view.blank(part));
            view.blank(&mut row.data);
        }
        let parts = row.data.as_object_mut().into_iter().flat_map(|data| data.values_mut());
        parts.for_each(|part| unseal(part, "", &keys));
    }
    Ok(())
}

fn sealed(value: &Value, subjects: &mut HashSet<Uuid>) {
    match value {
        Value::Object(members) => match subject_of(value) {
            Some(subject) => drop(subjects.insert(subject)),
            None => members.values().for_each(|member| sealed(member, subjects)),
        },
        Value::Array(items) => items.iter().for_each(|item| sealed(item, subjects)),
        _ => (),
    }
}

/// Decrypts in place; what was encrypted with a key that is gone becomes null. `path` is the field's.
fn unseal(value: &mut Value, path: &str, keys: &HashMap<Uuid, SubjectKey>) {
    if let Some(subject) = subject_of(value) {
        let opened = keys.get(&subject).and_then(|key| key.open_json(subject, path, value).ok());
        *value = opened.unwrap_or(Value::Null);
        return;
    }
    let below = |name: &str| if path.is_empty() { name.to_owned() } else { format!("{path}.{name}") };
    for (name, member) in value.as_object_mut().into_iter().flatten() {
        unseal(member, &below(name), keys);
    }
}
