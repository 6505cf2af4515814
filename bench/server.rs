//! The two that are measured: a private PostgreSQL, and the service as a process of its own over it.

use std::{
    net::{SocketAddr, TcpListener},
    path::{Path, PathBuf},
    process::{Child, Command, Stdio},
    time::{Duration, Instant},
};

use chrono::{Days, Utc};
use rustix::process::{Pid, Signal, kill_process};
use seribu::{
    access::{Claims, Issuer, Role},
    ids::UserId,
    private_postgres::{self, Options, Server},
    secrets::Keys,
};
use tokio_postgres::{Client, NoTls};
use uuid::Uuid;

use crate::{Arguments, Outcome, client};

pub struct Servers {
    service: Option<Child>,
    pub postgres: Server,
    pub address: SocketAddr,
    keys: PathBuf,
    /// From the process's start to its first 200 at /readyz.
    pub ready_after: Duration,
    /// Last, so that it goes when both have stopped.
    folder: Folder,
}

impl Servers {
    /// PostgreSQL alone, with all its durability.
    pub fn start(arguments: &Arguments) -> Outcome<Self> {
        let folder = Folder::of(arguments);
        let postgres = private_postgres::start(&Options {
            data_dir: folder.path.clone(),
            cache_dir: private_postgres::usable_dir(
                &folder.path.join("cache"),
                Path::new("/var/cache/seribu"),
            ),
            given_bin: std::env::var_os("SERIBU_POSTGRES_BIN").map(PathBuf::from),
            use_package: false,
            durable: true,
        })?;
        let keys = folder.path.join("keys.json");
        if !keys.exists() {
            Keys::create(&keys, Utc::now())?;
        }
        let address = TcpListener::bind("127.0.0.1:0")?.local_addr()?;
        Ok(Self { service: None, postgres, address, keys, folder, ready_after: Duration::ZERO })
    }

    pub async fn start_service(&mut self, arguments: &Arguments) -> Outcome {
        let begun = Instant::now();
        let service = Command::new(env!("CARGO_BIN_EXE_seribu"))
            .arg("serve")
            .current_dir(&self.folder.path)
            .env("DATABASE_URL", self.postgres.app_url())
            .env("SERIBU_OWNER_DATABASE_URL", self.postgres.owner_url())
            .env("SERIBU_KEYS_FILE", &self.keys)
            .env("SERIBU_LISTEN", self.address.to_string())
            .env("SERIBU_WORKERS", arguments.workers.to_string())
            .env("SERIBU_PILOT", "false")
            .env("RUST_LOG", "warn")
            .env_remove("SERIBU_PUBLIC_URL")
            .stdout(Stdio::null())
            .spawn()?;
        self.service = Some(service);
        while begun.elapsed() < Duration::from_secs(60) {
            if client::status(self.address, "/readyz").await == Some(200) {
                self.ready_after = begun.elapsed();
                return Ok(());
            }
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
        Err("the service was not ready within a minute".into())
    }

    /// Whether it had to.
    pub async fn start_if_stopped(&mut self, arguments: &Arguments) -> Outcome<bool> {
        let stopped = self.service.is_none();
        if stopped {
            self.start_service(arguments).await?;
        }
        Ok(stopped)
    }

    pub fn stop_service(&mut self) -> Outcome {
        if let Some(mut service) = self.service.take() {
            kill_process(Pid::from_child(&service), Signal::TERM)?;
            service.wait()?;
        }
        Ok(())
    }

    /// A real token: signed with the service's key, of a caller with all that the role can do.
    pub fn token(&self, role: Role, subject: Option<Uuid>) -> Outcome<String> {
        let (keys, now) = (self.keys()?, Utc::now());
        let url = format!("http://{}", self.address);
        let claims = Claims {
            iss: url.clone(),
            aud: Issuer::AUDIENCE.into(),
            sub: UserId::generate(),
            client_id: "bench".into(),
            role,
            rows_as: None,
            subject_id: subject,
            scope: role.scopes().join(" "),
            iat: now.timestamp(),
            exp: (now + Days::new(1)).timestamp(),
            jti: Uuid::now_v7(),
        };
        let signer = keys.signing_key();
        let issuer = Issuer::new(&url, (signer.kid.clone(), signer.key.clone()), keys.verification_keys());
        issuer.sign(&claims).map_err(|error| format!("{error:?}").into())
    }

    pub fn service_id(&self) -> Option<u32> {
        self.service.as_ref().map(Child::id)
    }

    /// An empty folder for the files of one run.
    pub fn scratch(&self) -> Outcome<PathBuf> {
        let folder = self.folder.path.join("scratch");
        if folder.exists() {
            std::fs::remove_dir_all(&folder)?;
        }
        std::fs::create_dir(&folder)?;
        Ok(folder)
    }

    pub fn keys(&self) -> Outcome<Keys> {
        Ok(Keys::load(&self.keys)?)
    }

    /// Who may do anything.
    pub async fn superuser(&self) -> Outcome<Client> {
        connect(&self.postgres.superuser_url("seribu")).await
    }
}

/// A connection that is driven until its client is dropped.
pub async fn connect(url: &str) -> Outcome<Client> {
    let (client, connection) = tokio_postgres::connect(url, NoTls).await?;
    tokio::spawn(connection);
    Ok(client)
}

impl Drop for Servers {
    /// A run that fails leaves no process behind either.
    fn drop(&mut self) {
        if let Err(error) = self.stop_service() {
            eprintln!("the service did not stop: {error}");
        }
    }
}

/// The data of both; removed at the end, unless it was to be kept.
struct Folder {
    path: PathBuf,
    kept: bool,
}

impl Folder {
    fn of(arguments: &Arguments) -> Self {
        let own = std::env::temp_dir().join(format!("seribu-bench-{}", std::process::id()));
        Self { path: arguments.keep.clone().unwrap_or(own), kept: arguments.keep.is_some() }
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        if !self.kept
            && let Err(error) = std::fs::remove_dir_all(&self.path)
        {
            eprintln!("{} stays: {error}", self.path.display());
        }
    }
}
