//! What a server left behind in `postmaster.pid`, when it or its service was killed.

use std::{fs, io, path::Path, process};

use rustix::process::Pid;

use super::{
    bring_down::bring_down,
    error::{Result, StartError, to},
};

/// The file by which a running server says which process it is, and whether it is ready.
pub struct PidFile {
    pub pid: Pid,
    pub ready: bool,
}

impl PidFile {
    pub fn read(cluster: &Path) -> Option<Self> {
        let text = fs::read_to_string(cluster.join("postmaster.pid")).ok()?;
        let pid = Pid::from_raw(text.lines().next()?.trim().parse().ok()?)?;
        Some(Self { pid, ready: text.lines().nth(7).is_some_and(|status| status.trim() == "ready") })
    }
}

/// To be called with our lock taken: no living service holds this server.
///
/// It is stopped rather than adopted: only our own child can be waited for, and one started anew runs
/// with today's settings and into today's log. A fast stop takes a fraction of a second.
pub fn clear(cluster: &Path) -> Result<()> {
    let Some(PidFile { pid, .. }) = PidFile::read(cluster) else { return Ok(()) };
    if serves(pid, cluster) {
        log::warn!("stopping the database server {pid} that an earlier run left behind");
        if !bring_down(pid, || !serves(pid, cluster)) {
            return Err(StartError::Orphan { pid: pid.as_raw_nonzero().get() });
        }
    }
    disown(cluster)
}

/// A stale file whose number has gone to another process of the same user would stop the server from
/// starting. One with its parent's number does not, and it still looks for what was left in memory,
/// as it would not without the file.
fn disown(cluster: &Path) -> Result<()> {
    let path = cluster.join("postmaster.pid");
    let text = match fs::read_to_string(&path) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(()),
        other => other.map_err(to("read", &path))?,
    };
    let rest = text.split_once('\n').map_or("", |(_, rest)| rest);
    fs::write(&path, format!("{}\n{rest}", process::id())).map_err(to("write", &path))
}

/// Whether the process is a PostgreSQL on this very cluster: numbers are used again. A process that
/// is dead and not yet buried has no command line any more.
#[cfg(target_os = "linux")]
fn serves(pid: Pid, cluster: &Path) -> bool {
    use std::os::unix::ffi::OsStrExt;

    let line = fs::read(format!("/proc/{}/cmdline", pid.as_raw_nonzero())).unwrap_or_default();
    let mut words = line.split(|byte| *byte == 0);
    words.next().is_some_and(|program| program.ends_with(b"postgres"))
        && words.any(|word| word == cluster.as_os_str().as_bytes())
}

#[cfg(not(target_os = "linux"))]
fn serves(pid: Pid, cluster: &Path) -> bool {
    let mut command = process::Command::new("ps");
    command.args(["-ww", "-o", "command=", "-p", &pid.as_raw_nonzero().to_string()]);
    let line = super::run::run(command, std::time::Duration::from_secs(10)).map(|ended| ended.said);
    line.is_ok_and(|line| line.contains("postgres -D") && line.contains(&*cluster.to_string_lossy()))
}
