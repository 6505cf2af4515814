//! The address of a mentor's evaluation.

use actix_web::{get, web::Path};
use chrono::NaiveDate;
use utoipa_actix_web::{scope, service_config::ServiceConfig};

use super::{
    payloads::Evaluation,
    rules::{self, Span},
    store,
};
use crate::{
    access::{Access, Granted, may::ReadEvaluations},
    error::{ApiError, Result},
    http::Derived,
    ids::MentorId,
    mentors,
};

pub fn routes(config: &mut ServiceConfig<'_>) {
    config.service(scope("/mentors/{id}/evaluations").service(get_mentor_evaluation));
}

/// Get what a mentor did in a year.
///
/// Sessions, minutes, objectives and mentorships, in numbers; also while the year runs.
#[utoipa::path(
    params(MentorId, ("year" = i32, Path, minimum = 2000, maximum = 9999)),
    responses((status = 200, body = Evaluation)),
)]
#[get("/{year}")]
async fn get_mentor_evaluation(
    granted: Granted<ReadEvaluations>,
    path: Path<(MentorId, i32)>,
) -> Result<Derived<Evaluation>> {
    let access: &Access = &granted;
    let (id, year) = *path;
    let mentor = mentors::find(access, id).await?;
    let span = span(access, year).ok_or(ApiError::NotFound)?;
    let mentorships = store::mentorships_of(access, mentor.id).await?;
    let ids: Vec<_> = mentorships.iter().map(|it| it.id).collect();
    let (sessions, minutes) = rules::sessions(&store::sessions_of(access, mentor.id, &span).await?, &span);
    Ok(Derived(Evaluation {
        mentor_id: mentor.id,
        year,
        mentorships: rules::mentorships(&mentorships, &span),
        sessions,
        minutes,
        objectives: rules::objectives(&store::objectives_of(access, &ids, &span).await?),
        plans_accepted: store::plans_accepted(access, &ids, &span).await?,
    }))
}

fn span(access: &Access, year: i32) -> Option<Span> {
    let first = |year| NaiveDate::from_ymd_opt(year, 1, 1).map(|day| access.worker.start_of(day));
    let known = (2000..=9999).contains(&year);
    Some(Span { year, begins: first(year).filter(|_| known)?, ends: first(year.checked_add(1)?)? })
}
