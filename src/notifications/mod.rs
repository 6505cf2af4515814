//! Notifications: whose turn it is, told to the people whose turn it is.
//!
//! A reader of the log writes one for each user who speaks for a party that acts next, as one table (`told`)
//! says: once for each event and user, to nobody who does not see the record, and never to the one who did it.
//! Where the service can send mail, those who want it get the same by e-mail, in their language.

mod mails;
mod payloads;
mod reader;
mod routes;
mod settings;
mod store;
mod told;

pub use reader::READER;
pub use routes::routes;
