//! The server's process: how it is started, waited for and stopped.

use std::{
    os::unix::process::CommandExt,
    path::{Path, PathBuf},
    process::{Child, ExitStatus},
    time::{Duration, Instant},
};

use rustix::process::Pid;

use super::{
    binaries::Binaries,
    bring_down::bring_down,
    error::{Result, StartError, to},
    leash::Leash,
    log_file::LogFile,
    orphan::{self, PidFile},
    socket_dir::SocketDir,
    stop::Stop,
    user::ServerUser,
};

/// Recovery after a crash comes before it is ready.
const START_LIMIT: Duration = Duration::from_secs(120);

/// What the server says while processes of a killed one still hold its memory. They end by themselves.
const LEFTOVERS: &str = "pre-existing shared memory block";

/// All that is needed to start the server, again and again.
pub struct Launcher {
    pub binaries: Binaries,
    pub user: ServerUser,
    pub cluster: PathBuf,
    pub log: LogFile,
    pub socket: SocketDir,
    pub port: u16,
    pub durable: bool,
}

impl Launcher {
    /// A server that takes connections.
    ///
    /// # Errors
    /// `Failed` when it ended or was not ready in time, `Stopped` when the word was said meanwhile.
    pub fn launch(&self, stop: &Stop) -> Result<Postmaster> {
        let deadline = Instant::now() + START_LIMIT;
        loop {
            orphan::clear(&self.cluster)?;
            self.socket.clear(self.port);
            let from = self.log.len();
            let mut postmaster = self.spawn()?;
            let Some(status) = self.await_ready(&mut postmaster, stop, deadline)? else {
                return Ok(postmaster);
            };
            let tail = self.log.tail(from);
            if !tail.contains(LEFTOVERS) || Instant::now() > deadline {
                return Err(self.failed(&format!("the database server ended ({status})"), tail));
            }
            if stop.wait(Duration::from_millis(200)) {
                return Err(StartError::Stopped);
            }
        }
    }

    /// `None` when it is ready, otherwise how it ended.
    fn await_ready(
        &self,
        postmaster: &mut Postmaster,
        stop: &Stop,
        deadline: Instant,
    ) -> Result<Option<ExitStatus>> {
        let pid = Pid::from_child(&postmaster.child);
        loop {
            if let Some(status) = postmaster.ended()? {
                return Ok(Some(status));
            }
            if PidFile::read(&self.cluster).is_some_and(|file| file.pid == pid && file.ready) {
                return Ok(None);
            }
            if Instant::now() > deadline {
                let what = format!("the database server was not ready after {} s", START_LIMIT.as_secs());
                return Err(self.failed(&what, self.log.tail(0)));
            }
            if stop.wait(Duration::from_millis(20)) {
                return Err(StartError::Stopped);
            }
        }
    }

    fn spawn(&self) -> Result<Postmaster> {
        let path = self.binaries.dir.join("postgres");
        let log = || self.log.open().map_err(to("open", self.log.path()));
        let mut command = self.user.command(&path);
        command.arg("-D").arg(&self.cluster).stdout(log()?).stderr(log()?);
        // Of its own group, so that Ctrl-C in the terminal reaches us alone, and we stop it in order.
        command.process_group(0);
        for setting in self.settings() {
            command.args(["-c", &setting]);
        }
        let mut child = command.spawn().map_err(to("run", &path))?;
        match Leash::tie(&self.user, &child) {
            Ok(leash) => Ok(Postmaster { child, leash, log: self.log.clone() }),
            Err(error) => {
                child.kill().and_then(|()| child.wait()).map_err(to("stop", &path))?;
                Err(to("run", Path::new("/bin/sh"))(error))
            }
        }
    }

    fn settings(&self) -> Vec<String> {
        let durability = if self.durable { "on" } else { "off" };
        let mut settings = vec![
            format!("port={}", self.port),
            format!("unix_socket_directories={}", self.socket.path().display()),
            format!("fsync={durability}"),
            format!("synchronous_commit={durability}"),
            format!("full_page_writes={durability}"),
        ];
        let fixed = [
            "listen_addresses=127.0.0.1",
            "max_connections=200",
            "shared_buffers=128MB",
            "timezone=UTC",
            "log_timezone=UTC",
            // Statements and the details of errors quote rows, and with them personal data.
            "log_min_error_statement=panic",
            "log_error_verbosity=terse",
        ];
        settings.extend(fixed.map(str::to_owned));
        settings
    }

    fn failed(&self, what: &str, tail: String) -> StartError {
        StartError::Failed { what: what.to_owned(), log: self.log.path().to_path_buf(), tail }
    }
}

/// A running server; stopped when dropped.
pub struct Postmaster {
    child: Child,
    leash: Leash,
    log: LogFile,
}

impl Postmaster {
    /// How it ended, if it did.
    pub fn ended(&mut self) -> Result<Option<ExitStatus>> {
        self.child.try_wait().map_err(to("watch the server of", self.log.path()))
    }

    /// Connections are cut, and what was acknowledged is kept.
    pub fn stop(&mut self) -> Result<()> {
        self.leash.untie();
        if self.ended()?.is_some() {
            return Ok(());
        }
        let (pid, child) = (Pid::from_child(&self.child), &mut self.child);
        if bring_down(pid, || !matches!(child.try_wait(), Ok(None))) {
            return Ok(());
        }
        let what = "the database server did not stop".to_owned();
        Err(StartError::Failed { what, log: self.log.path().to_path_buf(), tail: self.log.tail(0) })
    }
}

impl Drop for Postmaster {
    fn drop(&mut self) {
        if let Err(error) = self.stop() {
            log::error!("{error}");
        }
    }
}
