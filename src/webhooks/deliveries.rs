//! Attempts to deliver, as they are kept and shown, for thirty days.

use chrono::{DateTime, Duration, Utc};
use diesel::prelude::*;
use diesel_async::RunQueryDsl;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use super::lanes::Kind;
use crate::{
    access::{Access, Permission},
    db::schema::webhook_deliveries,
    error::Result,
    http::{Filter, OneOf, Page, Query, Sort, narrow, page},
    ids::{DeliveryId, EventId, WebhookId},
    log::Job,
    records::Record,
    text_enum::text_enum,
    worker::Worker,
};

/// How long an attempt is kept, and how old an event may be to be sent once more.
pub const KEPT: Duration = Duration::days(30);

text_enum! {
    /// Answered 2xx; not, and to be tried again; not to be tried again, but it can be replayed.
    #[schema(as = WebhookDeliveryStatus)]
    Status {
        Succeeded = "succeeded",
        Failed = "failed",
        GivenUp = "given_up",
    }
}

text_enum! {
    /// Why there was no answer: the address is none of the public internet; nobody was there, or the certificate is
    /// another's; it took too long; the connection ended too soon.
    #[schema(as = WebhookDeliveryError)]
    NoAnswer {
        AddressRefused = "address_refused",
        NotReached = "not_reached",
        TimedOut = "timed_out",
        CutOff = "cut_off",
    }
}

/// One attempt to deliver a message.
#[derive(Debug, Serialize, ToSchema, Queryable, Selectable, Insertable)]
#[diesel(table_name = webhook_deliveries, treat_none_as_default_value = false)]
#[schema(as = WebhookDelivery)]
pub struct Delivery {
    pub id: DeliveryId,
    #[serde(skip)]
    pub endpoint_id: WebhookId,
    pub lane: Kind,
    /// As in `/v1/changes`, and in the header `webhook-id`.
    pub event_id: EventId,
    #[serde(rename = "type")]
    #[schema(example = "session.held")]
    pub kind: String,
    #[schema(example = 1)]
    pub attempt: i32,
    pub status: Status,
    #[schema(example = 200)]
    pub http_status: Option<i32>,
    /// Null where there was an answer.
    pub error: Option<NoAnswer>,
    #[schema(example = 83)]
    pub duration_ms: i32,
    /// The first 4 KiB of it, without secrets and what was sent.
    #[schema(example = "ok")]
    pub answer: Option<String>,
    pub next_attempt_at: Option<DateTime<Utc>>,
    pub created_at: DateTime<Utc>,
}

impl Record for Delivery {
    type Id = DeliveryId;
    const KIND: &'static str = "webhook_delivery";
    /// Not asked: whoever may read the endpoint may read what became of its messages.
    const READ: Permission = Permission::ReadWebhooks;
    const SHOWN_WHOLE: bool = true;

    fn id(&self) -> DeliveryId {
        self.id
    }
    fn version(&self) -> i64 {
        1
    }
    fn updated_at(&self) -> DateTime<Utc> {
        self.created_at
    }
}

#[derive(Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
pub struct DeliveryFilter {
    #[param(inline)]
    pub event_id: Option<OneOf<EventId>>,
    #[serde(rename = "type")]
    #[param(inline)]
    pub kind: Option<OneOf<String>>,
    #[param(inline)]
    pub status: Option<OneOf<Status>>,
}

impl Filter for DeliveryFilter {
    const SORTS: &'static [Sort] = &[Sort("created_at", "timestamptz")];
}

pub async fn list(
    access: &Access,
    of: WebhookId,
    Query { filter, window }: Query<DeliveryFilter>,
) -> Result<Page<Delivery>> {
    let rows = || {
        let mut query = webhook_deliveries::table.filter(webhook_deliveries::endpoint_id.eq(of)).into_boxed();
        narrow!(query by filter => webhook_deliveries: event_id, kind, status);
        query
    };
    page!(access, window, rows(), Delivery)
}

pub async fn keep(worker: &Worker, delivery: &Delivery) -> Result<()> {
    let insert = diesel::insert_into(webhook_deliveries::table).values(delivery);
    insert.execute(&mut &*worker.db.reader().await?).await?;
    Ok(())
}

pub const FORGET: Job = Job {
    name: "forget_webhook_deliveries",
    every: Duration::hours(1),
    work: |tx| {
        Box::pin(async move {
            let old = webhook_deliveries::table.filter(webhook_deliveries::created_at.lt(tx.now - KEPT));
            diesel::delete(old).execute(&mut tx.sql()).await?;
            Ok(vec![])
        })
    },
};
