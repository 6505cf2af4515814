//! A PostgreSQL of our own, for when no `DATABASE_URL` is given, and for the tests.
//!
//! Its programs are found or fetched (`binaries`, `package`), its data are made once (`cluster`), and it
//! runs as a child of ours (`postmaster`) under an unprivileged user (`user`). One that dies is started
//! again (`supervise`); one that outlived us is stopped, by itself (`leash`) or by the next start (`orphan`).

mod binaries;
mod bring_down;
mod cluster;
mod error;
mod folders;
mod leash;
mod lock;
mod log_file;
mod options;
mod orphan;
mod package;
mod postmaster;
mod roles;
mod run;
mod secrets;
mod server;
mod socket_dir;
mod stop;
mod supervise;
mod unpack;
mod user;
mod version;

pub use error::StartError;
pub use folders::usable_dir;
pub use options::Options;
pub use server::{Server, start, url_of_another};
pub use version::Version;
