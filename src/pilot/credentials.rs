//! The log-ins of the pilot: shown once, and kept in a file that only the service's user reads.

use std::{fs, io::Write, os::unix::fs::OpenOptionsExt, path::Path};

use serde::Serialize;

use crate::access::Role;

/// In the data folder.
pub const FILE: &str = "pilot-credentials.json";

#[derive(Default, Serialize)]
pub struct Credentials {
    pub logins: Vec<LogIn>,
    pub clients: Vec<Client>,
}

#[derive(Serialize)]
pub struct LogIn {
    pub role: Role,
    pub email: String,
    pub password: String,
    pub name: String,
}

#[derive(Serialize)]
pub struct Client {
    pub role: Role,
    pub client_id: String,
    pub client_secret: String,
    pub scopes: Vec<String>,
}

impl Credentials {
    /// Whole or not at all.
    pub fn write(&self, data_dir: &Path) -> std::io::Result<()> {
        let (unfinished, finished) = (data_dir.join(format!("{FILE}.new")), data_dir.join(FILE));
        let _ = fs::remove_file(&unfinished);
        let mut file = fs::OpenOptions::new().write(true).create_new(true).mode(0o600).open(&unfinished)?;
        serde_json::to_writer_pretty(&mut file, self)?;
        file.write_all(b"\n")?;
        file.sync_all()?;
        fs::rename(unfinished, finished)
    }

    /// The first log-in of each role.
    pub fn one_each(&self) -> impl Iterator<Item = &LogIn> {
        let first = |role: Role| self.logins.iter().find(move |login| login.role == role);
        Role::ALL.iter().filter_map(move |role| first(*role))
    }
}
