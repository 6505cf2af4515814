//! Queries on `consents`. Every read starts from `visible_to`.

use std::rc::Rc;

use chrono::{DateTime, Utc};
use diesel::prelude::*;
use diesel_async::RunQueryDsl;
use uuid::Uuid;

use super::payloads::{Consent, ConsentFields, ConsentFilter, Purpose, Status};
use crate::{
    access::{Access, Party, Reach, Visible},
    db::{Every, Nothing, schema::consents, word},
    error::{ApiError, Result},
    http::{Page, Query, narrow, page},
    ids::{ConsentId, PersonId},
    persons::store::NOW_IN_BUSINESSES,
    records::{Gathered, Tx, gather, shared_through},
    worker::Worker,
};

/// Who sees a person by the same reach.
fn visible_to(reach: Reach) -> Visible<consents::table> {
    match reach {
        Reach::All => Box::new(Every),
        Reach::Own(Party::Person(id)) => Box::new(consents::person_id.eq(id)),
        Reach::Own(_) => Box::new(Nothing),
        Reach::Shared(party) => Box::new(shared_through(party, "consents.person_id", NOW_IN_BUSINESSES)),
    }
}

impl Gathered for Consent {
    async fn fetch(worker: &Worker, reach: Reach, ids: &[ConsentId]) -> Result<Vec<Self>> {
        let query = consents::table.filter(visible_to(reach)).filter(consents::id.eq_any(ids));
        Ok(query.select(Self::as_select()).load(&mut &*worker.db.reader().await?).await?)
    }
}

pub async fn find(access: &Access, person: PersonId, id: ConsentId) -> Result<Rc<Consent>> {
    let found = gather::one::<Consent>(access, id).await?;
    if found.person_id == person { Ok(found) } else { Err(ApiError::NotFound) }
}

pub async fn list(
    access: &Access,
    person: PersonId,
    Query { filter, window }: Query<ConsentFilter>,
) -> Result<Page<Consent>> {
    let rows = || {
        let mut query = consents::table.filter(visible_to(access.reach)).into_boxed();
        narrow!(query by filter => consents: purpose, status);
        query.filter(consents::person_id.eq(person))
    };
    page!(access, window, rows(), Consent)
}

pub async fn insert(
    tx: &Tx<'_>,
    person: PersonId,
    fields: &ConsentFields,
    given_at: DateTime<Utc>,
) -> Result<Rc<Consent>> {
    let new = (
        consents::id.eq(ConsentId::generate()),
        consents::person_id.eq(person),
        consents::status.eq(Status::Given),
        consents::given_at.eq(given_at),
        consents::withdrawn_at.eq(None::<DateTime<Utc>>),
        consents::created_at.eq(tx.now),
        consents::updated_at.eq(tx.now),
        fields,
    );
    let insert = diesel::insert_into(consents::table).values(new);
    Ok(Rc::new(insert.returning(Consent::as_returning()).get_result(&mut tx.sql()).await?))
}

pub async fn lock(tx: &Tx<'_>, reach: Reach, person: PersonId, id: ConsentId) -> Result<Consent> {
    let query = consents::table.find(id).filter(visible_to(reach)).filter(consents::person_id.eq(person));
    Ok(query.select(Consent::as_select()).for_update().first(&mut tx.sql()).await?)
}

/// One that its event names, not its person.
pub async fn by_id(tx: &Tx<'_>, reach: Reach, id: ConsentId) -> Result<Consent> {
    let query = consents::table.find(id).filter(visible_to(reach)).select(Consent::as_select());
    Ok(query.for_update().first(&mut tx.sql()).await?)
}

pub async fn withdraw(tx: &Tx<'_>, id: ConsentId) -> Result<Rc<Consent>> {
    let change = (
        consents::status.eq(Status::Withdrawn),
        consents::withdrawn_at.eq(tx.now),
        consents::version.eq(consents::version + 1),
        consents::updated_at.eq(tx.now),
    );
    let update = diesel::update(consents::table.find(id)).set(change);
    Ok(Rc::new(update.returning(Consent::as_returning()).get_result(&mut tx.sql()).await?))
}

/// A consent that stands, the latest given. It cannot be withdrawn before the transaction ends.
pub async fn consent(
    tx: &Tx<'_>,
    person: PersonId,
    purpose: Purpose,
    receiver: Option<Uuid>,
) -> Result<Option<ConsentId>> {
    let of_person = consents::table.filter(consents::person_id.eq(person)).select(consents::id);
    let standing = of_person
        .filter(consents::status.eq(word(Status::Given)))
        .filter(consents::purpose.eq(purpose))
        .filter(consents::receiver_id.is_not_distinct_from(receiver))
        .order((consents::given_at.desc(), consents::id.desc()));
    Ok(standing.for_share().first(&mut tx.sql()).await.optional()?)
}

/// One that stands already, to the same, in the same words.
pub async fn same(tx: &Tx<'_>, person: PersonId, fields: &ConsentFields) -> Result<Option<ConsentId>> {
    let of_person = consents::table.filter(consents::person_id.eq(person)).select(consents::id);
    let same = of_person
        .filter(consents::status.eq(word(Status::Given)))
        .filter(consents::purpose.eq(fields.purpose))
        .filter(consents::receiver_id.is_not_distinct_from(fields.receiver_id))
        .filter(consents::text_version.eq(fields.text_version));
    Ok(same.first(&mut tx.sql()).await.optional()?)
}
