//! The addresses of invitations.

use actix_web::{delete, get, post, web::Path};
use utoipa_actix_web::{scope, service_config::ServiceConfig};

use super::{
    payloads::{Invitation, InvitationFields, InvitationFilter, NewInvitation},
    rules::may_invite,
    store,
};
use crate::{
    access::{
        Granted, Party,
        may::{ReadInvitations, WriteInvitations},
    },
    accounts::{marks, store::subject_name},
    error::{ApiError, Result},
    http::{Answer, Code, Deleted, IfMatch, Json, Page, Query, Shown, Versioned},
    ids::InvitationId,
    log::{self, Event, EventOut, HistoryFilter},
    records::Tx,
    secrets::random,
};

pub fn routes(config: &mut ServiceConfig<'_>) {
    let invitations = scope("/invitations").service(list_invitations).service(get_invitation);
    let invitations = invitations.service(create_invitation).service(delete_invitation);
    config.service(invitations.service(list_invitation_history));
}

/// List invitations.
///
/// The newest first.
#[utoipa::path(params(InvitationFilter), responses((status = 200, body = Page<Invitation>)))]
#[get("")]
async fn list_invitations(
    granted: Granted<ReadInvitations>,
    query: Query<InvitationFilter>,
) -> Result<Page<Invitation>> {
    store::list(&granted, query).await
}

/// Get an invitation.
#[utoipa::path(responses((status = 200, body = Invitation)))]
#[get("/{id}")]
async fn get_invitation(
    granted: Granted<ReadInvitations>,
    id: Path<InvitationId>,
) -> Result<Versioned<Invitation>> {
    Ok(Versioned(store::find(&granted, *id).await?))
}

/// Invite someone.
///
/// The answer shows the code, this once. It is good for 7 days, and for one account.
#[utoipa::path(responses((status = 201, body = NewInvitation)))]
#[post("")]
async fn create_invitation(
    granted: Granted<WriteInvitations>,
    Json(fields): Json<InvitationFields>,
) -> Result<Answer> {
    granted
        .write(&fields, async |tx| {
            check(tx, fields).await?;
            let code = random::code(12).map_err(ApiError::internal)?;
            let mark = marks::of(&tx.worker.keys, marks::Purpose::InvitationCode, &code)?;
            let invitation = store::insert(tx, fields, mark).await?;
            let Invitation { id, expires_at, .. } = invitation;
            let shown = Shown { of: Some(id.0), once: NewInvitation { id, code, expires_at } };
            Ok((shown, Event::created(&invitation)))
        })
        .await
}

/// Whether the caller may invite so, and sees who is invited.
async fn check(tx: &Tx<'_>, fields: InvitationFields) -> Result<()> {
    let roles = may_invite(tx.actor.rows_as);
    if !roles.contains(&fields.role) {
        let roles: Vec<_> = roles.iter().map(|role| role.as_str()).collect();
        return Err(ApiError::invalid(Code::NotAllowed.expecting("/role", roles.join(", "))));
    }
    if let Some(flaw) = fields.grant().flaw("") {
        return Err(ApiError::invalid(flaw));
    }
    let within = match tx.actor.party {
        Party::Institution(own) => Some(own),
        _ => None,
    };
    let Some(subject) = fields.subject_id else { return Ok(()) };
    match subject_name(tx, fields.role, subject, within).await? {
        Some(_) => Ok(()),
        None => Err(ApiError::invalid(Code::NoSuchRecord.at("/subject_id"))),
    }
}

/// Take an invitation back.
///
/// Only one whose code was not used.
#[utoipa::path(params(InvitationId), responses((status = 204, description = "It is gone")))]
#[delete("/{id}")]
async fn delete_invitation(
    granted: Granted<WriteInvitations>,
    id: Path<InvitationId>,
    read: IfMatch,
) -> Result<Answer> {
    granted
        .write(&(), async |tx| {
            let before = store::lock(tx, tx.reach, *id).await?;
            read.check(&before)?;
            if before.used_at.is_some() {
                return Err(ApiError::Blocked { code: "used", by: vec![] });
            }
            store::delete(tx, *id).await?;
            Ok((Deleted, Event::deleted(&before)))
        })
        .await
}

/// List what happened to an invitation.
///
/// The latest first.
#[utoipa::path(params(HistoryFilter), responses((status = 200, body = Page<EventOut>)))]
#[get("/{id}/history")]
async fn list_invitation_history(
    granted: Granted<ReadInvitations>,
    id: Path<InvitationId>,
    query: Query<HistoryFilter>,
) -> Result<Page<EventOut>> {
    log::history(&granted, &*store::find(&granted, *id).await?, &query).await
}
