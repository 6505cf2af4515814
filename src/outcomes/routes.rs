//! The addresses of outcomes.

use actix_web::{get, patch, post, web::Path};
use serde::Deserialize;
use utoipa::IntoParams;
use utoipa_actix_web::{scope, service_config::ServiceConfig};

use super::{
    payloads::{Change, Kind, MoveOutcome, Outcome, OutcomeFields, OutcomeFilter, Status},
    rules::{self, LIFECYCLE},
    store,
};
use crate::{
    access::{
        Granted, Permission,
        may::{ReadOutcomes, WriteOutcomes},
    },
    businesses,
    error::{ApiError, Result},
    http::{Answer, CreatedAt, Filter, IfMatch, Json, MergePatch, OneOf, Page, Query, Sort, Versioned},
    ids::{BusinessId, OutcomeId},
    lifecycle::Transitions,
    log::{self, Event, EventOut, HistoryFilter},
    records::{Record, cite_one},
};

pub fn routes(config: &mut ServiceConfig<'_>) {
    let of_business = scope("/businesses/{id}/outcomes").service(list_business_outcomes);
    config.service(of_business.service(create_outcome));
    let outcomes = scope("/outcomes").service(list_outcomes).service(get_outcome).service(update_outcome);
    let outcomes = outcomes.service(move_outcome).service(list_outcome_transitions);
    config.service(outcomes.service(list_outcome_history));
}

#[derive(Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
struct BusinessOutcomeFilter {
    #[param(inline)]
    kind: Option<OneOf<Kind>>,
    #[param(inline)]
    status: Option<OneOf<Status>>,
    #[param(inline)]
    change: Option<OneOf<Change>>,
}

impl Filter for BusinessOutcomeFilter {
    const SORTS: &'static [Sort] = OutcomeFilter::SORTS;
}

/// List outcomes.
///
/// The newest first: a desk finds here what waits to be verified.
#[utoipa::path(params(OutcomeFilter), responses((status = 200, body = Page<Outcome>)))]
#[get("")]
async fn list_outcomes(granted: Granted<ReadOutcomes>, query: Query<OutcomeFilter>) -> Result<Page<Outcome>> {
    store::list(&granted, query).await
}

/// List the outcomes of a business.
///
/// The newest first.
#[utoipa::path(params(BusinessId, BusinessOutcomeFilter), responses((status = 200, body = Page<Outcome>)))]
#[get("")]
async fn list_business_outcomes(
    granted: Granted<ReadOutcomes>,
    business: Path<BusinessId>,
    Query { filter, window }: Query<BusinessOutcomeFilter>,
) -> Result<Page<Outcome>> {
    let business = businesses::find(&granted, *business).await?;
    let BusinessOutcomeFilter { kind, status, change } = filter;
    let business_id = Some(OneOf(vec![business.id]));
    let filter =
        OutcomeFilter { business_id, kind, status, change, occurred_on_from: None, occurred_on_to: None };
    store::list(&granted, Query { filter, window }).await
}

/// Claim an outcome of a business.
///
/// What figures, disbursements, certificates and memberships show is proposed without being claimed.
#[utoipa::path(params(BusinessId), responses((status = 201, body = Outcome)))]
#[post("")]
async fn create_outcome(
    granted: Granted<WriteOutcomes>,
    business: Path<BusinessId>,
    Json(fields): Json<OutcomeFields>,
) -> Result<Answer> {
    granted
        .write(&fields, async |tx| {
            let business = businesses::lock(tx, tx.reach_of(Permission::ReadBusinesses)?, *business).await?;
            let flaws = rules::flaws(&fields, tx.today());
            ApiError::if_any(flaws)?;
            let made = store::insert(tx, business.id, &fields, None, tx.actor.user).await?;
            let outcome = made.ok_or_else(|| ApiError::internal("an outcome without a cause was there"))?;
            let event = Event::created(&*outcome);
            Ok((CreatedAt("/v1/outcomes", outcome), event))
        })
        .await
}

/// Get an outcome.
#[utoipa::path(responses((status = 200, body = Outcome)))]
#[get("/{id}")]
async fn get_outcome(granted: Granted<ReadOutcomes>, id: Path<OutcomeId>) -> Result<Versioned<Outcome>> {
    Ok(Versioned(store::find(&granted, *id).await?))
}

/// Change a claim.
///
/// As long as nobody has answered it: also to say that it is only a correction.
#[utoipa::path(
    request_body(content = OutcomeFields, content_type = "application/merge-patch+json"),
    responses((status = 200, body = Outcome)),
)]
#[patch("/{id}")]
async fn update_outcome(
    granted: Granted<WriteOutcomes>,
    id: Path<OutcomeId>,
    read: IfMatch,
    patch: MergePatch<OutcomeFields>,
) -> Result<Answer> {
    granted
        .write(&patch, async |tx| {
            let before = store::lock(tx, tx.reach, *id).await?;
            read.check(&before)?;
            LIFECYCLE.may_change(tx, &before, &[Status::Claimed])?;
            let fields = patch.apply(&before.fields, Outcome::READ)?;
            let mut flaws = rules::flaws(&fields, tx.today());
            flaws.extend(rules::fixed(&before.fields, &fields));
            ApiError::if_any(flaws)?;
            let after = store::update(tx, *id, &fields).await?;
            let event = Event::changed(&before, &*after, "updated");
            Ok((Versioned(after), event))
        })
        .await
}

/// Take an action on an outcome.
///
/// The owner confirms and says what the coaching had to do with it; somebody other than who claimed it
/// verifies it.
#[utoipa::path(responses((status = 200, body = Outcome)))]
#[post("/{id}/transitions")]
async fn move_outcome(
    granted: Granted<ReadOutcomes>,
    id: Path<OutcomeId>,
    read: Option<IfMatch>,
    Json(wanted): Json<MoveOutcome>,
) -> Result<Answer> {
    granted
        .write(&wanted, async |tx| {
            let before = store::lock(tx, tx.reach, *id).await?;
            IfMatch::check_if_sent(read.as_ref(), &before)?;
            let step = LIFECYCLE.decide(tx, &before, wanted.action, &wanted)?;
            let flaws = rules::answer_flaws(&wanted, tx.actor.party, tx.today());
            ApiError::if_any(flaws)?;
            let of = [before.id.into(), before.business_id.into()];
            cite_one(tx, &of, wanted.evidence.as_ref()).await?;
            let course = rules::course_after(&before.course, step, &wanted, (tx.actor.user, tx.now));
            let after = store::advance(tx, *id, &course).await?;
            let event = Event::changed(&before, &*after, step.event()).with("move", &wanted);
            Ok((Versioned(after), event))
        })
        .await
}

/// List an outcome's moves.
///
/// Where it stands, what the caller could do with it, and the moves that led there, the latest first.
#[utoipa::path(params(HistoryFilter), responses((status = 200, body = Transitions)))]
#[get("/{id}/transitions")]
async fn list_outcome_transitions(
    granted: Granted<ReadOutcomes>,
    id: Path<OutcomeId>,
    query: Query<HistoryFilter>,
) -> Result<Transitions> {
    LIFECYCLE.transitions(&granted, &*store::find(&granted, *id).await?, &query).await
}

/// List what happened to an outcome.
///
/// The latest first.
#[utoipa::path(params(HistoryFilter), responses((status = 200, body = Page<EventOut>)))]
#[get("/{id}/history")]
async fn list_outcome_history(
    granted: Granted<ReadOutcomes>,
    id: Path<OutcomeId>,
    query: Query<HistoryFilter>,
) -> Result<Page<EventOut>> {
    log::history(&granted, &*store::find(&granted, *id).await?, &query).await
}
