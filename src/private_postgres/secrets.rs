//! `postgres.json`, mode 0600: the passwords made for this cluster, and its port.

use std::{
    fs::{self, OpenOptions},
    io::{self, Write},
    net::{Ipv4Addr, TcpListener},
    os::unix::fs::OpenOptionsExt,
    path::Path,
};

use aws_lc_rs::rand;
use base64::{Engine, prelude::BASE64_URL_SAFE_NO_PAD};
use serde::{Deserialize, Serialize};

use super::error::{Result, StartError, to};

#[derive(Serialize, Deserialize)]
pub struct Secrets {
    /// On 127.0.0.1, and in the name of the socket.
    pub port: u16,
    pub postgres: String,
    pub seribu_owner: String,
    pub seribu_app: String,
}

impl Secrets {
    /// Those kept in the file, or new ones for a new cluster.
    ///
    /// # Errors
    /// `PasswordsLost` when there is a cluster and no file.
    pub fn of(file: &Path, cluster_exists: bool) -> Result<Self> {
        match fs::read(file) {
            Ok(kept) => serde_json::from_slice(&kept).map_err(io::Error::from).map_err(to("read", file)),
            Err(error) if error.kind() != io::ErrorKind::NotFound => Err(to("read", file)(error)),
            Err(_) if cluster_exists => Err(StartError::PasswordsLost { file: file.to_path_buf() }),
            Err(_) => {
                let made = Self::random().map_err(to("make passwords for", file))?;
                made.keep(file)?;
                Ok(made)
            }
        }
    }

    /// The port of last time, unless somebody else has taken it since.
    pub fn with_free_port(self, file: &Path) -> Result<Self> {
        if is_free(self.port) {
            return Ok(self);
        }
        let moved = Self { port: free_port().map_err(to("find a port for", file))?, ..self };
        moved.keep(file)?;
        Ok(moved)
    }

    fn random() -> io::Result<Self> {
        Ok(Self {
            port: free_port()?,
            postgres: random_text()?,
            seribu_owner: random_text()?,
            seribu_app: random_text()?,
        })
    }

    /// Whole or not at all: a half-written file would lose the data's passwords.
    fn keep(&self, file: &Path) -> Result<()> {
        let new = file.with_extension("json.new");
        let write = || {
            let mut options = OpenOptions::new();
            let mut opened = options.write(true).create(true).truncate(true).mode(0o600).open(&new)?;
            opened.write_all(&serde_json::to_vec_pretty(self)?)?;
            opened.sync_all()?;
            fs::rename(&new, file)
        };
        write().map_err(to("write", file))
    }
}

pub fn is_free(port: u16) -> bool {
    TcpListener::bind((Ipv4Addr::LOCALHOST, port)).is_ok()
}

fn free_port() -> io::Result<u16> {
    Ok(TcpListener::bind((Ipv4Addr::LOCALHOST, 0))?.local_addr()?.port())
}

/// 144 random bits, in letters that no SQL and no URL has to quote.
pub fn random_text() -> io::Result<String> {
    let mut bytes = [0; 18];
    rand::fill(&mut bytes).map_err(|_| io::Error::other("the system has no random numbers"))?;
    Ok(BASE64_URL_SAFE_NO_PAD.encode(bytes))
}
