//! The addresses of follow-ups and their waves.

use actix_web::{get, post, web::Path};
use chrono::Duration;
use utoipa_actix_web::{scope, service_config::ServiceConfig};

use super::{
    answer::{Answer as Given, take},
    links,
    payloads::{
        AnswerFollowUp, Channel, Course, FollowUp, FollowUpFilter, FollowUpLink, FollowUpWave,
        FollowUpWaveFilter, Status,
    },
    store,
};
use crate::{
    access::{
        Granted,
        may::{AnswerFollowUps, LinkFollowUps, ReadFollowUpWaves, ReadFollowUps},
    },
    businesses,
    error::{ApiError, Result},
    http::{Answer, Code, Json, Page, Query, Shown, Versioned},
    ids::{FollowUpId, FollowUpWaveId},
    log::{self, Event, EventOut, HistoryFilter},
    records::Record,
    secrets::random,
};

/// How long a link is good.
const LIFE: Duration = Duration::days(30);

pub fn routes(config: &mut ServiceConfig<'_>) {
    let waves = scope("/follow-up-waves").service(list_follow_up_waves).service(get_follow_up_wave);
    let follow_ups = scope("/follow-ups").service(list_follow_ups).service(get_follow_up);
    let follow_ups = follow_ups.service(create_follow_up_link).service(answer_follow_up);
    config.service(waves).service(follow_ups.service(list_follow_up_history));
}

/// List follow-up waves.
///
/// The newest first. They open when a cohort is completed, one for each of its `follow_up_months`.
#[utoipa::path(params(FollowUpWaveFilter), responses((status = 200, body = Page<FollowUpWave>)))]
#[get("")]
async fn list_follow_up_waves(
    granted: Granted<ReadFollowUpWaves>,
    query: Query<FollowUpWaveFilter>,
) -> Result<Page<FollowUpWave>> {
    store::waves(&granted, query).await
}

/// Get a follow-up wave.
#[utoipa::path(responses((status = 200, body = FollowUpWave)))]
#[get("/{id}")]
async fn get_follow_up_wave(
    granted: Granted<ReadFollowUpWaves>,
    id: Path<FollowUpWaveId>,
) -> Result<Versioned<FollowUpWave>> {
    Ok(Versioned(store::wave(&granted, *id).await?))
}

/// List follow-ups.
///
/// The newest first: with `status=due&due_on_to=` the list of who has to be asked.
#[utoipa::path(params(FollowUpFilter), responses((status = 200, body = Page<FollowUp>)))]
#[get("")]
async fn list_follow_ups(
    granted: Granted<ReadFollowUps>,
    query: Query<FollowUpFilter>,
) -> Result<Page<FollowUp>> {
    store::list(&granted, query).await
}

/// Get a follow-up.
#[utoipa::path(responses((status = 200, body = FollowUp)))]
#[get("/{id}")]
async fn get_follow_up(granted: Granted<ReadFollowUps>, id: Path<FollowUpId>) -> Result<Versioned<FollowUp>> {
    Ok(Versioned(store::find(&granted, *id).await?))
}

/// Issue the link by which the owner answers.
///
/// It leads to a page that needs no log-in, is good for 30 days and for one answer, and takes the place of
/// an earlier one. It is shown this once.
#[utoipa::path(responses((status = 201, body = FollowUpLink)))]
#[post("/{id}/link")]
async fn create_follow_up_link(granted: Granted<LinkFollowUps>, id: Path<FollowUpId>) -> Result<Answer> {
    granted
        .write(&(), async |tx| {
            let before = store::lock(tx, tx.reach, *id).await?;
            if before.course.status != Status::Due {
                return Err(ApiError::blocked("answered_already", FollowUp::KIND, [before.id]));
            }
            let (link, expires_at) = (random::link().map_err(ApiError::internal)?, tx.now + LIFE);
            store::replace_link(tx, before.id, &links::mac(tx, &link)?, expires_at).await?;
            let course = Course { link_expires_at: Some(expires_at), ..before.course.clone() };
            let after = store::advance(tx, *id, &course).await?;
            let event = Event::changed(&before, &*after, "link_issued");
            let once = FollowUpLink { path: format!("/follow-up/{link}"), expires_at };
            Ok((Shown { of: None, once }, event))
        })
        .await
}

/// Answer a follow-up after a visit.
///
/// With a snapshot of the business, or saying that it has closed.
#[utoipa::path(responses((status = 200, body = FollowUp)))]
#[post("/{id}/answer")]
async fn answer_follow_up(
    granted: Granted<AnswerFollowUps>,
    id: Path<FollowUpId>,
    Json(given): Json<AnswerFollowUp>,
) -> Result<Answer> {
    granted
        .write(&given, async |tx| {
            let before = store::lock(tx, tx.reach, *id).await?;
            let mut flaws = Vec::new();
            match &given.snapshot {
                None if !given.closed => flaws.push(Code::Required.at("/snapshot")),
                Some(_) if given.closed => flaws.push(Code::Conflict.expecting("/closed", "snapshot")),
                Some(fields) => {
                    flaws.extend(businesses::snapshot_flaws(
                        fields,
                        tx.actor.rows_as,
                        tx.today(),
                        "/snapshot",
                    ));
                }
                None => (),
            }
            ApiError::if_any(flaws)?;
            let (snapshot, attribution) = (given.snapshot.clone(), given.attribution);
            let answer = Given { snapshot, channel: Channel::Visit, attribution };
            let (after, events) = take(tx, &before, answer).await?;
            Ok((Versioned(after), events))
        })
        .await
}

/// List what happened to a follow-up.
///
/// The latest first.
#[utoipa::path(params(HistoryFilter), responses((status = 200, body = Page<EventOut>)))]
#[get("/{id}/history")]
async fn list_follow_up_history(
    granted: Granted<ReadFollowUps>,
    id: Path<FollowUpId>,
    query: Query<HistoryFilter>,
) -> Result<Page<EventOut>> {
    log::history(&granted, &*store::find(&granted, *id).await?, &query).await
}
