//! The addresses of a mentorship's plan.

use actix_web::{get, patch, post, web::Path};
use utoipa_actix_web::service_config::ServiceConfig;
use uuid::Uuid;

use super::{
    changes,
    payloads::{MovePlan, Plan, PlanFields, PlanVersion, PlanVersionFilter},
    rules::{self, LIFECYCLE},
    steps, store,
};
use crate::{
    access::{
        Granted, Reach,
        may::{ReadPlans, WritePlans},
    },
    error::Result,
    http::{Answer, CreatedHere, IfMatch, Json, MergePatch, Page, Query, Versioned},
    ids::MentorshipId,
    lifecycle::Transitions,
    log::{self, Event, EventOut, HistoryFilter},
    mentorships::store as mentorships,
    records::Record,
};

pub fn routes(config: &mut ServiceConfig<'_>) {
    config.service(get_plan).service(create_plan).service(update_plan).service(list_plan_versions);
    config.service(move_plan).service(list_plan_transitions).service(list_plan_history);
    config.service(changes::get_plan_changes);
}

/// Get a mentorship's plan.
#[utoipa::path(responses((status = 200, body = Plan)))]
#[get("/{id}/plan")]
async fn get_plan(granted: Granted<ReadPlans>, id: Path<MentorshipId>) -> Result<Versioned<Plan>> {
    Ok(Versioned(store::find(&granted, *id).await?))
}

/// Begin a mentorship's plan.
///
/// While the mentorship is accepted or active. It has one; a later plan is a revision of it.
#[utoipa::path(responses((status = 201, body = Plan)))]
#[post("/{id}/plan")]
async fn create_plan(
    granted: Granted<WritePlans>,
    id: Path<MentorshipId>,
    Json(fields): Json<PlanFields>,
) -> Result<Answer> {
    granted
        .write(&fields, async |tx| {
            let mentorship = mentorships::lock(tx, tx.reach, *id).await?;
            mentorship.must_run()?;
            let fields = rules::checked(fields.clone(), &[], Uuid::now_v7)?;
            let plan = store::insert(tx, &mentorship, &fields).await?;
            let event = Event::created(&*plan);
            Ok((CreatedHere(plan), event))
        })
        .await
}

/// Change a plan that is a draft.
#[utoipa::path(
    request_body(content = PlanFields, content_type = "application/merge-patch+json"),
    responses((status = 200, body = Plan)),
)]
#[patch("/{id}/plan")]
async fn update_plan(
    granted: Granted<WritePlans>,
    id: Path<MentorshipId>,
    read: IfMatch,
    patch: MergePatch<PlanFields>,
) -> Result<Answer> {
    granted
        .write(&patch, async |tx| {
            let mentorship = mentorships::lock(tx, tx.reach, *id).await?;
            let before = store::lock(tx, tx.reach, *id).await?;
            read.check(&before)?;
            mentorship.must_run()?;
            rules::must_be_draft(&before)?;
            let fields = patch.apply(&before.fields, Plan::READ)?;
            let fields = rules::checked(fields, &before.fields.items, Uuid::now_v7)?;
            let after = store::update(tx, before.id, &fields).await?;
            let event = Event::changed(&before, &*after, "updated");
            Ok((Versioned(after), event))
        })
        .await
}

/// Take an action on a plan.
///
/// The action says which permission it needs besides.
#[utoipa::path(responses((status = 200, body = Plan)))]
#[post("/{id}/plan/transitions")]
async fn move_plan(
    granted: Granted<ReadPlans>,
    id: Path<MentorshipId>,
    read: Option<IfMatch>,
    Json(wanted): Json<MovePlan>,
) -> Result<Answer> {
    granted
        .write(&wanted, async |tx| {
            let mentorship = mentorships::lock(tx, Reach::All, *id).await?;
            let before = store::lock(tx, tx.reach, *id).await?;
            IfMatch::check_if_sent(read.as_ref(), &before)?;
            let step = LIFECYCLE.decide(tx, &before, wanted.action, &wanted)?;
            mentorship.must_run()?;
            let course = steps::take(tx, &before, step, &wanted).await?;
            let after = store::advance(tx, before.id, &course).await?;
            let event = Event::changed(&before, &*after, step.event()).with("move", &wanted);
            Ok((Versioned(after.clone()), event.with("capital_need_idr", &after.capital_need_idr)))
        })
        .await
}

/// List a plan's moves.
///
/// Where it stands, what the caller could do with it, and the moves that led there, the latest first.
#[utoipa::path(params(HistoryFilter), responses((status = 200, body = Transitions)))]
#[get("/{id}/plan/transitions")]
async fn list_plan_transitions(
    granted: Granted<ReadPlans>,
    id: Path<MentorshipId>,
    query: Query<HistoryFilter>,
) -> Result<Transitions> {
    LIFECYCLE.transitions(&granted, &*store::find(&granted, *id).await?, &query).await
}

/// List a plan's accepted versions before the present one.
///
/// The latest first.
#[utoipa::path(params(PlanVersionFilter), responses((status = 200, body = Page<PlanVersion>)))]
#[get("/{id}/plan/versions")]
async fn list_plan_versions(
    granted: Granted<ReadPlans>,
    id: Path<MentorshipId>,
    query: Query<PlanVersionFilter>,
) -> Result<Page<PlanVersion>> {
    let plan = store::find(&granted, *id).await?;
    store::earlier(&granted, plan.id, query).await
}

/// List what happened to a plan.
///
/// The latest first.
#[utoipa::path(params(HistoryFilter), responses((status = 200, body = Page<EventOut>)))]
#[get("/{id}/plan/history")]
async fn list_plan_history(
    granted: Granted<ReadPlans>,
    id: Path<MentorshipId>,
    query: Query<HistoryFilter>,
) -> Result<Page<EventOut>> {
    log::history(&granted, &*store::find(&granted, *id).await?, &query).await
}
