//! From options to a server that takes connections, and its URLs.

use std::{path::Path, sync::Arc, thread::JoinHandle};

use super::{
    binaries, cluster,
    error::{Result, StartError},
    folders::CLUSTER,
    lock::Lock,
    log_file::LogFile,
    options::Options,
    postmaster::{Launcher, Postmaster},
    roles::{self, APP, DATABASE, OWNER},
    secrets::{Secrets, is_free},
    socket_dir::SocketDir,
    stop::Stop,
    supervise::Supervised,
    user::ServerUser,
    version::Version,
};

/// A running server, kept alive until it is stopped or dropped.
pub struct Server {
    supervised: Arc<Supervised>,
    watcher: Option<JoinHandle<()>>,
    secrets: Secrets,
    /// Last, so that the folder is free only when the server has stopped.
    _lock: Lock,
}

/// Blocks until the server takes connections: call it before requests are served. The first time it
/// makes the cluster; it makes the database and its roles whenever they are missing.
///
/// # Errors
/// See `StartError`: each is a sentence for the person at the terminal.
pub fn start(options: &Options) -> Result<Server> {
    let user = ServerUser::of(&options.data_dir.join(CLUSTER))?;
    let data_dir = user.prepare(&options.data_dir)?;
    let lock = Lock::take(&data_dir)?;
    let cluster = data_dir.join(CLUSTER);
    let written_by = cluster::written_by(&cluster)?;
    let binaries = binaries::find(options, &user, written_by)?;
    let secrets_file = data_dir.join("postgres.json");
    let secrets = Secrets::of(&secrets_file, written_by.is_some())?;
    if written_by.is_none() {
        cluster::create(&cluster, &binaries, &user, &secrets.postgres, options.durable)?;
    }
    let launcher = Launcher {
        binaries,
        user,
        cluster,
        log: LogFile::new(data_dir.join("postgres.log")),
        socket: SocketDir::make(&data_dir, &user)?,
        port: secrets.port,
        durable: options.durable,
    };
    let (launcher, secrets, postmaster) = launch(launcher, secrets, &secrets_file)?;
    let supervised = Arc::new(Supervised::new(launcher, postmaster));
    let mut server = Server { supervised, watcher: None, secrets, _lock: lock };
    roles::ensure(&server.superuser_url("postgres"), &server.secrets, server.log_file())?;
    server.watcher = Some(server.supervised.clone().watch()?);
    Ok(server)
}

/// Whoever takes the port between our look and the server's makes us look for another.
fn launch(
    mut launcher: Launcher,
    mut secrets: Secrets,
    file: &Path,
) -> Result<(Launcher, Secrets, Postmaster)> {
    let mut more_tries = 0..3;
    loop {
        secrets = secrets.with_free_port(file)?;
        launcher.port = secrets.port;
        match launcher.launch(&Stop::default()) {
            Err(StartError::Failed { .. }) if !is_free(secrets.port) && more_tries.next().is_some() => {}
            result => return Ok((launcher, secrets, result?)),
        }
    }
}

/// The URL for `seribu_app` of the server that another process keeps running on this data folder.
///
/// # Errors
/// `PasswordsLost` when no server was ever made here.
pub fn url_of_another(data_dir: &Path) -> Result<String> {
    let Secrets { port, seribu_app, .. } = Secrets::of(&data_dir.join("postgres.json"), true)?;
    Ok(format!("postgres://{APP}:{seribu_app}@127.0.0.1:{port}/{DATABASE}"))
}

impl Server {
    /// For migrations: `seribu_owner`, who owns the database `seribu`.
    pub fn owner_url(&self) -> String {
        self.url(OWNER, &self.secrets.seribu_owner, DATABASE)
    }

    /// For serving: `seribu_app`, who owns nothing.
    pub fn app_url(&self) -> String {
        self.url(APP, &self.secrets.seribu_app, DATABASE)
    }

    pub fn superuser_url(&self, database: &str) -> String {
        self.url("postgres", &self.secrets.postgres, database)
    }

    /// False from when it died until it is back.
    pub fn is_alive(&self) -> bool {
        self.supervised.is_alive()
    }

    pub fn version(&self) -> Version {
        self.supervised.launcher().binaries.version
    }

    /// The folder of its programs.
    pub fn bin_dir(&self) -> &Path {
        &self.supervised.launcher().binaries.dir
    }

    pub fn socket_dir(&self) -> &Path {
        self.supervised.launcher().socket.path()
    }

    /// On 127.0.0.1, for tools that know no sockets.
    pub fn port(&self) -> u16 {
        self.secrets.port
    }

    pub fn log_file(&self) -> &Path {
        self.supervised.launcher().log.path()
    }

    /// Fast: connections are cut, and what was acknowledged is kept.
    ///
    /// # Errors
    /// `Failed` when it did not stop in time.
    pub fn stop(mut self) -> Result<()> {
        self.bring_down()
    }

    fn bring_down(&mut self) -> Result<()> {
        self.supervised.bring_down(self.watcher.take())
    }

    /// Over the socket, whose folder has nothing but slashes to quote.
    fn url(&self, user: &str, password: &str, database: &str) -> String {
        let host = self.socket_dir().to_string_lossy().replace('/', "%2F");
        format!("postgres://{user}:{password}@/{database}?host={host}&port={}", self.port())
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        if let Err(error) = self.bring_down() {
            log::error!("{error}");
        }
    }
}
