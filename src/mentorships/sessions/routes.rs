//! The addresses of a mentorship's sessions.

use actix_web::{get, patch, post, web::Path};
use utoipa_actix_web::service_config::ServiceConfig;

use super::{
    code_letters, codes,
    payloads::{Action, MoveSession, Session, SessionFields, SessionFilter, Status},
    rules::{self, LIFECYCLE},
    steps, store,
};
use crate::{
    access::{
        Granted, Reach,
        may::{ReadSessions, WriteSessions},
    },
    error::{ApiError, Result},
    http::{Answer, Created, IfMatch, Json, MergePatch, Page, Query, Versioned},
    ids::{MentorshipId, SessionId},
    lifecycle::Transitions,
    log::{Event, HistoryFilter},
    mentorships::{agreed_actions, store as mentorships},
    records::Record,
};

pub fn routes(config: &mut ServiceConfig<'_>) {
    config.service(list_sessions).service(get_session).service(create_session).service(update_session);
    config.service(move_session).service(list_session_transitions).service(codes::create_session_code);
    config.service(code_letters::send_session_code);
}

/// List a mentorship's sessions.
///
/// The newest first.
#[utoipa::path(params(SessionFilter), responses((status = 200, body = Page<Session>)))]
#[get("/{id}/sessions")]
async fn list_sessions(
    granted: Granted<ReadSessions>,
    id: Path<MentorshipId>,
    query: Query<SessionFilter>,
) -> Result<Page<Session>> {
    mentorships::find(&granted, *id).await?;
    store::list(&granted, *id, query).await
}

/// Get a session.
#[utoipa::path(
    params(("id" = MentorshipId, Path), ("session_id" = SessionId, Path)),
    responses((status = 200, body = Session)),
)]
#[get("/{id}/sessions/{session_id}")]
async fn get_session(
    granted: Granted<ReadSessions>,
    ids: Path<(MentorshipId, SessionId)>,
) -> Result<Versioned<Session>> {
    Ok(Versioned(store::find(&granted, ids.0, ids.1).await?))
}

/// Plan a session.
///
/// While the mentorship is accepted or active; it can be held once that is active.
#[utoipa::path(responses((status = 201, body = Session)))]
#[post("/{id}/sessions")]
async fn create_session(
    granted: Granted<WriteSessions>,
    id: Path<MentorshipId>,
    Json(fields): Json<SessionFields>,
) -> Result<Answer> {
    granted
        .write(&fields, async |tx| {
            let mentorship = mentorships::lock(tx, tx.reach, *id).await?;
            mentorship.must_run()?;
            let session = store::insert(tx, &mentorship, &fields).await?;
            let event = Event::created(&*session);
            Ok((Created(session), event))
        })
        .await
}

/// Change what is planned.
#[utoipa::path(
    params(("id" = MentorshipId, Path), ("session_id" = SessionId, Path)),
    request_body(content = SessionFields, content_type = "application/merge-patch+json"),
    responses((status = 200, body = Session)),
)]
#[patch("/{id}/sessions/{session_id}")]
async fn update_session(
    granted: Granted<WriteSessions>,
    ids: Path<(MentorshipId, SessionId)>,
    read: IfMatch,
    patch: MergePatch<SessionFields>,
) -> Result<Answer> {
    granted
        .write(&patch, async |tx| {
            let before = store::lock(tx, tx.reach, ids.0, ids.1).await?;
            read.check(&before)?;
            rules::is_own(&before, tx.actor.party)?;
            if before.report.status != Status::Planned {
                let code = "wrong_status";
                return Err(ApiError::NotPossible { action: "update", code, possible: vec![] });
            }
            let fields = patch.apply(&before.fields, Session::READ)?;
            let after = store::update(tx, ids.1, &fields).await?;
            let event = Event::changed(&before, &*after, "updated");
            Ok((Versioned(after), event))
        })
        .await
}

/// Take an action on a session.
///
/// The action says which permission it needs besides.
#[utoipa::path(
    params(("id" = MentorshipId, Path), ("session_id" = SessionId, Path)),
    responses((status = 200, body = Session)),
)]
#[post("/{id}/sessions/{session_id}/transitions")]
async fn move_session(
    granted: Granted<ReadSessions>,
    ids: Path<(MentorshipId, SessionId)>,
    read: Option<IfMatch>,
    Json(wanted): Json<MoveSession>,
) -> Result<Answer> {
    granted
        .write(&wanted, async |tx| {
            let mentorship = mentorships::lock(tx, Reach::All, ids.0).await?;
            let before = store::lock(tx, tx.reach, ids.0, ids.1).await?;
            IfMatch::check_if_sent(read.as_ref(), &before)?;
            let step = LIFECYCLE.decide(tx, &before, wanted.action, &wanted)?;
            let report = steps::take(tx, &mentorship, &before, step, &wanted).await?;
            let after = store::advance(tx, ids.1, &report, wanted.place.as_deref()).await?;
            let mut more = Vec::new();
            if step.action == Action::Hold {
                more =
                    agreed_actions::agree(tx, &after, wanted.agreed_actions.as_deref().unwrap_or_default())
                        .await?;
            }
            let event =
                Event::changed(&before, &*after, step.event()).with("move", &wanted.without_secrets());
            Ok((Versioned(after), (event, more)))
        })
        .await
}

/// List a session's moves.
///
/// Where it stands, what the caller could do with it, and the moves that led there, the latest first.
#[utoipa::path(
    params(("id" = MentorshipId, Path), ("session_id" = SessionId, Path), HistoryFilter),
    responses((status = 200, body = Transitions)),
)]
#[get("/{id}/sessions/{session_id}/transitions")]
async fn list_session_transitions(
    granted: Granted<ReadSessions>,
    ids: Path<(MentorshipId, SessionId)>,
    query: Query<HistoryFilter>,
) -> Result<Transitions> {
    LIFECYCLE.transitions(&granted, &*store::find(&granted, ids.0, ids.1).await?, &query).await
}
