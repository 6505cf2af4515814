//! Queries on `plans` and `plan_versions`. Every read starts from `visible_to`.

use std::rc::Rc;

use diesel::prelude::*;
use diesel_async::RunQueryDsl;
use uuid::Uuid;

use super::{
    payloads::{Body, Course, Plan, PlanFields, PlanVersion, PlanVersionFilter, Status},
    rules::capital_need,
};
use crate::{
    access::{Access, Party, Reach, Visible},
    db::{
        Every, Nothing,
        schema::{plan_versions, plans},
    },
    error::{ApiError, Result},
    http::{Page, Query, page},
    ids::{MentorshipId, PlanId},
    log::Event,
    mentorships::payloads::Mentorship,
    records::{Tx, shared_with},
};

/// As its mentorship's, but none to an institution.
fn visible_to(reach: Reach) -> Visible<plans::table> {
    match reach {
        Reach::All => Box::new(Every),
        Reach::Own(Party::Mentor(id)) => Box::new(plans::mentor_id.eq(id)),
        Reach::Shared(party) => Box::new(shared_with(party, "plans.business_id")),
        Reach::Own(_) => Box::new(Nothing),
    }
}

/// The one plan of a mentorship.
pub async fn find(access: &Access, of: MentorshipId) -> Result<Rc<Plan>> {
    let query = plans::table.filter(visible_to(access.reach)).filter(plans::mentorship_id.eq(of));
    let reader = access.worker.db.reader().await?;
    Ok(Rc::new(query.select(Plan::as_select()).first(&mut &*reader).await?))
}

/// The accepted versions of a plan that the caller has found, before the one that it has now.
pub async fn earlier(
    access: &Access,
    of: PlanId,
    Query { window, .. }: Query<PlanVersionFilter>,
) -> Result<Page<PlanVersion>> {
    let rows = || plan_versions::table.filter(plan_versions::plan_id.eq(of)).into_boxed();
    page!(access, window, rows(), PlanVersion)
}

/// The same, all of them, the earliest first.
pub async fn versions(access: &Access, of: PlanId) -> Result<Vec<(i32, PlanFields)>> {
    let rows = plan_versions::table.filter(plan_versions::plan_id.eq(of)).order(plan_versions::plan_version);
    let rows = rows.select((plan_versions::plan_version, plan_versions::body));
    let rows: Vec<(i32, Body)> = rows.load(&mut &*access.worker.db.reader().await?).await?;
    Ok(rows.into_iter().map(|(version, Body(fields))| (version, fields)).collect())
}

pub async fn insert(tx: &Tx<'_>, of: &Mentorship, fields: &PlanFields) -> Result<Rc<Plan>> {
    let new = (
        plans::id.eq(PlanId::generate()),
        plans::mentorship_id.eq(of.id),
        plans::business_id.eq(of.fields.business_id),
        plans::mentor_id.eq(of.fields.mentor_id),
        plans::plan_version.eq(1),
        plans::status.eq(Status::Draft),
        plans::missing.eq(Vec::<String>::new()),
        plans::capital_need_idr.eq(capital_need(fields)),
        plans::created_at.eq(tx.now),
        plans::updated_at.eq(tx.now),
        fields,
    );
    let insert = diesel::insert_into(plans::table).values(new).on_conflict(plans::mentorship_id).do_nothing();
    let plan = insert.returning(Plan::as_returning()).get_result(&mut tx.sql()).await.optional()?;
    let of = Some(format!("/v1/mentorships/{}/plan", of.id));
    plan.map(Rc::new).ok_or(ApiError::Duplicate { what: "plan".into(), of })
}

/// Reads a plan and holds its row until the transaction ends.
pub async fn lock(tx: &Tx<'_>, reach: Reach, of: MentorshipId) -> Result<Plan> {
    let query = plans::table.filter(visible_to(reach)).filter(plans::mentorship_id.eq(of));
    Ok(query.select(Plan::as_select()).for_update().first(&mut tx.sql()).await?)
}

pub async fn update(tx: &Tx<'_>, id: PlanId, fields: &PlanFields) -> Result<Rc<Plan>> {
    let change = (
        fields,
        plans::capital_need_idr.eq(capital_need(fields)),
        plans::version.eq(plans::version + 1),
        plans::updated_at.eq(tx.now),
    );
    let update = diesel::update(plans::table.find(id)).set(change);
    Ok(Rc::new(update.returning(Plan::as_returning()).get_result(&mut tx.sql()).await?))
}

/// The plan is the present mentor's alone.
pub async fn pass_on(tx: &Tx<'_>, after: &Mentorship) -> Result<Vec<Event>> {
    let before = plans::table.filter(plans::mentorship_id.eq(after.id)).select(Plan::as_select());
    let before: Option<Plan> = before.for_update().first(&mut tx.sql()).await.optional()?;
    let Some(before) = before else { return Ok(vec![]) };
    let change = (
        plans::mentor_id.eq(after.fields.mentor_id),
        plans::version.eq(plans::version + 1),
        plans::updated_at.eq(tx.now),
    );
    let update = diesel::update(plans::table.find(before.id)).set(change);
    let passed: Plan = update.returning(Plan::as_returning()).get_result(&mut tx.sql()).await?;
    Ok(vec![Event::changed(&before, &passed, "updated")])
}

pub async fn advance(tx: &Tx<'_>, id: PlanId, course: &Course) -> Result<Rc<Plan>> {
    let change = (course, plans::version.eq(plans::version + 1), plans::updated_at.eq(tx.now));
    let update = diesel::update(plans::table.find(id)).set(change);
    Ok(Rc::new(update.returning(Plan::as_returning()).get_result(&mut tx.sql()).await?))
}

/// Keeps an accepted version before the next one is begun.
pub async fn keep(tx: &Tx<'_>, plan: &Plan) -> Result<()> {
    let row = (
        plan_versions::id.eq(Uuid::now_v7()),
        plan_versions::plan_id.eq(plan.id),
        plan_versions::plan_version.eq(plan.course.plan_version),
        plan_versions::body.eq(Body(plan.fields.clone())),
        plan_versions::accepted_at.eq(plan.course.accepted_at),
        plan_versions::version.eq(1_i64),
        plan_versions::created_at.eq(tx.now),
        plan_versions::updated_at.eq(tx.now),
    );
    diesel::insert_into(plan_versions::table).values(row).execute(&mut tx.sql()).await?;
    Ok(())
}
