//! Queries on `webhook_endpoints`. Every read starts from `visible_to`; the secrets are read to sign, and by nothing
//! else.

use std::rc::Rc;

use chrono::{DateTime, Duration, Utc};
use diesel::prelude::*;
use diesel_async::RunQueryDsl;

use super::{
    owner::Owner,
    payloads::{Because, Status, Webhook, WebhookFields, WebhookFilter},
    rules::belongs_to,
};
use crate::{
    access::{Access, Reach, Visible},
    db::{Connection, Every, Nothing, schema::webhook_endpoints},
    error::{ApiError, Result},
    http::{Page, Query, narrow, page},
    ids::WebhookId,
    records::{Gathered, Tx, gather},
    worker::Worker,
};

/// How long the secret before the newest signs too.
const OVERLAP: Duration = Duration::hours(24);

/// The administrator sees all, a party its own.
fn visible_to(reach: Reach) -> Visible<webhook_endpoints::table> {
    match reach {
        Reach::All => Box::new(Every),
        Reach::Own(party) => Box::new(webhook_endpoints::party.eq(party.to_string())),
        Reach::Shared(_) => Box::new(Nothing),
    }
}

impl Gathered for Webhook {
    async fn fetch(worker: &Worker, reach: Reach, ids: &[WebhookId]) -> Result<Vec<Self>> {
        let query =
            webhook_endpoints::table.filter(visible_to(reach)).filter(webhook_endpoints::id.eq_any(ids));
        Ok(query.select(Self::as_select()).load(&mut &*worker.db.reader().await?).await?)
    }
}

pub async fn find(access: &Access, id: WebhookId) -> Result<Rc<Webhook>> {
    gather::one(access, id).await
}

pub async fn list(access: &Access, Query { filter, window }: Query<WebhookFilter>) -> Result<Page<Webhook>> {
    let rows = || {
        let mut query = webhook_endpoints::table.filter(visible_to(access.reach)).into_boxed();
        narrow!(query by filter => webhook_endpoints: status, client_id);
        query
    };
    page!(access, window, rows(), Webhook)
}

/// How many the caller's party and client have.
pub async fn count(tx: &Tx<'_>) -> Result<i64> {
    let own = webhook_endpoints::table.filter(webhook_endpoints::party.eq(tx.actor.party.to_string()));
    let own = own.filter(webhook_endpoints::client_id.eq(&tx.actor.client));
    Ok(own.count().get_result(&mut tx.sql()).await?)
}

pub async fn insert(
    tx: &Tx<'_>,
    id: WebhookId,
    fields: &WebhookFields,
    secret: &[u8],
) -> Result<Rc<Webhook>> {
    let new = (
        webhook_endpoints::id.eq(id),
        webhook_endpoints::party.eq(tx.actor.party.to_string()),
        webhook_endpoints::secret_sealed.eq(secret),
        webhook_endpoints::created_at.eq(tx.now),
        webhook_endpoints::updated_at.eq(tx.now),
        fields,
        Owner::of(&tx.actor),
    );
    let insert = diesel::insert_into(webhook_endpoints::table).values(new);
    Ok(Rc::new(insert.returning(Webhook::as_returning()).get_result(&mut tx.sql()).await?))
}

/// Reads an endpoint and holds its row until the transaction ends.
pub async fn lock(tx: &Tx<'_>, reach: Reach, id: WebhookId) -> Result<Webhook> {
    let query = webhook_endpoints::table.find(id).filter(visible_to(reach)).select(Webhook::as_select());
    Ok(query.for_update().first(&mut tx.sql()).await?)
}

/// The same, for what only the client does to which it belongs.
pub async fn lock_own(tx: &Tx<'_>, id: WebhookId) -> Result<Webhook> {
    let webhook = lock(tx, tx.reach, id).await?;
    if belongs_to(&webhook, &tx.actor) { Ok(webhook) } else { Err(ApiError::NotFound) }
}

/// It follows with the rights of the caller from now on.
pub async fn update(tx: &Tx<'_>, id: WebhookId, fields: &WebhookFields) -> Result<Rc<Webhook>> {
    let change = (
        fields,
        Owner::of(&tx.actor),
        webhook_endpoints::version.eq(webhook_endpoints::version + 1),
        webhook_endpoints::updated_at.eq(tx.now),
    );
    let update = diesel::update(webhook_endpoints::table.find(id)).set(change);
    Ok(Rc::new(update.returning(Webhook::as_returning()).get_result(&mut tx.sql()).await?))
}

/// With a clean slate, where it is enabled.
pub async fn set_status(
    tx: &Tx<'_>,
    id: WebhookId,
    status: Status,
    because: Option<Because>,
) -> Result<Rc<Webhook>> {
    let change = (
        webhook_endpoints::status.eq(status),
        webhook_endpoints::disabled_because.eq(because),
        webhook_endpoints::failing_since.eq(None::<DateTime<Utc>>),
        webhook_endpoints::version.eq(webhook_endpoints::version + 1),
        webhook_endpoints::updated_at.eq(tx.now),
    );
    let update = diesel::update(webhook_endpoints::table.find(id)).set(change);
    Ok(Rc::new(update.returning(Webhook::as_returning()).get_result(&mut tx.sql()).await?))
}

/// The newest becomes the one before; the one before is good no more.
pub async fn rotate(tx: &Tx<'_>, id: WebhookId, secret: &[u8]) -> Result<Rc<Webhook>> {
    let change = (
        webhook_endpoints::previous_secret_sealed.eq(webhook_endpoints::secret_sealed.nullable()),
        webhook_endpoints::previous_secret_ends_at.eq(tx.now + OVERLAP),
        webhook_endpoints::secret_sealed.eq(secret),
        webhook_endpoints::version.eq(webhook_endpoints::version + 1),
        webhook_endpoints::updated_at.eq(tx.now),
    );
    let update = diesel::update(webhook_endpoints::table.find(id)).set(change);
    Ok(Rc::new(update.returning(Webhook::as_returning()).get_result(&mut tx.sql()).await?))
}

pub async fn delete(tx: &Tx<'_>, id: WebhookId) -> Result<()> {
    diesel::delete(webhook_endpoints::table.find(id)).execute(&mut tx.sql()).await?;
    Ok(())
}

/// What it takes to send.
#[derive(Queryable, Selectable)]
#[diesel(table_name = webhook_endpoints)]
pub struct Sending {
    pub id: WebhookId,
    #[diesel(embed)]
    pub fields: WebhookFields,
    #[diesel(embed)]
    pub owner: Owner,
    secret_sealed: Vec<u8>,
    previous_secret_sealed: Option<Vec<u8>>,
    previous_secret_ends_at: Option<DateTime<Utc>>,
    pub failing_since: Option<DateTime<Utc>>,
}

impl Sending {
    /// Those that sign, sealed, the newest first.
    pub fn secrets(&self, now: DateTime<Utc>) -> Vec<&[u8]> {
        let still = self.previous_secret_ends_at.is_some_and(|ends| now < ends);
        let previous = self.previous_secret_sealed.as_deref().filter(|_| still);
        std::iter::once(self.secret_sealed.as_slice()).chain(previous).collect()
    }
}

/// None where it was deleted meanwhile.
pub async fn to_send(worker: &Worker, id: WebhookId) -> Result<Option<Sending>> {
    let query = webhook_endpoints::table.find(id).select(Sending::as_select());
    Ok(query.first(&mut &*worker.db.reader().await?).await.optional()?)
}

/// Something was taken, or the address is another.
pub async fn forget_failures(mut sql: &Connection, id: WebhookId) -> Result<()> {
    let update = diesel::update(webhook_endpoints::table.find(id));
    update.set(webhook_endpoints::failing_since.eq(None::<DateTime<Utc>>)).execute(&mut sql).await?;
    Ok(())
}

/// Something was not taken; the answer is since when nothing was.
pub async fn note_failure(worker: &Worker, id: WebhookId, now: DateTime<Utc>) -> Result<DateTime<Utc>> {
    let first = diesel::update(webhook_endpoints::table.find(id))
        .filter(webhook_endpoints::failing_since.is_null())
        .set(webhook_endpoints::failing_since.eq(now));
    first.execute(&mut &*worker.db.reader().await?).await?;
    let since = webhook_endpoints::table.find(id).select(webhook_endpoints::failing_since);
    let since: Option<Option<DateTime<Utc>>> =
        since.first(&mut &*worker.db.reader().await?).await.optional()?;
    Ok(since.flatten().unwrap_or(now))
}
