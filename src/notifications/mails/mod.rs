//! A notification as e-mail: what happened, the number of the business, and where to look. Whoever reads it over
//! a shoulder, or keeps the server, learns no more.

use askama::Template;

use super::{payloads::Notification, settings, store};
use crate::{
    accounts,
    error::{ApiError, Result},
    http::language::Language,
    ids::UserId,
    mail::{self, Letter},
    records::Tx,
};

#[derive(Template)]
#[template(path = "notifications/mails/id.txt")]
struct Indonesian<'a> {
    name: &'a str,
    what: &'a str,
    number: Option<&'a str>,
    link: &'a str,
}

#[derive(Template)]
#[template(path = "notifications/mails/en.txt")]
struct English<'a> {
    name: &'a str,
    what: &'a str,
    number: Option<&'a str>,
    link: &'a str,
}

/// For the outbox; nothing, where no mail is sent, or the user wants none or has no address.
pub async fn queue(tx: &Tx<'_>, told: &Notification, user: UserId) -> Result<()> {
    let Some(mailer) = tx.worker.mailer() else { return Ok(()) };
    let Some(language) = settings::mail_language(tx, user).await? else { return Ok(()) };
    let user = accounts::user(tx, user).await?;
    let Some(to) = user.fields.email.clone() else { return Ok(()) };
    let number = store::number_of(tx, told.business_id).await?;
    let (subject, text) = write(told, &user.fields.name, language, number.as_deref(), &mailer.public_url)?;
    mail::queue(tx, told.id.0, &Letter { to, subject, text }).await
}

/// The subject and the text, in the language, to the user of this name.
fn write(
    told: &Notification,
    name: &str,
    language: Language,
    number: Option<&str>,
    public_url: &str,
) -> Result<(String, String)> {
    let what = language.pick(&told.words.id, &told.words.en);
    let link = format!("{public_url}{}", told.subject.path.as_deref().unwrap_or_default());
    let text = match language {
        Language::Indonesian => Indonesian { name, what, number, link: &link }.render(),
        Language::English => English { name, what, number, link: &link }.render(),
    };
    let subject = number.map_or(what.to_owned(), |number| format!("{what} ({number})"));
    Ok((subject, text.map_err(ApiError::internal)?))
}
