//! What clients send and get, which is also what the table keeps; but for the secrets.

use chrono::{DateTime, Utc};
use diesel::prelude::*;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use crate::{
    access::Party,
    db::schema::webhook_endpoints,
    http::{Filter, OneOf, Sort},
    ids::{EventId, WebhookId},
    records::record,
    text_enum::text_enum,
};

text_enum! {
    #[schema(as = WebhookStatus)]
    Status {
        Enabled = "enabled",
        Disabled = "disabled",
    }
}

text_enum! {
    #[schema(as = WebhookAction)]
    Action {
        Enable = "enable",
        Disable = "disable",
    }
}

text_enum! {
    /// Why the service disabled it: it answered 410; nothing was taken for five days; the account that set it was
    /// disabled, or is no longer what it was.
    #[schema(as = WebhookDisabledBecause)]
    Because {
        Gone = "gone",
        Failing = "failing",
        OwnerDisabled = "owner_disabled",
    }
}

text_enum! {
    /// How much a message says: which record changed, to which version; or the whole change, as `/v1/changes` has it.
    #[schema(as = WebhookPayload)]
    Payload {
        Thin = "thin",
        Full = "full",
    }
}

/// What a client may set: whole in POST, in parts by PATCH.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema, Queryable, Selectable, Insertable, AsChangeset)]
#[diesel(table_name = webhook_endpoints, treat_none_as_null = true, treat_none_as_default_value = false)]
#[serde(deny_unknown_fields)]
#[schema(as = CreateWebhook)]
pub struct WebhookFields {
    /// `https`, at port 443 or 8443, on the public internet.
    #[schema(max_length = 500, example = "https://siakad.kampus.example/webhooks/seribu")]
    pub url: String,
    /// Only of these: `business`, `business.updated`. All, where there are none.
    #[serde(default)]
    #[schema(max_items = 100, example = json!(["mentorship", "session.held"]))]
    pub types: Vec<String>,
    #[serde(default = "thin")]
    #[schema(default = "thin")]
    pub payload: Payload,
    #[schema(format = "single_line", max_length = 200, example = "Sistem akademik")]
    pub description: Option<String>,
}

fn thin() -> Payload {
    Payload::Thin
}

#[derive(Debug, Clone, Serialize, ToSchema, Queryable, Selectable)]
#[diesel(table_name = webhook_endpoints)]
pub struct Webhook {
    pub id: WebhookId,
    #[serde(flatten)]
    #[diesel(embed)]
    pub fields: WebhookFields,
    pub status: Status,
    pub disabled_because: Option<Because>,
    /// The party that it belongs to, as in events.
    #[schema(example = "institution:01948f5e-7a00-7000-8000-000000000001")]
    pub party: String,
    /// The client that it belongs to.
    #[schema(example = "siakad-ut")]
    pub client_id: String,
    /// Until then messages are signed with the secret before the newest, too.
    pub previous_secret_ends_at: Option<DateTime<Utc>>,
    #[schema(example = 1)]
    pub version: i64,
    pub created_at: DateTime<Utc>,
    pub updated_at: DateTime<Utc>,
}

record!(Webhook: WebhookId, "webhook_endpoint", ReadWebhooks {
    fn named(&self) -> Vec<Party> {
        Party::parse(&self.party).into_iter().collect()
    }
});

/// A secret to verify messages with, which is shown this once.
#[derive(Debug, Serialize, ToSchema)]
pub struct WebhookSecret {
    pub id: WebhookId,
    #[schema(example = "whsec_C2FVsBQIhrscChlQIMV+b5sSYspob7oDC2FVsBQIhrs=")]
    pub secret: String,
}

/// A message that is on its way, once, to be found among the deliveries.
#[derive(Debug, Serialize, ToSchema)]
pub struct WebhookTest {
    pub event_id: EventId,
}

/// An action, and the fields that it needs.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct MoveWebhook {
    pub action: Action,
    #[schema(min_length = 1, max_length = 2000, example = "Pindah server")]
    pub note: Option<String>,
}

/// What is to be sent once more: one event, or all from one on.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ReplayWebhook {
    #[schema(example = "01948f5e-7a00-7000-8000-000000000001")]
    pub event_id: Option<EventId>,
    /// The id of the first event, or a time, at most thirty days ago.
    #[schema(max_length = 40)]
    pub from: Option<String>,
    /// The id of the last event, or a time; without one, up to now.
    #[schema(max_length = 40)]
    pub to: Option<String>,
}

#[derive(Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
pub struct WebhookFilter {
    #[param(inline)]
    pub status: Option<OneOf<Status>>,
    #[param(inline)]
    pub client_id: Option<OneOf<String>>,
}

impl Filter for WebhookFilter {
    const SORTS: &'static [Sort] = &[Sort("created_at", "timestamptz"), Sort("updated_at", "timestamptz")];
}
