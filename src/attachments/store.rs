//! Queries on `attachments`. Every read starts from `visible_to`.

use std::rc::Rc;

use chrono::{DateTime, Utc};
use diesel::prelude::*;
use diesel_async::RunQueryDsl;
use uuid::Uuid;

use super::{
    attachable::{Resource, Seen},
    payloads::{Attachment, AttachmentFilter, Upload},
    readable::of_readable,
};
use crate::{
    access::{Access, Reach, Visible},
    db::{Every, schema::attachments},
    error::Result,
    http::{Page, Query, narrow, page},
    ids::AttachmentId,
    records::{Gathered, Tx, gather},
    worker::Worker,
};

/// Those of the records that the caller reads, but for the deleted ones.
fn visible_to(reach: Reach) -> Visible<attachments::table> {
    let there = attachments::deleted_at.is_null();
    match reach {
        Reach::All => Box::new(there.and(Every)),
        Reach::Own(party) | Reach::Shared(party) => Box::new(there.and(of_readable(party))),
    }
}

impl Gathered for Attachment {
    async fn fetch(worker: &Worker, reach: Reach, ids: &[AttachmentId]) -> Result<Vec<Self>> {
        let query = attachments::table.filter(visible_to(reach)).filter(attachments::id.eq_any(ids));
        Ok(query.select(Self::as_select()).load(&mut &*worker.db.reader().await?).await?)
    }
}

pub async fn find(access: &Access, id: AttachmentId) -> Result<Rc<Attachment>> {
    gather::one(access, id).await
}

pub async fn list(
    access: &Access,
    Query { filter, window }: Query<AttachmentFilter>,
) -> Result<Page<Attachment>> {
    let rows = || {
        let mut query = attachments::table.filter(visible_to(access.reach)).into_boxed();
        narrow!(query by filter => attachments: resource, record_id, kind);
        if let Some(ids) = &filter.business_id {
            query = query.filter(attachments::business_id.eq_any(&ids.0));
        }
        query
    };
    page!(access, window, rows(), Attachment)
}

/// What is known of the file itself.
pub struct Stored {
    pub id: AttachmentId,
    pub size_bytes: i64,
    pub sha256: String,
    pub sent_sha256: String,
}

pub async fn insert(tx: &Tx<'_>, of: &Upload, seen: &Seen, file: &Stored) -> Result<Rc<Attachment>> {
    let new = (
        attachments::id.eq(file.id),
        attachments::resource.eq(of.resource),
        attachments::record_id.eq(of.record_id),
        attachments::business_id.eq(seen.business),
        attachments::kind.eq(&of.kind),
        attachments::name.eq(&of.name),
        attachments::media_type.eq(of.media_type),
        attachments::size_bytes.eq(file.size_bytes),
        attachments::sha256.eq(&file.sha256),
        attachments::sent_sha256.eq(&file.sent_sha256),
        attachments::uploaded_by.eq(tx.actor.user),
        attachments::created_at.eq(tx.now),
        attachments::updated_at.eq(tx.now),
    );
    let insert = diesel::insert_into(attachments::table).values(new);
    Ok(Rc::new(insert.returning(Attachment::as_returning()).get_result(&mut tx.sql()).await?))
}

/// Which record an attachment belongs to: for its row to be held after the record's, as whoever names the
/// attachment does.
pub async fn record_of(tx: &Tx<'_>, reach: Reach, id: AttachmentId) -> Result<(Resource, Uuid)> {
    let query = attachments::table.find(id).filter(visible_to(reach));
    Ok(query.select((attachments::resource, attachments::record_id)).first(&mut tx.sql()).await?)
}

/// Reads an attachment and holds its row until the transaction ends.
pub async fn lock(tx: &Tx<'_>, reach: Reach, id: AttachmentId) -> Result<Attachment> {
    let query = attachments::table.find(id).filter(visible_to(reach)).select(Attachment::as_select());
    Ok(query.for_update().first(&mut tx.sql()).await?)
}

/// Those of a record that are in sight, held until the transaction ends.
pub async fn lock_all_of(tx: &Tx<'_>, resource: Resource, record: Uuid) -> Result<Vec<Attachment>> {
    let of_record = attachments::table.filter(attachments::resource.eq(resource));
    let of_record =
        of_record.filter(attachments::record_id.eq(record)).filter(attachments::deleted_at.is_null());
    let rows = of_record.order(attachments::id).select(Attachment::as_select());
    Ok(rows.for_update().load(&mut tx.sql()).await?)
}

/// Out of sight; its row stays until its file is gone.
pub async fn bury(tx: &Tx<'_>, id: AttachmentId) -> Result<()> {
    let change = (
        attachments::deleted_at.eq(tx.now),
        attachments::version.eq(attachments::version + 1),
        attachments::updated_at.eq(tx.now),
    );
    diesel::update(attachments::table.find(id)).set(change).execute(&mut tx.sql()).await?;
    Ok(())
}

/// Some of those that were deleted before a time.
pub async fn buried_before(tx: &Tx<'_>, time: DateTime<Utc>) -> Result<Vec<AttachmentId>> {
    let old = attachments::table.filter(attachments::deleted_at.assume_not_null().lt(time));
    let old = old.order(attachments::deleted_at).limit(80).select(attachments::id);
    Ok(old.load(&mut tx.sql()).await?)
}

pub async fn forget(tx: &Tx<'_>, ids: &[AttachmentId]) -> Result<()> {
    diesel::delete(attachments::table.filter(attachments::id.eq_any(ids))).execute(&mut tx.sql()).await?;
    Ok(())
}

/// Which of the ids have a row, a buried one too.
pub async fn known(tx: &Tx<'_>, ids: &[AttachmentId]) -> Result<Vec<AttachmentId>> {
    let known = attachments::table.filter(attachments::id.eq_any(ids)).select(attachments::id);
    Ok(known.load(&mut tx.sql()).await?)
}
