//! What clients ask and get.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use utoipa::{IntoParams, ToSchema};
use uuid::Uuid;

use crate::{
    access::Role,
    http::OneOf,
    ids::{BusinessId, EventId},
    log::Passed,
};

#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub struct Asked {
    /// The cursor of the page before, or of `/v1/changes/start`; without one, from the first event on.
    #[param(max_length = 200)]
    pub after: Option<String>,
    /// Instead of a cursor, the last event that was received: by a webhook, say.
    pub after_id: Option<EventId>,
    /// Only of these: `business`, `business.updated`.
    #[param(inline)]
    pub types: Option<OneOf<String>>,
    #[param(minimum = 1, maximum = 1000, default = 200)]
    pub limit: Option<usize>,
    /// Seconds to wait for a change where there is none yet.
    #[param(minimum = 0, maximum = 30, default = 0)]
    pub wait: Option<u64>,
}

#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub struct Start {
    /// As they will be asked for.
    #[param(inline)]
    pub types: Option<OneOf<String>>,
}

/// A place in the feed.
#[derive(Serialize, ToSchema)]
pub struct ChangesStart {
    /// For `after`: everything that happens from now on comes behind it. What is fetched afterwards is no older.
    pub cursor: String,
    pub expires_at: DateTime<Utc>,
}

#[derive(Serialize, ToSchema)]
pub struct Changes {
    pub data: Vec<Change>,
    /// For `after`, also where there was nothing; good for ninety days.
    pub next_cursor: String,
    /// There is more already: ask again without waiting.
    pub has_more: bool,
}

/// One change of one record.
#[derive(Serialize, ToSchema)]
pub struct Change {
    /// The same in the record's history and in webhooks: whoever has seen it need not look again.
    pub id: EventId,
    #[serde(rename = "type")]
    #[schema(example = "business.updated")]
    pub kind: String,
    /// What kind of record it is.
    #[schema(example = "business")]
    pub resource: String,
    pub subject_id: Uuid,
    /// The version that the record had then: one that is not newer than yours is known already.
    #[schema(example = 3)]
    pub subject_version: i64,
    /// The business that it belongs to.
    pub business_id: Option<BusinessId>,
    pub occurred_at: DateTime<Utc>,
    pub actor_role: Role,
    pub caused_by: Option<EventId>,
    /// The record was deleted, or is no longer yours to see: drop it, and with a business what belongs to it.
    #[schema(example = false)]
    pub tombstone: bool,
    /// Of what was merged, the record that goes on.
    pub merged_into: Option<Uuid>,
    /// The changed fields `before` and `after`, as you may read them today; null of what you may not.
    #[schema(value_type = Option<Object>, example = json!({"before": {"name": "Dapur"}, "after": {"name": "Dapur Siti"}}))]
    pub data: Option<Value>,
}

impl From<Passed> for Change {
    fn from(Passed { event, resource, business_id, lost, readable, .. }: Passed) -> Self {
        let merged_into = event.data.get("with").filter(|_| event.kind.ends_with(".merged"));
        let merged_into = merged_into.and_then(Value::as_str).and_then(|id| Uuid::parse_str(id).ok());
        let tombstone = lost || event.kind.ends_with(".deleted");
        Self {
            id: event.id,
            kind: event.kind,
            resource,
            subject_id: event.subject_id,
            subject_version: event.subject_version,
            business_id,
            occurred_at: event.occurred_at,
            actor_role: event.actor_role,
            caused_by: event.caused_by,
            tombstone,
            merged_into,
            data: (readable && !tombstone).then_some(event.data),
        }
    }
}
