//! Queries on `mentorships`. Every read starts from `visible_to`.

use std::rc::Rc;

use diesel::prelude::*;
use diesel_async::RunQueryDsl;

use super::payloads::{Assignment, Course, Mentorship, MentorshipFields, MentorshipFilter, Status};
use crate::{
    access::{Access, Party, Reach, Visible},
    db::{Every, Nothing, schema::mentorships, word},
    error::{ApiError, Result},
    http::{Code, Page, Query, narrow, page},
    ids::{BusinessId, InstitutionId, MentorId, MentorshipId, PersonId},
    mentors::Mentor,
    records::{Gathered, Record, Tx, gather, shared_with, whole},
    worker::Worker,
};

/// Those that a mentor coaches, coached or is asked to take over, and those that were coached for an institution,
/// also when they have ended; to others, those of the businesses that are shared with them.
pub fn visible_to(reach: Reach) -> Visible<mentorships::table> {
    match reach {
        Reach::All => Box::new(Every),
        Reach::Own(Party::Mentor(id)) => Box::new(mentorships::mentor_ids.contains(vec![id])),
        Reach::Own(Party::Institution(id)) => Box::new(mentorships::institution_ids.contains(vec![id])),
        Reach::Shared(party) => Box::new(shared_with(party, "mentorships.business_id")),
        Reach::Own(_) => Box::new(Nothing),
    }
}

whole!(mentorships => Mentorship);

impl Gathered for Mentorship {
    async fn fetch(worker: &Worker, reach: Reach, ids: &[MentorshipId]) -> Result<Vec<Self>> {
        let query = mentorships::table.filter(visible_to(reach)).filter(mentorships::id.eq_any(ids));
        Ok(query.select(Self::as_select()).load(&mut &*worker.db.reader().await?).await?)
    }
}

pub async fn find(access: &Access, id: MentorshipId) -> Result<Rc<Mentorship>> {
    gather::one(access, id).await
}

pub async fn list(
    access: &Access,
    Query { filter, window }: Query<MentorshipFilter>,
) -> Result<Page<Mentorship>> {
    // Who may not see which business it is may not find out by asking for one.
    if filter.business_id.is_some() && access.actor.hidden(Mentorship::READ).contains(&"business_id") {
        return Err(ApiError::invalid(Code::NoSuchRecord.of_parameter("business_id", "")));
    }
    let rows = || {
        let mut query = mentorships::table.filter(visible_to(access.reach)).into_boxed();
        narrow!(query by filter => mentorships: cohort_id, business_id, mentor_id, institution_id, status);
        query
    };
    page!(access, window, rows(), Mentorship)
}

/// What a proposal adds to what was asked for.
#[derive(Insertable)]
#[diesel(table_name = mentorships, treat_none_as_default_value = false)]
pub struct Terms {
    pub institution_id: Option<InstitutionId>,
    pub business_name: String,
    pub expires_on: chrono::NaiveDate,
}

pub async fn insert(tx: &Tx<'_>, fields: &MentorshipFields, terms: &Terms) -> Result<Rc<Mentorship>> {
    let new = (
        mentorships::id.eq(MentorshipId::generate()),
        mentorships::status.eq(Status::Proposed),
        mentorships::assignments.eq(Vec::<Assignment>::new()),
        mentorships::mentor_ids.eq(vec![fields.mentor_id]),
        mentorships::institution_ids.eq(terms.institution_id.into_iter().collect::<Vec<_>>()),
        mentorships::created_at.eq(tx.now),
        mentorships::updated_at.eq(tx.now),
        fields,
        terms,
    );
    let insert = diesel::insert_into(mentorships::table).values(new);
    Ok(Rc::new(insert.returning(Mentorship::as_returning()).get_result(&mut tx.sql()).await?))
}

/// Reads a mentorship for who works in it, and holds its row until the transaction ends. A mentor works
/// where he is the present one.
pub async fn lock(tx: &Tx<'_>, reach: Reach, id: MentorshipId) -> Result<Mentorship> {
    let mentorship = lock_seen(tx, reach, id).await?;
    match reach {
        Reach::Own(Party::Mentor(mentor)) if mentor != mentorship.fields.mentor_id => Err(ApiError::NotFound),
        _ => Ok(mentorship),
    }
}

/// The same for whoever sees it.
pub async fn lock_seen(tx: &Tx<'_>, reach: Reach, id: MentorshipId) -> Result<Mentorship> {
    let query = mentorships::table.find(id).filter(visible_to(reach)).select(Mentorship::as_select());
    Ok(query.for_update().first(&mut tx.sql()).await?)
}

pub async fn update(tx: &Tx<'_>, id: MentorshipId, fields: &MentorshipFields) -> Result<Rc<Mentorship>> {
    let change =
        (fields, mentorships::version.eq(mentorships::version + 1), mentorships::updated_at.eq(tx.now));
    let update = diesel::update(mentorships::table.find(id)).set(change);
    Ok(Rc::new(update.returning(Mentorship::as_returning()).get_result(&mut tx.sql()).await?))
}

/// With the mentor to whom it passes.
pub async fn advance(
    tx: &Tx<'_>,
    id: MentorshipId,
    course: &Course,
    to: Option<&Mentor>,
) -> Result<Rc<Mentorship>> {
    let passed = to.map(|mentor| {
        (mentorships::mentor_id.eq(mentor.id), mentorships::institution_id.eq(mentor.fields.institution_id))
    });
    let change = (
        course,
        passed,
        mentorships::version.eq(mentorships::version + 1),
        mentorships::updated_at.eq(tx.now),
    );
    let update = diesel::update(mentorships::table.find(id)).set(change);
    Ok(Rc::new(update.returning(Mentorship::as_returning()).get_result(&mut tx.sql()).await?))
}

/// Transfers whose last day has passed, held until the transaction ends.
pub async fn lock_overdue_transfers(tx: &Tx<'_>) -> Result<Vec<Mentorship>> {
    let expires_on = mentorships::transfer.assume_not_null().retrieve_as_text(word("expires_on"));
    let overdue = mentorships::table.filter(mentorships::transfer.is_not_null());
    let overdue = overdue.filter(expires_on.lt(tx.today().to_string()));
    let overdue = overdue.order((expires_on, mentorships::id)).limit(200);
    Ok(overdue.select(Mentorship::as_select()).for_update().load(&mut tx.sql()).await?)
}

/// The open one of the business in the cohort.
pub async fn open_of(tx: &Tx<'_>, fields: &MentorshipFields) -> Result<Option<MentorshipId>> {
    let of = mentorships::table.filter(mentorships::business_id.eq(fields.business_id));
    let of = of.filter(mentorships::cohort_id.eq(fields.cohort_id)).filter(mentorships::is_open);
    Ok(of.select(mentorships::id).first(&mut tx.sql()).await.optional()?)
}

/// The one of the business that runs, accepted or active; the latest of several.
pub async fn running_of(tx: &Tx<'_>, business: BusinessId) -> Result<Option<Mentorship>> {
    let of = mentorships::table.filter(mentorships::business_id.eq(business));
    let of = of.filter(mentorships::status.eq_any([Status::Accepted, Status::Active]));
    let latest = of.order((mentorships::created_at.desc(), mentorships::id.desc()));
    Ok(latest.select(Mentorship::as_select()).first(&mut tx.sql()).await.optional()?)
}

/// Proposals whose last day has passed, held until the transaction ends: those in the way of a new one,
/// or without one some of all.
pub async fn lock_overdue(tx: &Tx<'_>, new: Option<&MentorshipFields>) -> Result<Vec<Mentorship>> {
    let in_the_way: Visible<mentorships::table> = match new {
        None => Box::new(Every),
        Some(new) => {
            let same = mentorships::cohort_id.eq(new.cohort_id);
            let same = same.and(mentorships::business_id.eq(new.business_id));
            Box::new(mentorships::mentor_id.eq(new.mentor_id).or(same))
        }
    };
    let overdue = mentorships::table
        .filter(mentorships::status.eq(word(Status::Proposed)))
        .filter(mentorships::expires_on.lt(tx.today()));
    let some = overdue.filter(in_the_way).order((mentorships::expires_on, mentorships::id)).limit(200);
    let some = some.select(Mentorship::as_select());
    Ok(some.for_update().load(&mut tx.sql()).await?)
}

/// The businesses that a mentor coaches, or is to.
pub async fn coached_by(tx: &Tx<'_>, mentor: MentorId) -> Result<Vec<BusinessId>> {
    let open = mentorships::table.filter(mentorships::mentor_id.eq(mentor)).filter(mentorships::is_open);
    let coached = open.select(mentorships::business_id).distinct().order(mentorships::business_id);
    Ok(coached.load(&mut tx.sql()).await?)
}

/// Where an institution's mentors have begun to coach businesses that are shared with the person.
pub async fn coached_for(
    tx: &Tx<'_>,
    institution: InstitutionId,
    person: PersonId,
) -> Result<Vec<BusinessId>> {
    let begun = mentorships::table.filter(visible_to(Reach::Own(Party::Institution(institution))));
    let begun = begun.filter(mentorships::starts_on.is_not_null());
    let theirs = begun.filter(shared_with(Party::Person(person), "mentorships.business_id"));
    Ok(theirs.select(mentorships::business_id).distinct().load(&mut tx.sql()).await?)
}
