//! The code by e-mail: the owner gets it without coming to the desk, and whoever asks for it, who may be the
//! mentor at the owner's table, does not see it.

use actix_web::{post, web::Path};
use askama::Template;
use chrono::{DateTime, NaiveDate, Utc};
use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

use super::{codes, payloads::Session};
use crate::{
    access::{Granted, Reach, may::SendSessionCodes},
    businesses,
    error::{ApiError, Result},
    http::{Answer, Shown},
    ids::{MentorshipId, PersonId, SessionId},
    log::Event,
    mail::{self, Letter},
    persons::{self, Person},
    records::{Record, Tx},
};

#[derive(Serialize, ToSchema)]
struct SentCode {
    /// The owner, to whose address it is sent.
    person_id: PersonId,
    expires_at: DateTime<Utc>,
}

/// In both languages: an owner without an account has not said which one to use.
#[derive(Template)]
#[template(path = "mentorships/sessions/code_letter.txt")]
struct CodeLetter<'a> {
    name: &'a str,
    held_on: NaiveDate,
    code: &'a str,
    expires_on: NaiveDate,
}

/// Send the code by which the owner confirms a session.
///
/// By e-mail, to the owner alone: the answer does not show it. It takes the place of an earlier one, is good for
/// seven days, and for five guesses. 409 where the owner has no e-mail address (`no_address`), or the service
/// no mail server (`no_mail_server`).
#[utoipa::path(
    params(("id" = MentorshipId, Path), ("session_id" = SessionId, Path)),
    responses((status = 201, body = SentCode)),
)]
#[post("/{id}/sessions/{session_id}/code/send")]
pub async fn send_session_code(
    granted: Granted<SendSessionCodes>,
    ids: Path<(MentorshipId, SessionId)>,
) -> Result<Answer> {
    granted
        .write(&(), async |tx| {
            let (session, code) = codes::issue(tx, ids.0, ids.1).await?;
            if tx.worker.mailer().is_none() {
                return Err(ApiError::Blocked { code: "no_mail_server", by: vec![] });
            }
            let owner = owner_of(tx, &session).await?;
            let Some(to) = owner.email.clone() else {
                return Err(ApiError::blocked("no_address", Person::KIND, [owner.id]));
            };
            let letter = CodeLetter {
                name: &owner.profile.full_name,
                held_on: tx.worker.date(session.report.held_at.unwrap_or(session.fields.planned_at)),
                code: &code.code,
                expires_on: tx.worker.date(code.expires_at),
            };
            let text = letter.render().map_err(ApiError::internal)?;
            let subject = "Kode konfirmasi kunjungan / Code to confirm a session".to_owned();
            mail::queue(tx, Uuid::now_v7(), &Letter { to, subject, text }).await?;
            let event = Event::changed(&session, &session, "code_sent");
            let once = SentCode { person_id: owner.id, expires_at: code.expires_at };
            Ok((Shown { of: None, once }, event))
        })
        .await
}

/// Whoever acts for the business that was coached.
async fn owner_of(tx: &Tx<'_>, session: &Session) -> Result<Person> {
    let owner = businesses::owner_of(tx, session.business_id).await?;
    match owner {
        Some(owner) => persons::lock(tx, Reach::All, owner).await,
        None => Err(ApiError::Blocked { code: "no_owner", by: vec![] }),
    }
}
