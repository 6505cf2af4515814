//! Mail, where a server is set: an outbox, into which whoever has cause to write puts a letter with what it is
//! about, in one transaction; and who empties it.

mod deliver;
mod mailer;
mod outbox;

pub use deliver::deliver;
pub use mailer::{Mailer, Smtp};
pub use outbox::{Letter, queue};
