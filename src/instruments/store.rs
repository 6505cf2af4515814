//! Queries on `instruments`. Every read starts from `visible_to`.

use std::rc::Rc;

use diesel::prelude::*;
use diesel_async::RunQueryDsl;

use super::{
    document::{Document, Status},
    payloads::{Course, Instrument, InstrumentFields, InstrumentFilter, ListedInstrument},
};
use crate::{
    access::{Access, Permission, Reach, Visible},
    db::{Every, Nothing, schema::instruments},
    error::{ApiError, Result},
    http::{Code, Page, Query, narrow, page},
    ids::InstrumentId,
    records::{Gathered, Tx, gather},
    worker::Worker,
};

/// Who does not write instruments sees those that were published.
fn visible_to(reach: Reach) -> Visible<instruments::table> {
    match reach {
        Reach::All => Box::new(Every),
        Reach::Own(_) => Box::new(instruments::status.ne(Status::Draft)),
        Reach::Shared(_) => Box::new(Nothing),
    }
}

impl Gathered for Instrument {
    async fn fetch(worker: &Worker, reach: Reach, ids: &[InstrumentId]) -> Result<Vec<Self>> {
        let query = instruments::table.filter(visible_to(reach)).filter(instruments::id.eq_any(ids));
        Ok(query.select(Self::as_select()).load(&mut &*worker.db.reader().await?).await?)
    }
}

pub async fn find(access: &Access, id: InstrumentId) -> Result<Rc<Instrument>> {
    gather::one(access, id).await
}

pub async fn list(
    access: &Access,
    Query { filter, window }: Query<InstrumentFilter>,
) -> Result<Page<ListedInstrument>> {
    let rows = || {
        let mut query = instruments::table.filter(visible_to(access.reach)).into_boxed();
        narrow!(query by filter => instruments: code, status);
        if let Some(version) = filter.instrument_version {
            query = query.filter(instruments::instrument_version.eq(version));
        }
        query
    };
    page!(access, window, rows(), ListedInstrument)
}

pub async fn insert(tx: &Tx<'_>, fields: &InstrumentFields) -> Result<Rc<Instrument>> {
    let new = (
        instruments::id.eq(InstrumentId::generate()),
        instruments::created_at.eq(tx.now),
        instruments::updated_at.eq(tx.now),
        fields,
    );
    let insert = diesel::insert_into(instruments::table).values(new);
    Ok(Rc::new(insert.returning(Instrument::as_returning()).get_result(&mut tx.sql()).await?))
}

pub async fn any(tx: &Tx<'_>) -> Result<bool> {
    Ok(diesel::select(diesel::dsl::exists(instruments::table.select(instruments::id)))
        .get_result(&mut tx.sql())
        .await?)
}

/// Reads an instrument and holds its row until the transaction ends.
pub async fn lock(tx: &Tx<'_>, reach: Reach, id: InstrumentId) -> Result<Instrument> {
    let query = instruments::table.find(id).filter(visible_to(reach)).select(Instrument::as_select());
    Ok(query.for_update().first(&mut tx.sql()).await?)
}

/// The document of an instrument that something new may begin with: it is published, and stays so until
/// the transaction ends. Otherwise 422, at `/instrument_id`.
pub async fn published(tx: &Tx<'_>, id: InstrumentId) -> Result<Document> {
    let visible = visible_to(tx.reach_of(Permission::ReadInstruments)?);
    let query = instruments::table.find(id).filter(visible);
    let query = query.select((instruments::status, instruments::document));
    let found: Option<(Status, Document)> = query.for_share().first(&mut tx.sql()).await.optional()?;
    match found {
        Some((Status::Published, document)) => Ok(document),
        Some(_) => Err(ApiError::invalid(Code::NotAllowed.expecting("/instrument_id", Status::Published))),
        None => Err(ApiError::invalid(Code::NoSuchRecord.at("/instrument_id"))),
    }
}

/// The document of an instrument that something was made with which the caller may read.
pub async fn document(access: &Access, id: InstrumentId) -> Result<Document> {
    let document = instruments::table.find(id).select(instruments::document);
    Ok(document.first(&mut &*access.worker.db.reader().await?).await?)
}

/// The document that something which began with the instrument goes on with, even if it was retired since.
pub async fn pinned(tx: &Tx<'_>, id: InstrumentId) -> Result<Document> {
    Ok(instruments::table.find(id).select(instruments::document).first(&mut tx.sql()).await?)
}

pub async fn update(tx: &Tx<'_>, id: InstrumentId, fields: &InstrumentFields) -> Result<Rc<Instrument>> {
    let change =
        (fields, instruments::version.eq(instruments::version + 1), instruments::updated_at.eq(tx.now));
    let update = diesel::update(instruments::table.find(id)).set(change);
    Ok(Rc::new(update.returning(Instrument::as_returning()).get_result(&mut tx.sql()).await?))
}

pub async fn advance(tx: &Tx<'_>, id: InstrumentId, course: &Course) -> Result<Rc<Instrument>> {
    let change =
        (course, instruments::version.eq(instruments::version + 1), instruments::updated_at.eq(tx.now));
    let update = diesel::update(instruments::table.find(id)).set(change);
    Ok(Rc::new(update.returning(Instrument::as_returning()).get_result(&mut tx.sql()).await?))
}
