//! The addresses of assessments.

use actix_web::{get, patch, post, web::Path};
use utoipa_actix_web::{scope, service_config::ServiceConfig};

use super::{
    drafting,
    payloads::{Assessment, AssessmentFields, AssessmentFilter, MoveAssessment},
    progress, report,
    rules::{self, LIFECYCLE, OPEN_TO_CHANGE},
    simulation, steps, store,
};
use crate::{
    access::{
        Granted,
        may::{ExplainAssessments, ReadAssessments, WriteAssessments},
    },
    error::{ApiError, Result},
    http::{Answer, Created, Derived, IfMatch, Json, MergePatch, Page, Query, Versioned},
    ids::AssessmentId,
    instruments::{self, Explanation},
    lifecycle::Transitions,
    log::{self, Event, EventOut, HistoryFilter},
    records::Record,
};

pub fn routes(config: &mut ServiceConfig<'_>) {
    let assessments = scope("/assessments").service(list_assessments).service(get_assessment);
    let assessments = assessments.service(create_assessment).service(update_assessment);
    let assessments = assessments.service(move_assessment).service(list_assessment_transitions);
    let assessments = assessments.service(list_assessment_history).service(explain_assessment);
    config.service(assessments.service(report::get_assessment_report));
}

/// What assessments add to the addresses of others: to be mounted before those.
pub fn routes_below_others(config: &mut ServiceConfig<'_>) {
    progress::routes(config);
    simulation::routes(config);
}

/// List assessments.
///
/// The newest first.
#[utoipa::path(params(AssessmentFilter), responses((status = 200, body = Page<Assessment>)))]
#[get("")]
async fn list_assessments(
    granted: Granted<ReadAssessments>,
    query: Query<AssessmentFilter>,
) -> Result<Page<Assessment>> {
    store::list(&granted, query).await
}

/// Get an assessment.
#[utoipa::path(responses((status = 200, body = Assessment)))]
#[get("/{id}")]
async fn get_assessment(
    granted: Granted<ReadAssessments>,
    id: Path<AssessmentId>,
) -> Result<Versioned<Assessment>> {
    Ok(Versioned(store::find(&granted, *id).await?))
}

/// Draft an assessment of a business.
///
/// The owner drafts self-assessments; the mentor who coaches the business the others.
#[utoipa::path(responses((status = 201, body = Assessment)))]
#[post("")]
async fn create_assessment(
    granted: Granted<WriteAssessments>,
    Json(fields): Json<AssessmentFields>,
) -> Result<Answer> {
    granted
        .write(&fields, async |tx| {
            let assessment = drafting::draft(tx, &fields).await?;
            let event = Event::created(&*assessment);
            Ok((Created(assessment), event))
        })
        .await
}

/// Change the answers of an assessment.
///
/// `{"answers": {"BKP1": {"score": 3}}}` changes one answer, `{"answers": {"BKP1": null}}` removes it.
#[utoipa::path(
    request_body(content = AssessmentFields, content_type = "application/merge-patch+json"),
    responses((status = 200, body = Assessment)),
)]
#[patch("/{id}")]
async fn update_assessment(
    granted: Granted<WriteAssessments>,
    id: Path<AssessmentId>,
    read: IfMatch,
    patch: MergePatch<AssessmentFields>,
) -> Result<Answer> {
    granted
        .write(&patch, async |tx| {
            let before = store::lock(tx, tx.reach, *id).await?;
            read.check(&before)?;
            drafting::must_be_the_writer(tx, &before.fields).await?;
            LIFECYCLE.may_change(tx, &before, OPEN_TO_CHANGE)?;
            let fields = patch.apply(&before.fields, Assessment::READ)?;
            drafting::may_become(tx, *id, &before.fields, &fields).await?;
            let after = store::update(tx, *id, &fields).await?;
            let event = Event::changed(&before, &*after, "updated");
            Ok((Versioned(after), event))
        })
        .await
}

/// Submit, review or return an assessment.
///
/// When it is submitted, the facts about the business are frozen in it and it is scored. The action says
/// which permission it needs besides.
#[utoipa::path(responses((status = 200, body = Assessment)))]
#[post("/{id}/transitions")]
async fn move_assessment(
    granted: Granted<ReadAssessments>,
    id: Path<AssessmentId>,
    read: Option<IfMatch>,
    Json(wanted): Json<MoveAssessment>,
) -> Result<Answer> {
    granted
        .write(&wanted, async |tx| {
            let before = store::lock(tx, tx.reach, *id).await?;
            IfMatch::check_if_sent(read.as_ref(), &before)?;
            let step = LIFECYCLE.decide(tx, &before, wanted.action, &wanted)?;
            let course = steps::take(tx, &before, step, &wanted).await?;
            let after = store::advance(tx, *id, &course).await?;
            let event = steps::event(tx, &before, &after, step, &wanted).await?;
            Ok((Versioned(after), event))
        })
        .await
}

/// List the moves of an assessment.
///
/// Where it stands, what you could do with it, and its moves, the latest first.
#[utoipa::path(params(HistoryFilter), responses((status = 200, body = Transitions)))]
#[get("/{id}/transitions")]
async fn list_assessment_transitions(
    granted: Granted<ReadAssessments>,
    id: Path<AssessmentId>,
    query: Query<HistoryFilter>,
) -> Result<Transitions> {
    LIFECYCLE.transitions(&granted, &*store::find(&granted, *id).await?, &query).await
}

/// List what happened to an assessment.
///
/// The latest first.
#[utoipa::path(params(HistoryFilter), responses((status = 200, body = Page<EventOut>)))]
#[get("/{id}/history")]
async fn list_assessment_history(
    granted: Granted<ReadAssessments>,
    id: Path<AssessmentId>,
    query: Query<HistoryFilter>,
) -> Result<Page<EventOut>> {
    log::history(&granted, &*store::find(&granted, *id).await?, &query).await
}

/// Explain the result of an assessment.
///
/// Points for each answer, how far each class is, what would lift the result most; worked out from the
/// answers and facts as they were frozen.
#[utoipa::path(params(AssessmentId), responses((status = 200, body = Explanation)))]
#[get("/{id}/explanation")]
async fn explain_assessment(
    granted: Granted<ExplainAssessments>,
    id: Path<AssessmentId>,
) -> Result<Derived<Explanation>> {
    let assessment = store::find(&granted, *id).await?;
    let document = instruments::document(&granted, assessment.fields.instrument_id).await?;
    let explanation = rules::explained(&assessment, &document);
    explanation.map(Derived).ok_or_else(|| ApiError::blocked("not_submitted", Assessment::KIND, [*id]))
}
