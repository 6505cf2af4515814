//! What a mail says: what happened, the number of the business, and where to look. Whoever reads it over a
//! shoulder, or keeps the server, learns no more.

use askama::Template;

use super::outbox::Claimed;
use crate::{
    agenda::Subject,
    error::{ApiError, Result},
    http::language::Language,
    notifications::payloads::words,
    reference::Reference,
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

/// The subject and the text, in the language, to the user of this name.
pub fn write(
    mail: &Claimed,
    name: &str,
    language: Language,
    reference: &Reference,
    public_url: &str,
) -> Result<(String, String)> {
    let words = words(reference, &mail.kind);
    let what = language.pick(&words.id, &words.en);
    let number = mail.number.as_deref();
    let path = Subject::new(&mail.resource, mail.subject_id, mail.parent_id).path;
    let link = format!("{public_url}{}", path.as_deref().unwrap_or_default());
    let text = match language {
        Language::Indonesian => Indonesian { name, what, number, link: &link }.render(),
        Language::English => English { name, what, number, link: &link }.render(),
    };
    let subject = number.map_or(what.to_owned(), |number| format!("{what} ({number})"));
    Ok((subject, text.map_err(ApiError::internal)?))
}
