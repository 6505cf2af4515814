//! Queries on `assessments`. Every read starts from `visible_to`.

use std::rc::Rc;

use diesel::prelude::*;
use diesel_async::RunQueryDsl;

use super::{
    payloads::{Assessment, AssessmentFields, AssessmentFilter, Course, Kind, Status},
    rules::OPEN,
};
use crate::{
    access::{Access, Reach, Visible},
    db::{
        Every, Nothing,
        schema::{assessments, enrollments},
        word,
    },
    error::Result,
    http::{Page, Query, narrow, page},
    ids::{AssessmentId, BusinessId, PersonId},
    records::{Gathered, Tx, gather, shared_with, whole},
    worker::Worker,
};

/// Those of the businesses that are shared with the caller.
fn visible_to(reach: Reach) -> Visible<assessments::table> {
    match reach {
        Reach::All => Box::new(Every),
        Reach::Shared(party) => Box::new(shared_with(party, "assessments.business_id")),
        Reach::Own(_) => Box::new(Nothing),
    }
}

whole!(assessments => Assessment);

impl Gathered for Assessment {
    async fn fetch(worker: &Worker, reach: Reach, ids: &[AssessmentId]) -> Result<Vec<Self>> {
        let query = assessments::table.filter(visible_to(reach)).filter(assessments::id.eq_any(ids));
        Ok(query.select(Self::as_select()).load(&mut &*worker.db.reader().await?).await?)
    }
}

pub async fn find(access: &Access, id: AssessmentId) -> Result<Rc<Assessment>> {
    gather::one(access, id).await
}

pub async fn list(
    access: &Access,
    Query { filter, window }: Query<AssessmentFilter>,
) -> Result<Page<Assessment>> {
    let rows = || {
        let mut query = assessments::table.filter(visible_to(access.reach)).into_boxed();
        narrow!(query by filter => assessments: business_id, instrument_id, kind, status, class_effective, mentorship_id);
        query
    };
    page!(access, window, rows(), Assessment)
}

pub async fn insert(tx: &Tx<'_>, fields: &AssessmentFields) -> Result<Rc<Assessment>> {
    let new = (
        assessments::id.eq(AssessmentId::generate()),
        assessments::status.eq(Status::Draft),
        assessments::created_at.eq(tx.now),
        assessments::updated_at.eq(tx.now),
        fields,
    );
    let insert = diesel::insert_into(assessments::table).values(new);
    Ok(Rc::new(insert.returning(Assessment::as_returning()).get_result(&mut tx.sql()).await?))
}

/// Reads an assessment and holds its row until the transaction ends.
pub async fn lock(tx: &Tx<'_>, reach: Reach, id: AssessmentId) -> Result<Assessment> {
    let query = assessments::table.find(id).filter(visible_to(reach)).select(Assessment::as_select());
    Ok(query.for_update().first(&mut tx.sql()).await?)
}

pub async fn update(tx: &Tx<'_>, id: AssessmentId, fields: &AssessmentFields) -> Result<Rc<Assessment>> {
    let change =
        (fields, assessments::version.eq(assessments::version + 1), assessments::updated_at.eq(tx.now));
    let update = diesel::update(assessments::table.find(id)).set(change);
    Ok(Rc::new(update.returning(Assessment::as_returning()).get_result(&mut tx.sql()).await?))
}

pub async fn advance(tx: &Tx<'_>, id: AssessmentId, course: &Course) -> Result<Rc<Assessment>> {
    let change =
        (course, assessments::version.eq(assessments::version + 1), assessments::updated_at.eq(tx.now));
    let update = diesel::update(assessments::table.find(id)).set(change);
    Ok(Rc::new(update.returning(Assessment::as_returning()).get_result(&mut tx.sql()).await?))
}

/// Those of the business that were submitted and are scored, the earliest first.
pub async fn scored(access: &Access, business: BusinessId) -> Result<Vec<Rc<Assessment>>> {
    let of_business = assessments::table.filter(visible_to(access.reach));
    let of_business = of_business.filter(assessments::business_id.eq(business));
    let scored = of_business.filter(assessments::status.eq_any([Status::Submitted, Status::Reviewed]));
    let scored = scored.order((assessments::submitted_at.asc(), assessments::id.asc()));
    let rows = scored.select(Assessment::as_select());
    let rows: Vec<Assessment> = rows.load(&mut &*access.worker.db.reader().await?).await?;
    Ok(rows.into_iter().map(Rc::new).collect())
}

/// The open one of the same kind, in the same mentorship.
pub async fn open_of(tx: &Tx<'_>, fields: &AssessmentFields) -> Result<Option<AssessmentId>> {
    let of = assessments::table.filter(assessments::business_id.eq(fields.business_id));
    let of = of.filter(assessments::kind.eq(fields.kind));
    let of = of.filter(assessments::mentorship_id.is_not_distinct_from(fields.mentorship_id));
    let open = of.filter(assessments::status.eq_any(OPEN)).select(assessments::id);
    Ok(open.first(&mut tx.sql()).await.optional()?)
}

/// What was last found out about the business by someone else than its owner, and reviewed.
pub async fn latest_reviewed(tx: &Tx<'_>, business: BusinessId) -> Result<Option<Assessment>> {
    let of = assessments::table.filter(assessments::business_id.eq(business));
    let of =
        of.filter(assessments::status.eq(word(Status::Reviewed))).filter(assessments::kind.ne(Kind::Own));
    let latest = of.order((assessments::reviewed_at.desc(), assessments::id.desc()));
    Ok(latest.select(Assessment::as_select()).first(&mut tx.sql()).await.optional()?)
}

/// How a person stands with the cooperatives to which he has applied.
pub async fn enrollments_of(tx: &Tx<'_>, person: PersonId) -> Result<Vec<String>> {
    let theirs = enrollments::table.filter(enrollments::person_id.eq(person));
    Ok(theirs.select(enrollments::status).distinct().load(&mut tx.sql()).await?)
}
