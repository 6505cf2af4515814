//! Queries on `participants`. Every read for a caller starts from `visible_to`.

use std::rc::Rc;

use chrono::NaiveDate;
use diesel::prelude::*;
use diesel_async::RunQueryDsl;

use super::{
    payloads::{Participant, ParticipantFilter, Status},
    rules::Work,
};
use crate::{
    access::{Access, Reach, Visible},
    db::{
        Every, Nothing,
        schema::{assessments, mentorships, participants},
        word,
    },
    error::{ApiError, Result},
    http::{Page, Query, narrow, page},
    ids::{BusinessId, CohortId, MentorshipId, ParticipantId},
    records::{Gathered, Tx, gather, shared_with, whole},
    worker::Worker,
};

/// Those that have not ended otherwise than well.
const TAKING_PART: [Status; 2] = [Status::Accepted, Status::Graduated];
const STANDING: [Status; 3] = [Status::Invited, Status::Accepted, Status::Graduated];

/// All, or those of businesses that are shared with the caller.
fn visible_to(reach: Reach) -> Visible<participants::table> {
    match reach {
        Reach::All => Box::new(Every),
        Reach::Shared(party) => Box::new(shared_with(party, "participants.business_id")),
        Reach::Own(_) => Box::new(Nothing),
    }
}

whole!(participants => Participant);

impl Gathered for Participant {
    async fn fetch(worker: &Worker, reach: Reach, ids: &[ParticipantId]) -> Result<Vec<Self>> {
        let query = participants::table.filter(visible_to(reach)).filter(participants::id.eq_any(ids));
        Ok(query.select(Self::as_select()).load(&mut &*worker.db.reader().await?).await?)
    }
}

pub async fn find(access: &Access, cohort: CohortId, id: ParticipantId) -> Result<Rc<Participant>> {
    let found = gather::one::<Participant>(access, id).await?;
    if found.cohort_id == cohort { Ok(found) } else { Err(ApiError::NotFound) }
}

pub async fn list(
    access: &Access,
    cohort: CohortId,
    Query { filter, window }: Query<ParticipantFilter>,
) -> Result<Page<Participant>> {
    let rows = || {
        let of_cohort = participants::table.filter(participants::cohort_id.eq(cohort));
        let mut query = of_cohort.filter(visible_to(access.reach)).into_boxed();
        narrow!(query by filter => participants: business_id, status);
        query
    };
    page!(access, window, rows(), Participant)
}

pub async fn lock(tx: &Tx<'_>, reach: Reach, cohort: CohortId, id: ParticipantId) -> Result<Participant> {
    let of_cohort = participants::table.find(id).filter(participants::cohort_id.eq(cohort));
    let query = of_cohort.filter(visible_to(reach)).select(Participant::as_select());
    Ok(query.for_update().first(&mut tx.sql()).await?)
}

/// The participant that a business is in the cohort, or was invited to be.
pub async fn participant_of(
    tx: &Tx<'_>,
    cohort: CohortId,
    business: BusinessId,
) -> Result<Option<Participant>> {
    let query = participants::table
        .filter(participants::cohort_id.eq(cohort))
        .filter(participants::business_id.eq(business))
        .filter(participants::status.eq_any(STANDING));
    Ok(query.select(Participant::as_select()).first(&mut tx.sql()).await.optional()?)
}

/// How many take part. Exact for who has locked the cohort.
pub async fn taking_part(tx: &Tx<'_>, cohort: CohortId) -> Result<i64> {
    let query = participants::table
        .filter(participants::cohort_id.eq(cohort))
        .filter(participants::status.eq_any(TAKING_PART));
    Ok(query.count().get_result(&mut tx.sql()).await?)
}

pub async fn insert(
    tx: &Tx<'_>,
    cohort: CohortId,
    business: BusinessId,
    expires_on: NaiveDate,
) -> Result<Rc<Participant>> {
    let new = (
        participants::id.eq(ParticipantId::generate()),
        participants::cohort_id.eq(cohort),
        participants::business_id.eq(business),
        participants::expires_on.eq(expires_on),
        participants::created_at.eq(tx.now),
        participants::updated_at.eq(tx.now),
    );
    let insert = diesel::insert_into(participants::table).values(new);
    Ok(Rc::new(insert.returning(Participant::as_returning()).get_result(&mut tx.sql()).await?))
}

pub async fn set_status(tx: &Tx<'_>, id: ParticipantId, status: Status) -> Result<Rc<Participant>> {
    let change = (
        participants::status.eq(status),
        participants::version.eq(participants::version + 1),
        participants::updated_at.eq(tx.now),
    );
    let update = diesel::update(participants::table.find(id)).set(change);
    Ok(Rc::new(update.returning(Participant::as_returning()).get_result(&mut tx.sql()).await?))
}

/// Some of the invitations that nobody answered in time, held until the transaction ends.
pub async fn unanswered(tx: &Tx<'_>) -> Result<Vec<Participant>> {
    let query = participants::table
        .filter(participants::status.eq(word(Status::Invited)))
        .filter(participants::expires_on.lt(tx.today()));
    let query = query.order(participants::expires_on).limit(500).select(Participant::as_select());
    Ok(query.for_update().skip_locked().load(&mut tx.sql()).await?)
}

/// What a participant has done in its cohort, whose row is held: no mentorship begins meanwhile.
pub async fn work(tx: &Tx<'_>, participant: &Participant) -> Result<Work> {
    let coached = || {
        mentorships::table
            .filter(mentorships::cohort_id.eq(participant.cohort_id))
            .filter(mentorships::business_id.eq(participant.business_id))
    };
    let open = coached().filter(mentorships::is_open).order(mentorships::id).select(mentorships::id);
    let completed = coached().filter(mentorships::status.eq("completed")).select(mentorships::id);
    let open_mentorships = open.load(&mut tx.sql()).await?;
    let completed: Vec<MentorshipId> = completed.load(&mut tx.sql()).await?;
    let followed_up = assessments::table
        .filter(assessments::mentorship_id.assume_not_null().eq_any(&completed))
        .filter(assessments::kind.eq("follow_up"))
        .filter(assessments::status.eq("reviewed"))
        .count()
        .get_result::<i64>(&mut tx.sql())
        .await?;
    Ok(Work { open_mentorships, completed_mentorship: !completed.is_empty(), followed_up: followed_up > 0 })
}
