//! Queries on `objectives`. Every read starts from `visible_to`.

use std::rc::Rc;

use diesel::prelude::*;
use diesel_async::RunQueryDsl;

use super::{
    payloads::{Objective, ObjectiveFields, ObjectiveFilter},
    rules::DECIDED,
};
use crate::{
    access::{Access, Party, Reach, Visible},
    db::{Every, Nothing, schema::objectives},
    error::{ApiError, Result},
    http::{Page, Query, narrow, page},
    ids::{MentorId, MentorshipId, ObjectiveId},
    log::Event,
    mentorships::payloads::{Mentorship, readers_with},
    records::{Gathered, Tx, gather, shared_with, whole},
    worker::Worker,
};

/// As its mentorship's, but none to an institution.
fn visible_to(reach: Reach) -> Visible<objectives::table> {
    match reach {
        Reach::All => Box::new(Every),
        Reach::Own(Party::Mentor(id)) => Box::new(objectives::mentor_ids.contains(vec![id])),
        Reach::Shared(party) => Box::new(shared_with(party, "objectives.business_id")),
        Reach::Own(_) => Box::new(Nothing),
    }
}

whole!(objectives => Objective);

impl Gathered for Objective {
    async fn fetch(worker: &Worker, reach: Reach, ids: &[ObjectiveId]) -> Result<Vec<Self>> {
        let query = objectives::table.filter(visible_to(reach)).filter(objectives::id.eq_any(ids));
        Ok(query.select(Self::as_select()).load(&mut &*worker.db.reader().await?).await?)
    }
}

pub async fn find(access: &Access, of: MentorshipId, id: ObjectiveId) -> Result<Rc<Objective>> {
    let objective = gather::one::<Objective>(access, id).await?;
    if objective.mentorship_id == of { Ok(objective) } else { Err(ApiError::NotFound) }
}

pub async fn list(
    access: &Access,
    of: MentorshipId,
    Query { filter, window }: Query<ObjectiveFilter>,
) -> Result<Page<Objective>> {
    let rows = || {
        let mut query = objectives::table.filter(visible_to(access.reach)).into_boxed();
        query = query.filter(objectives::mentorship_id.eq(of));
        narrow!(query by filter => objectives: kind, status);
        query
    };
    page!(access, window, rows(), Objective)
}

pub async fn insert(tx: &Tx<'_>, of: &Mentorship, fields: &ObjectiveFields) -> Result<Rc<Objective>> {
    let new = (
        objectives::id.eq(ObjectiveId::generate()),
        objectives::mentorship_id.eq(of.id),
        objectives::business_id.eq(of.fields.business_id),
        objectives::mentor_id.eq(of.fields.mentor_id),
        objectives::mentor_ids.eq(vec![of.fields.mentor_id]),
        objectives::created_at.eq(tx.now),
        objectives::updated_at.eq(tx.now),
        fields,
    );
    let insert = diesel::insert_into(objectives::table).values(new);
    Ok(Rc::new(insert.returning(Objective::as_returning()).get_result(&mut tx.sql()).await?))
}

/// All of a mentorship, which is locked: they are few.
pub async fn all_of(tx: &Tx<'_>, of: MentorshipId) -> Result<Vec<Objective>> {
    let query = objectives::table.filter(objectives::mentorship_id.eq(of)).order(objectives::id);
    Ok(query.select(Objective::as_select()).load(&mut tx.sql()).await?)
}

/// One of a mentorship, which is locked, and the others.
pub async fn one_of(tx: &Tx<'_>, of: MentorshipId, id: ObjectiveId) -> Result<(Objective, Vec<Objective>)> {
    let mut others = all_of(tx, of).await?;
    let at = others.iter().position(|it| it.id == id).ok_or(ApiError::NotFound)?;
    Ok((others.remove(at), others))
}

/// One that is not asked for by its mentorship; held until the transaction ends.
pub async fn by_id(tx: &Tx<'_>, reach: Reach, id: ObjectiveId) -> Result<Objective> {
    let query = objectives::table.find(id).filter(visible_to(reach)).select(Objective::as_select());
    Ok(query.for_update().first(&mut tx.sql()).await?)
}

pub async fn update(tx: &Tx<'_>, id: ObjectiveId, fields: &ObjectiveFields) -> Result<Rc<Objective>> {
    let change = (fields, objectives::version.eq(objectives::version + 1), objectives::updated_at.eq(tx.now));
    let update = diesel::update(objectives::table.find(id)).set(change);
    Ok(Rc::new(update.returning(Objective::as_returning()).get_result(&mut tx.sql()).await?))
}

pub async fn pass_all_on(tx: &Tx<'_>, after: &Mentorship) -> Result<Vec<Event>> {
    let mut events = Vec::new();
    for before in all_of(tx, after.id).await? {
        let passed = pass_on(tx, &before, after.fields.mentor_id).await?;
        events.push(Event::changed(&before, &*passed, "updated"));
    }
    Ok(events)
}

/// Lets the mentor to whom the mentorship passes see it; what is open is his to bring about.
async fn pass_on(tx: &Tx<'_>, before: &Objective, to: MentorId) -> Result<Rc<Objective>> {
    let decided = DECIDED.contains(&before.fields.status);
    let change = (
        objectives::mentor_id.eq(if decided { before.mentor_id } else { to }),
        objectives::mentor_ids.eq(readers_with(&before.mentor_ids, to)),
        objectives::version.eq(objectives::version + 1),
        objectives::updated_at.eq(tx.now),
    );
    let update = diesel::update(objectives::table.find(before.id)).set(change);
    Ok(Rc::new(update.returning(Objective::as_returning()).get_result(&mut tx.sql()).await?))
}

/// Those of a mentorship of which it is not known how they end.
pub async fn undecided(tx: &Tx<'_>, of: MentorshipId) -> Result<Vec<ObjectiveId>> {
    let query = objectives::table.filter(objectives::mentorship_id.eq(of));
    let query = query.filter(objectives::status.ne_all(DECIDED)).order(objectives::id);
    Ok(query.select(objectives::id).load(&mut tx.sql()).await?)
}
