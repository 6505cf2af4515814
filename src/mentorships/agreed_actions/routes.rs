//! The addresses of a mentorship's agreed actions.

use actix_web::{get, patch, web::Path};
use utoipa_actix_web::service_config::ServiceConfig;

use super::{
    payloads::{AgreedAction, AgreedActionFilter, NewAction},
    store,
};
use crate::{
    access::{
        Granted, Party,
        may::{ReadAgreedActions, WriteAgreedActions},
    },
    error::{ApiError, Result},
    http::{Answer, Code, IfMatch, MergePatch, Page, Query, Versioned},
    ids::{AgreedActionId, MentorshipId},
    log::Event,
    mentorships::store as mentorships,
    records::Record,
};

pub fn routes(config: &mut ServiceConfig<'_>) {
    config.service(list_agreed_actions).service(get_agreed_action).service(update_agreed_action);
}

/// List what was agreed in a mentorship's sessions.
///
/// The newest first.
#[utoipa::path(params(AgreedActionFilter), responses((status = 200, body = Page<AgreedAction>)))]
#[get("/{id}/agreed-actions")]
async fn list_agreed_actions(
    granted: Granted<ReadAgreedActions>,
    id: Path<MentorshipId>,
    query: Query<AgreedActionFilter>,
) -> Result<Page<AgreedAction>> {
    mentorships::find(&granted, *id).await?;
    store::list(&granted, *id, query).await
}

/// Get an agreed action.
#[utoipa::path(
    params(("id" = MentorshipId, Path), ("action_id" = AgreedActionId, Path)),
    responses((status = 200, body = AgreedAction)),
)]
#[get("/{id}/agreed-actions/{action_id}")]
async fn get_agreed_action(
    granted: Granted<ReadAgreedActions>,
    ids: Path<(MentorshipId, AgreedActionId)>,
) -> Result<Versioned<AgreedAction>> {
    Ok(Versioned(store::find(&granted, ids.0, ids.1).await?))
}

/// Change an agreed action, or say that it is done.
///
/// The owner says when it was done; the mentor may change the rest too.
#[utoipa::path(
    params(("id" = MentorshipId, Path), ("action_id" = AgreedActionId, Path)),
    request_body(content = NewAction, content_type = "application/merge-patch+json"),
    responses((status = 200, body = AgreedAction)),
)]
#[patch("/{id}/agreed-actions/{action_id}")]
async fn update_agreed_action(
    granted: Granted<WriteAgreedActions>,
    ids: Path<(MentorshipId, AgreedActionId)>,
    read: IfMatch,
    patch: MergePatch<NewAction>,
) -> Result<Answer> {
    granted
        .write(&patch, async |tx| {
            let before = store::lock(tx, tx.reach, ids.0, ids.1).await?;
            read.check(&before)?;
            if matches!(tx.actor.party, Party::Person(_)) {
                patch.names_none_of(&["text", "due_on"])?;
            }
            let fields = patch.apply(&before.fields, AgreedAction::READ)?;
            if fields.done_on > Some(tx.today()) {
                return Err(ApiError::invalid(Code::InTheFuture.at("/done_on")));
            }
            let after = store::update(tx, ids.1, &fields).await?;
            let event = Event::changed(&before, &*after, "updated");
            Ok((Versioned(after), event))
        })
        .await
}
