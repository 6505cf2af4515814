//! Queries on `clients`.

use std::rc::Rc;

use aws_lc_rs::constant_time::verify_slices_are_equal;
use chrono::{DateTime, Duration, Utc};
use diesel::prelude::*;
use diesel_async::RunQueryDsl;

use super::payloads::{Client, ClientFields, ClientFilter, Status};
use crate::{
    access::{Access, Reach, Visible},
    db::{Every, Nothing, schema::clients},
    error::{ApiError, Result},
    http::{Page, Query, narrow, page, query::containing},
    identifiers::codes::is_code,
    ids::UserId,
    records::{Gathered, Tx, gather},
    worker::Worker,
};

/// How long a secret is good; and the one before it, once there is a new one.
const LIFE: Duration = Duration::days(365);
const OVERLAP: Duration = Duration::days(30);

/// The administrator sees all, and nobody else any.
fn visible_to(reach: Reach) -> Visible<clients::table> {
    match reach {
        Reach::All => Box::new(Every),
        Reach::Own(_) | Reach::Shared(_) => Box::new(Nothing),
    }
}

impl Gathered for Client {
    async fn fetch(worker: &Worker, reach: Reach, ids: &[UserId]) -> Result<Vec<Self>> {
        let query = clients::table.filter(visible_to(reach)).filter(clients::id.eq_any(ids));
        Ok(query.select(Self::as_select()).load(&mut &*worker.db.reader().await?).await?)
    }
}

pub async fn find(access: &Access, id: UserId) -> Result<Rc<Client>> {
    gather::one(access, id).await
}

pub async fn list(access: &Access, Query { filter, window }: Query<ClientFilter>) -> Result<Page<Client>> {
    let rows = || {
        let mut query = clients::table.filter(visible_to(access.reach)).into_boxed();
        narrow!(query by filter => clients: client_id, role, subject_id, status);
        if let Some(q) = &filter.q {
            query = query.filter(clients::name.ilike(containing(q)));
        }
        query
    };
    page!(access, window, rows(), Client)
}

pub async fn insert(tx: &Tx<'_>, fields: &ClientFields, secret_mac: Vec<u8>) -> Result<Rc<Client>> {
    let known = clients::table.filter(clients::client_id.eq(&fields.client_id)).select(clients::id);
    let known: Option<UserId> = known.first(&mut tx.sql()).await.optional()?;
    if let Some(known) = known {
        let of = Some(format!("/v1/clients/{known}"));
        return Err(ApiError::Duplicate { what: "client_id".to_owned(), of });
    }
    let new = (
        clients::id.eq(UserId::generate()),
        fields,
        clients::secret_mac.eq(secret_mac),
        clients::secret_expires_at.eq(tx.now + LIFE),
        clients::created_at.eq(tx.now),
        clients::updated_at.eq(tx.now),
    );
    let insert = diesel::insert_into(clients::table).values(new).returning(Client::as_returning());
    Ok(Rc::new(insert.get_result(&mut tx.sql()).await?))
}

/// Reads a client and holds its row until the transaction ends.
pub async fn lock(tx: &Tx<'_>, reach: Reach, id: UserId) -> Result<Client> {
    let query = clients::table.find(id).filter(visible_to(reach)).select(Client::as_select());
    Ok(query.for_update().first(&mut tx.sql()).await?)
}

pub async fn update(tx: &Tx<'_>, id: UserId, fields: &ClientFields) -> Result<Rc<Client>> {
    let change = (fields, clients::version.eq(clients::version + 1), clients::updated_at.eq(tx.now));
    let update = diesel::update(clients::table.find(id)).set(change).returning(Client::as_returning());
    Ok(Rc::new(update.get_result(&mut tx.sql()).await?))
}

/// The newest secret becomes the one before; the one before is good no more.
pub async fn rotate(tx: &Tx<'_>, before: &Client, secret_mac: Vec<u8>) -> Result<Rc<Client>> {
    let change = (
        clients::previous_secret_mac.eq(clients::secret_mac.nullable()),
        clients::previous_secret_expires_at.eq(before.secret_expires_at.min(tx.now + OVERLAP)),
        clients::secret_mac.eq(secret_mac),
        clients::secret_expires_at.eq(tx.now + LIFE),
        clients::version.eq(clients::version + 1),
        clients::updated_at.eq(tx.now),
    );
    let update = diesel::update(clients::table.find(before.id)).set(change);
    Ok(Rc::new(update.returning(Client::as_returning()).get_result(&mut tx.sql()).await?))
}

/// What a token request is judged by.
#[derive(Queryable, Selectable)]
#[diesel(table_name = clients)]
pub struct Secrets {
    pub id: UserId,
    #[diesel(embed)]
    pub fields: ClientFields,
    secret_mac: Vec<u8>,
    secret_expires_at: DateTime<Utc>,
    previous_secret_mac: Option<Vec<u8>>,
    previous_secret_expires_at: Option<DateTime<Utc>>,
}

impl Secrets {
    pub fn accept(&self, mac: &[u8], now: DateTime<Utc>) -> bool {
        let same = |kept: &[u8]| verify_slices_are_equal(kept, mac).is_ok();
        let previous = self.previous_secret_mac.as_deref().zip(self.previous_secret_expires_at);
        self.fields.status == Status::Active
            && (same(&self.secret_mac) && now < self.secret_expires_at
                || previous.is_some_and(|(kept, ends)| same(kept) && now < ends))
    }
}

pub async fn by_client_id(worker: &Worker, client_id: &str) -> Result<Option<Secrets>> {
    if !is_code(client_id) {
        return Ok(None);
    }
    let query = clients::table.filter(clients::client_id.eq(client_id)).select(Secrets::as_select());
    Ok(query.first(&mut &*worker.db.reader().await?).await.optional()?)
}

/// Not part of the representation: it would move its version with each token.
pub async fn note_use(worker: &Worker, id: UserId, now: DateTime<Utc>) -> Result<()> {
    let update = diesel::update(clients::table.find(id)).set(clients::last_used_at.eq(now));
    update.execute(&mut &*worker.db.reader().await?).await?;
    Ok(())
}

pub async fn name_of(worker: &Worker, id: UserId) -> Result<Option<String>> {
    let query = clients::table.find(id).select(clients::name);
    Ok(query.first(&mut &*worker.db.reader().await?).await.optional()?)
}
