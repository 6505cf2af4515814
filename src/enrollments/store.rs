//! Queries on `enrollments`. Every read starts from `visible_to`.

use std::rc::Rc;

use chrono::NaiveDate;
use diesel::prelude::*;
use diesel_async::RunQueryDsl;

use super::{
    payloads::{Course, Enrollment, EnrollmentFields, EnrollmentFilter, Status},
    rules::{APPLICATIONS, OPEN},
};
use crate::{
    access::{Access, Party, Reach, Visible},
    db::{Every, Nothing, schema::enrollments},
    error::Result,
    http::{Page, Query, narrow, page},
    ids::{CooperativeId, EnrollmentId, PersonId},
    records::{Gathered, Tx, gather, shared_with, whole},
    worker::Worker,
};

/// All, a member's own, those to a cooperative, or those of the businesses that are shared with the caller.
fn visible_to(reach: Reach) -> Visible<enrollments::table> {
    match reach {
        Reach::All => Box::new(Every),
        Reach::Own(Party::Person(id)) => Box::new(enrollments::person_id.eq(id)),
        Reach::Own(Party::Cooperative(id)) => Box::new(enrollments::cooperative_id.eq(id)),
        Reach::Shared(party) => Box::new(shared_with(party, "enrollments.business_id")),
        Reach::Own(_) => Box::new(Nothing),
    }
}

whole!(enrollments => Enrollment);

impl Gathered for Enrollment {
    async fn fetch(worker: &Worker, reach: Reach, ids: &[EnrollmentId]) -> Result<Vec<Self>> {
        let query = enrollments::table.filter(visible_to(reach)).filter(enrollments::id.eq_any(ids));
        Ok(query.select(Self::as_select()).load(&mut &*worker.db.reader().await?).await?)
    }
}

pub async fn find(access: &Access, id: EnrollmentId) -> Result<Rc<Enrollment>> {
    gather::one(access, id).await
}

pub async fn list(
    access: &Access,
    Query { filter, window }: Query<EnrollmentFilter>,
) -> Result<Page<Enrollment>> {
    let rows = || {
        let mut query = enrollments::table.filter(visible_to(access.reach)).into_boxed();
        narrow!(query by filter => enrollments: status, person_id, business_id, cooperative_id);
        if let Some(from) = filter.due_on_from {
            query = query.filter(enrollments::due_on.ge(from));
        }
        if let Some(to) = filter.due_on_to {
            query = query.filter(enrollments::due_on.le(to));
        }
        query
    };
    page!(access, window, rows(), Enrollment)
}

pub async fn insert(tx: &Tx<'_>, fields: &EnrollmentFields, due_on: NaiveDate) -> Result<Rc<Enrollment>> {
    let new = (
        enrollments::id.eq(EnrollmentId::generate()),
        enrollments::status.eq(Status::Applied),
        enrollments::missing.eq(Vec::<String>::new()),
        enrollments::due_on.eq(due_on),
        enrollments::created_at.eq(tx.now),
        enrollments::updated_at.eq(tx.now),
        fields,
    );
    let insert = diesel::insert_into(enrollments::table).values(new);
    Ok(Rc::new(insert.returning(Enrollment::as_returning()).get_result(&mut tx.sql()).await?))
}

/// Reads an enrollment and holds its row until the transaction ends.
pub async fn lock(tx: &Tx<'_>, reach: Reach, id: EnrollmentId) -> Result<Enrollment> {
    let query = enrollments::table.find(id).filter(visible_to(reach)).select(Enrollment::as_select());
    Ok(query.for_update().first(&mut tx.sql()).await?)
}

pub async fn update(
    tx: &Tx<'_>,
    id: EnrollmentId,
    fields: &EnrollmentFields,
    course: &Course,
) -> Result<Rc<Enrollment>> {
    let change = (
        fields,
        course,
        enrollments::version.eq(enrollments::version + 1),
        enrollments::updated_at.eq(tx.now),
    );
    let update = diesel::update(enrollments::table.find(id)).set(change);
    Ok(Rc::new(update.returning(Enrollment::as_returning()).get_result(&mut tx.sql()).await?))
}

/// The member numbers that the cooperative has given, also to those who have left.
pub async fn numbers_of(tx: &Tx<'_>, cooperative: CooperativeId) -> Result<Vec<String>> {
    let numbers = enrollments::table.filter(enrollments::cooperative_id.eq(cooperative));
    let numbers = numbers.select(enrollments::member_number.assume_not_null());
    Ok(numbers.filter(enrollments::member_number.is_not_null()).load(&mut tx.sql()).await?)
}

/// A person's applications to a cooperative; held until the transaction ends.
pub async fn lock_applications(
    tx: &Tx<'_>,
    person: PersonId,
    cooperative: CooperativeId,
) -> Result<Vec<Enrollment>> {
    let applications = enrollments::table
        .filter(enrollments::person_id.eq(person))
        .filter(enrollments::cooperative_id.eq(cooperative))
        .filter(enrollments::status.eq_any(APPLICATIONS));
    Ok(applications.select(Enrollment::as_select()).for_update().load(&mut tx.sql()).await?)
}

/// All of a cooperative that are not over; held until the transaction ends.
pub async fn lock_open_of(tx: &Tx<'_>, cooperative: CooperativeId) -> Result<Vec<Enrollment>> {
    let open = enrollments::table
        .filter(enrollments::cooperative_id.eq(cooperative))
        .filter(enrollments::status.eq_any(OPEN))
        .order(enrollments::id);
    Ok(open.select(Enrollment::as_select()).for_update().load(&mut tx.sql()).await?)
}
