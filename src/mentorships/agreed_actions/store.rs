//! Queries on `agreed_actions`. Every read starts from `visible_to`.

use std::rc::Rc;

use chrono::NaiveDate;
use diesel::{
    dsl::{exists, not},
    prelude::*,
};
use diesel_async::RunQueryDsl;

use super::payloads::{AgreedAction, AgreedActionFilter, NewAction};
use crate::{
    access::{Access, Party, Reach, Visible},
    db::{
        Every, Nothing,
        schema::{agreed_action_reminders as reminders, agreed_actions},
    },
    error::{ApiError, Result},
    http::{Page, Query, narrow, page},
    ids::{AgreedActionId, MentorshipId},
    log::Event,
    mentorships::{
        payloads::{Mentorship, readers_with},
        sessions::Session,
    },
    records::{Gathered, Tx, gather, shared_with, whole},
    worker::Worker,
};

/// As its mentorship's, but none to an institution.
fn visible_to(reach: Reach) -> Visible<agreed_actions::table> {
    match reach {
        Reach::All => Box::new(Every),
        Reach::Own(Party::Mentor(id)) => Box::new(agreed_actions::mentor_ids.contains(vec![id])),
        Reach::Shared(party) => Box::new(shared_with(party, "agreed_actions.business_id")),
        Reach::Own(_) => Box::new(Nothing),
    }
}

whole!(agreed_actions => AgreedAction);

impl Gathered for AgreedAction {
    async fn fetch(worker: &Worker, reach: Reach, ids: &[AgreedActionId]) -> Result<Vec<Self>> {
        let query = agreed_actions::table.filter(visible_to(reach)).filter(agreed_actions::id.eq_any(ids));
        Ok(query.select(Self::as_select()).load(&mut &*worker.db.reader().await?).await?)
    }
}

pub async fn find(access: &Access, of: MentorshipId, id: AgreedActionId) -> Result<Rc<AgreedAction>> {
    let action = gather::one::<AgreedAction>(access, id).await?;
    if action.mentorship_id == of { Ok(action) } else { Err(ApiError::NotFound) }
}

pub async fn list(
    access: &Access,
    of: MentorshipId,
    Query { filter, window }: Query<AgreedActionFilter>,
) -> Result<Page<AgreedAction>> {
    let rows = || {
        let mut query = agreed_actions::table.filter(visible_to(access.reach)).into_boxed();
        query = query.filter(agreed_actions::mentorship_id.eq(of));
        narrow!(query by filter => agreed_actions: session_id);
        match filter.done {
            Some(true) => query.filter(agreed_actions::done_on.is_not_null()),
            Some(false) => query.filter(agreed_actions::done_on.is_null()),
            None => query,
        }
    };
    page!(access, window, rows(), AgreedAction)
}

/// Reads an action and holds its row until the transaction ends.
pub async fn lock(tx: &Tx<'_>, reach: Reach, of: MentorshipId, id: AgreedActionId) -> Result<AgreedAction> {
    let query = agreed_actions::table.find(id).filter(visible_to(reach));
    let query = query.filter(agreed_actions::mentorship_id.eq(of));
    Ok(query.select(AgreedAction::as_select()).for_update().first(&mut tx.sql()).await?)
}

pub async fn update(tx: &Tx<'_>, id: AgreedActionId, fields: &NewAction) -> Result<Rc<AgreedAction>> {
    let change = (
        fields,
        agreed_actions::version.eq(agreed_actions::version + 1),
        agreed_actions::updated_at.eq(tx.now),
    );
    let update = diesel::update(agreed_actions::table.find(id)).set(change);
    Ok(Rc::new(update.returning(AgreedAction::as_returning()).get_result(&mut tx.sql()).await?))
}

/// Makes these the actions of a session that is being reported: what an earlier report agreed is gone.
pub async fn agree(tx: &Tx<'_>, session: &Session, actions: &[NewAction]) -> Result<Vec<Event>> {
    let of_session = agreed_actions::table.filter(agreed_actions::session_id.eq(session.id));
    let gone = diesel::delete(of_session).returning(AgreedAction::as_returning());
    let gone: Vec<AgreedAction> = gone.get_results(&mut tx.sql()).await?;
    let mut events: Vec<_> = gone.iter().map(Event::deleted).collect();
    for action in actions {
        let new = (
            agreed_actions::id.eq(AgreedActionId::generate()),
            agreed_actions::session_id.eq(session.id),
            agreed_actions::mentorship_id.eq(session.mentorship_id),
            agreed_actions::business_id.eq(session.business_id),
            agreed_actions::mentor_ids.eq(&session.mentor_ids),
            agreed_actions::created_at.eq(tx.now),
            agreed_actions::updated_at.eq(tx.now),
            action,
        );
        let insert = diesel::insert_into(agreed_actions::table).values(new);
        let action: AgreedAction =
            insert.returning(AgreedAction::as_returning()).get_result(&mut tx.sql()).await?;
        events.push(Event::created(&action));
    }
    Ok(events)
}

/// Lets the mentor to whom the mentorship passes see what was agreed.
pub async fn pass_on(tx: &Tx<'_>, after: &Mentorship) -> Result<Vec<Event>> {
    let to = after.fields.mentor_id;
    let all = agreed_actions::table.filter(agreed_actions::mentorship_id.eq(after.id));
    let all: Vec<AgreedAction> =
        all.select(AgreedAction::as_select()).for_update().load(&mut tx.sql()).await?;
    let mut events = Vec::new();
    for before in all {
        let change = (
            agreed_actions::mentor_ids.eq(readers_with(&before.mentor_ids, to)),
            agreed_actions::version.eq(agreed_actions::version + 1),
            agreed_actions::updated_at.eq(tx.now),
        );
        let update = diesel::update(agreed_actions::table.find(before.id)).set(change);
        let passed: AgreedAction =
            update.returning(AgreedAction::as_returning()).get_result(&mut tx.sql()).await?;
        events.push(Event::changed(&before, &passed, "updated"));
    }
    Ok(events)
}

/// Those that are due between the days and of which nobody was reminded, noting that somebody is now.
pub async fn to_remind_of(tx: &Tx<'_>, from: NaiveDate, to: NaiveDate) -> Result<Vec<AgreedAction>> {
    let due = agreed_actions::table.filter(agreed_actions::done_on.is_null());
    let due = due.filter(agreed_actions::due_on.assume_not_null().between(from, to));
    let known = reminders::table.filter(reminders::action_id.eq(agreed_actions::id));
    let known = known.filter(reminders::due_on.eq(agreed_actions::due_on.assume_not_null()));
    let due = due.filter(not(exists(known))).order(agreed_actions::due_on).limit(500);
    let due: Vec<AgreedAction> = due.select(AgreedAction::as_select()).load(&mut tx.sql()).await?;
    let row = |action: &AgreedAction| {
        action.fields.due_on.map(|day| (reminders::action_id.eq(action.id), reminders::due_on.eq(day)))
    };
    let rows: Vec<_> = due.iter().filter_map(row).collect();
    if rows.is_empty() {
        return Ok(due);
    }
    diesel::insert_into(reminders::table).values(rows).execute(&mut tx.sql()).await?;
    Ok(due)
}
