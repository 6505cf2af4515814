//! Sending mail, over SMTP, where a server is set.
//!
//! In a pilot or a sandbox the people are made up: there no mail leaves this machine. That is decided here, once,
//! when the mailer is made; and nobody else can send.

use std::{net::IpAddr, sync::Arc, time::Duration};

use actix_web::http::Uri;
use lettre::{
    AsyncSmtpTransport, AsyncTransport, Message, Tokio1Executor,
    message::{Mailbox, header::ContentType},
};
use uuid::Uuid;

use super::outbox::Letter;

/// How long a server may take to answer a command.
const PATIENCE: Duration = Duration::from_secs(20);

/// Of these no address is anybody's (RFC 2606, RFC 6761): mail to them would only bounce.
const RESERVED: &[&str] =
    &["example", "test", "invalid", "localhost", "example.com", "example.net", "example.org"];

/// Shared by the workers of a process; cloning it is cheap.
#[derive(Clone)]
pub struct Mailer {
    transport: AsyncSmtpTransport<Tokio1Executor>,
    from: Arc<Mailbox>,
    /// How people reach the service: what links in mail begin with.
    pub public_url: Arc<str>,
    stays_here: bool,
}

/// How mail is sent, as the settings say.
pub struct Smtp<'a> {
    /// `smtp://user:password@host:port` or `smtps://…`
    pub url: &'a str,
    pub from: &'a str,
    pub public_url: &'a str,
}

#[derive(Debug)]
pub enum Failed {
    /// Trying again is of no use: no such address.
    ForGood(String),
    ForNow(String),
}

impl Mailer {
    /// `made_up` says that the people of this database are.
    ///
    /// # Errors
    /// In words, where the settings do not serve, or may not.
    pub fn new(smtp: &Smtp<'_>, made_up: bool) -> Result<Self, String> {
        let address: Uri = smtp.url.parse().map_err(|_| "is no address of a server".to_owned())?;
        let host = address.host().filter(|_| matches!(address.scheme_str(), Some("smtp" | "smtps")));
        let stays_here = is_loopback(host.ok_or("begins with smtp:// or smtps://")?);
        if made_up && !stays_here {
            return Err(
                "this is a pilot, whose people are made up: it sends mail to this machine only".into()
            );
        }
        // Neither a password nor what people are told goes over the network in clear.
        let clear = address.scheme_str() == Some("smtp") && !smtp.url.contains("tls=");
        let url = match clear && !stays_here {
            true => format!("{}?tls=required", smtp.url.trim_end_matches('/')),
            false => smtp.url.to_owned(),
        };
        let transport =
            AsyncSmtpTransport::<Tokio1Executor>::from_url(&url).map_err(|error| error.to_string())?;
        Ok(Self {
            transport: transport.timeout(Some(PATIENCE)).build(),
            from: Arc::new(smtp.from.parse().map_err(|error| format!("the sender {}: {error}", smtp.from))?),
            public_url: smtp.public_url.trim_end_matches('/').into(),
            stays_here,
        })
    }

    /// `id` is the same each time that it is tried, so that a mail program shows the letter once.
    ///
    /// # Errors
    /// When the server has not taken it.
    pub async fn send(&self, letter: &Letter, id: Uuid) -> Result<(), Failed> {
        let domain = letter.to.rsplit('@').next().unwrap_or_default();
        if !self.stays_here && is_reserved(domain) {
            return Err(Failed::ForGood(format!("{domain} is nobody's")));
        }
        let for_good = |error: &dyn ToString| Failed::ForGood(error.to_string());
        let to: Mailbox = letter.to.parse().map_err(|error| for_good(&error))?;
        let message = Message::builder()
            .from((*self.from).clone())
            .to(to)
            .subject(&letter.subject)
            .message_id(Some(format!("<{id}@{}>", self.from.email.domain())))
            .header(ContentType::TEXT_PLAIN)
            .body(letter.text.clone())
            .map_err(|error| for_good(&error))?;
        match self.transport.send(message).await {
            Ok(_) => Ok(()),
            Err(error) if error.is_permanent() => Err(for_good(&error)),
            Err(error) => Err(Failed::ForNow(error.to_string())),
        }
    }
}

fn is_loopback(host: &str) -> bool {
    let address = host.trim_start_matches('[').trim_end_matches(']').parse::<IpAddr>();
    host == "localhost" || address.is_ok_and(|address| address.is_loopback())
}

fn is_reserved(domain: &str) -> bool {
    let domain = domain.to_ascii_lowercase();
    RESERVED
        .iter()
        .any(|name| domain.strip_suffix(name).is_some_and(|rest| rest.is_empty() || rest.ends_with('.')))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn mailer(url: &str, made_up: bool) -> Result<Mailer, String> {
        Mailer::new(
            &Smtp { url, from: "Seribu <seribu@dinas.example>", public_url: "https://s.test/" },
            made_up,
        )
    }

    #[test]
    fn a_pilot_sends_mail_to_this_machine_only() {
        for here in
            ["smtp://127.0.0.1:2525", "smtp://localhost:2525", "smtp://[::1]:2525", "smtp://127.8.0.1"]
        {
            assert!(mailer(here, true).is_ok(), "{here}");
        }
        for away in [
            "smtp://mail.dinas.example",
            "smtps://u:p@mail.dinas.example:465",
            "smtp://127.0.0.1.dinas.example",
            "smtp://10.0.0.1",
            "smtp://localhost@mail.dinas.example",
        ] {
            assert!(mailer(away, true).is_err_and(|why| why.contains("pilot")), "{away}");
            assert!(mailer(away, false).is_ok(), "{away}");
        }
    }

    #[test]
    fn what_is_no_server_or_no_sender_is_refused() {
        for wrong in ["", "mail.dinas.example", "https://mail.dinas.example", "smtp://"] {
            assert!(mailer(wrong, false).is_err(), "{wrong}");
        }
        let smtp = Smtp { url: "smtp://localhost", from: "seribu", public_url: "https://s.test" };
        assert!(Mailer::new(&smtp, false).is_err());
    }

    #[test]
    fn addresses_that_are_nobodys_get_no_mail() {
        for nobodys in ["dinas.example", "EXAMPLE.org", "a.test"] {
            assert!(is_reserved(nobodys), "{nobodys}");
        }
        for somebodys in ["tangerangselatankota.go.id", "myexample.com", "contest"] {
            assert!(!is_reserved(somebodys), "{somebodys}");
        }
    }
}
