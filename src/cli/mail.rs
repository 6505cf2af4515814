//! How mail is sent, as the settings say.

use crate::{
    cli::settings::Environment,
    mail::{Mailer, Smtp},
};

/// `made_up` says that the people of the database are.
pub fn open(environment: &Environment, public_url: &str, made_up: bool) -> Result<Option<Mailer>, String> {
    let Some(url) = &environment.smtp_url else { return Ok(None) };
    let from = environment.mail_from.as_deref().ok_or("SERIBU_SMTP_URL needs SERIBU_MAIL_FROM")?;
    let mailer = Mailer::new(&Smtp { url, from, public_url }, made_up);
    mailer.map(Some).map_err(|error| format!("SERIBU_SMTP_URL: {error}"))
}
