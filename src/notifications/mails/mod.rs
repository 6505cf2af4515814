//! Notifications as e-mail: an outbox, which the reader of the log fills, and who empties it.

mod deliver;
mod outbox;
mod text;

pub use deliver::deliver;
pub use outbox::queue;
