//! Queries on `mentor_qualifications`. Every read for a caller starts from `visible_to`.

use std::rc::Rc;

use diesel::prelude::*;
use diesel_async::RunQueryDsl;

use super::{
    payloads::{Expiry, Qualification, QualificationFields, QualificationFilter},
    rules::LEAD,
};
use crate::{
    access::{Access, Party, Reach, Visible},
    db::{Every, Nothing, schema::mentor_qualifications, word},
    error::{ApiError, Result},
    http::{Page, Query, page},
    ids::{InstitutionId, MentorId, QualificationId},
    mentors::payloads::Mentor,
    records::{Gathered, Tx, gather},
    worker::Worker,
};

/// A mentor's own, and those of an institution's mentors.
fn visible_to(reach: Reach) -> Visible<mentor_qualifications::table> {
    match reach {
        Reach::All => Box::new(Every),
        Reach::Own(Party::Mentor(id)) => Box::new(mentor_qualifications::mentor_id.eq(id)),
        Reach::Own(Party::Institution(id)) => {
            Box::new(mentor_qualifications::institution_id.assume_not_null().eq(id))
        }
        Reach::Own(_) | Reach::Shared(_) => Box::new(Nothing),
    }
}

impl Gathered for Qualification {
    async fn fetch(worker: &Worker, reach: Reach, ids: &[QualificationId]) -> Result<Vec<Self>> {
        let query = mentor_qualifications::table.filter(visible_to(reach));
        let query = query.filter(mentor_qualifications::id.eq_any(ids)).select(Self::as_select());
        Ok(query.load(&mut &*worker.db.reader().await?).await?)
    }
}

pub async fn find(access: &Access, of: MentorId, id: QualificationId) -> Result<Rc<Qualification>> {
    let found = gather::one::<Qualification>(access, id).await?;
    if found.mentor_id == of { Ok(found) } else { Err(ApiError::NotFound) }
}

pub async fn list(
    access: &Access,
    of: MentorId,
    Query { filter, window }: Query<QualificationFilter>,
) -> Result<Page<Qualification>> {
    let rows = || {
        let of_mentor = mentor_qualifications::table.filter(mentor_qualifications::mentor_id.eq(of));
        let mut query = of_mentor.filter(visible_to(access.reach)).into_boxed();
        if let Some(told) = &filter.expiry {
            query = query.filter(mentor_qualifications::expiry.eq_any(&told.0));
        }
        query
    };
    page!(access, window, rows(), Qualification)
}

pub async fn insert(tx: &Tx<'_>, of: &Mentor, fields: &QualificationFields) -> Result<Rc<Qualification>> {
    let new = (
        mentor_qualifications::id.eq(QualificationId::generate()),
        mentor_qualifications::mentor_id.eq(of.id),
        mentor_qualifications::institution_id.eq(of.fields.institution_id),
        mentor_qualifications::created_at.eq(tx.now),
        mentor_qualifications::updated_at.eq(tx.now),
        fields,
    );
    let insert = diesel::insert_into(mentor_qualifications::table).values(new);
    Ok(Rc::new(insert.returning(Qualification::as_returning()).get_result(&mut tx.sql()).await?))
}

/// Reads a qualification and holds its row until the transaction ends.
pub async fn lock(tx: &Tx<'_>, of: MentorId, id: QualificationId) -> Result<Qualification> {
    let query = mentor_qualifications::table.find(id).filter(visible_to(tx.reach));
    let query = query.filter(mentor_qualifications::mentor_id.eq(of)).select(Qualification::as_select());
    Ok(query.for_update().first(&mut tx.sql()).await?)
}

pub async fn update(
    tx: &Tx<'_>,
    id: QualificationId,
    fields: &QualificationFields,
    expiry: Option<Expiry>,
    institution: Option<InstitutionId>,
) -> Result<Rc<Qualification>> {
    let change = (
        fields,
        mentor_qualifications::expiry.eq(expiry),
        mentor_qualifications::institution_id.eq(institution),
        mentor_qualifications::version.eq(mentor_qualifications::version + 1),
        mentor_qualifications::updated_at.eq(tx.now),
    );
    let update = diesel::update(mentor_qualifications::table.find(id)).set(change);
    Ok(Rc::new(update.returning(Qualification::as_returning()).get_result(&mut tx.sql()).await?))
}

pub async fn tell(tx: &Tx<'_>, id: QualificationId, told: Expiry) -> Result<Rc<Qualification>> {
    let change = (
        mentor_qualifications::expiry.eq(told),
        mentor_qualifications::version.eq(mentor_qualifications::version + 1),
        mentor_qualifications::updated_at.eq(tx.now),
    );
    let update = diesel::update(mentor_qualifications::table.find(id)).set(change);
    Ok(Rc::new(update.returning(Qualification::as_returning()).get_result(&mut tx.sql()).await?))
}

pub async fn delete(tx: &Tx<'_>, id: QualificationId) -> Result<()> {
    diesel::delete(mentor_qualifications::table.find(id)).execute(&mut tx.sql()).await?;
    Ok(())
}

/// Some of those about whose end there is something to tell; held until the transaction ends.
pub async fn lock_running_out(tx: &Tx<'_>) -> Result<Vec<Qualification>> {
    let (today, expiry) = (tx.today(), mentor_qualifications::expiry);
    let ended =
        expiry.assume_not_null().eq(word(Expiry::Expiring)).and(mentor_qualifications::expires_on.lt(today));
    let some = mentor_qualifications::table
        .filter(mentor_qualifications::expires_on.le(today + LEAD))
        .filter(expiry.is_null().or(ended))
        .order((mentor_qualifications::expires_on, mentor_qualifications::id))
        .limit(200);
    Ok(some.select(Qualification::as_select()).for_update().load(&mut tx.sql()).await?)
}
