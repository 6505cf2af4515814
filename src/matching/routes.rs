//! The addresses of a cohort's matching.

use actix_web::{HttpRequest, post, web::Path};
use utoipa_actix_web::{scope, service_config::ServiceConfig};

use super::{
    fit,
    payloads::{AppliedMatching, ApplyMatching, MatchCohort, Matching, NewProposal},
    plan::Facts,
    store,
};
use crate::{
    access::{Access, Granted, Permission, may::WriteMentorships},
    cohorts,
    db::Connection,
    error::{ApiError, Result},
    http::{Answer, Derived, Json, Shown, language::Language},
    ids::CohortId,
    log::Events,
    mentorships::{self, MentorshipFields},
    records::Record,
};

pub fn routes(config: &mut ServiceConfig<'_>) {
    config.service(scope("/cohorts/{id}/matching").service(match_cohort).service(apply_cohort_matching));
}

/// Match a cohort's businesses with mentors.
///
/// The best assignment of all businesses that take part and have no mentor yet, to the mentors with a
/// place free. Nothing is stored: pin and exclude pairs and ask again, then apply it.
#[utoipa::path(params(CohortId), responses((status = 200, body = Matching)))]
#[post("")]
async fn match_cohort(
    granted: Granted<WriteMentorships>,
    id: Path<CohortId>,
    request: HttpRequest,
    Json(choices): Json<MatchCohort>,
) -> Result<Derived<Matching>> {
    let cohort = cohorts::find(&granted, *id).await?;
    // Long reads keep off the connection that the worker's short ones share.
    let connection = granted.worker.db.long().await?;
    let facts = facts(&granted, &connection, cohort.id, choices).await?;
    matched(facts, Language::of(request.headers())).await.map(Derived)
}

/// Apply a cohort's matching.
///
/// Proposes each of its pairs, or none: when the facts have changed since, 409 `facts_changed`, and when
/// one proposal cannot be made, that one's reason.
#[utoipa::path(params(CohortId), responses((status = 201, body = AppliedMatching)))]
#[post("/apply")]
async fn apply_cohort_matching(
    granted: Granted<WriteMentorships>,
    id: Path<CohortId>,
    Json(wanted): Json<ApplyMatching>,
) -> Result<Answer> {
    granted
        .write(&wanted, async |tx| {
            let cohort = cohorts::lock(tx, tx.reach_of(Permission::ReadCohorts)?, *id).await?;
            let (pinned, excluded) = (wanted.pinned.clone(), wanted.excluded.clone());
            let facts = facts(tx, tx.sql(), cohort.id, MatchCohort { pinned, excluded }).await?;
            if facts.version()? != wanted.version {
                return Err(ApiError::blocked("facts_changed", cohorts::Cohort::KIND, [cohort.id]));
            }
            let (mut proposals, mut events) = (Vec::new(), Vec::new());
            for pair in matched(facts, Language::Indonesian).await?.pairs {
                let (business_id, mentor_id) = (pair.business_id, pair.mentor_id);
                let fields = MentorshipFields {
                    cohort_id: cohort.id,
                    business_id,
                    mentor_id,
                    letter: None,
                    note: None,
                };
                let (mentorship, (created, more)) = mentorships::propose(tx, &fields).await?;
                proposals.push(NewProposal { mentorship_id: mentorship.id, business_id, mentor_id });
                events.push(created);
                events.extend(more);
            }
            if proposals.is_empty() {
                return Err(ApiError::blocked("nothing_to_propose", cohorts::Cohort::KIND, [cohort.id]));
            }
            Ok((Shown { of: None, once: AppliedMatching { proposals } }, Events::all(events)))
        })
        .await
}

async fn facts(
    access: &Access,
    sql: &Connection,
    cohort_id: CohortId,
    choices: MatchCohort,
) -> Result<Facts> {
    let reference = access.worker.reference();
    let mut forbidden = store::forbidden(sql, cohort_id, access.today()).await?;
    forbidden.extend(choices.excluded.iter().map(|pair| (pair.business_id, pair.mentor_id)));
    let facts = Facts {
        cohort_id,
        seekers: store::seekers(sql, cohort_id).await?,
        candidates: store::candidates(sql, &reference, access.today()).await?,
        weights: fit::weights(reference.matching_terms(access.today())),
        forbidden,
        pinned: choices.pinned,
    };
    ApiError::if_any(facts.flaws())?;
    Ok(facts)
}

/// On another thread: the worker answers others meanwhile.
async fn matched(facts: Facts, language: Language) -> Result<Matching> {
    actix_web::web::block(move || facts.matched(language)).await.map_err(ApiError::internal)?
}
