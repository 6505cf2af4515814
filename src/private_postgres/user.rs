//! Whom the server runs as. PostgreSQL refuses to run as root, so under root it is somebody else,
//! who has to be able to enter the folders.

use std::{
    ffi::OsStr,
    fs::{self, Permissions},
    io,
    os::unix::{
        fs::{MetadataExt, PermissionsExt, chown},
        process::CommandExt,
    },
    path::{Path, PathBuf, absolute},
    process::{Command, Stdio},
    time::Duration,
};

use rustix::{
    fs::{Access, access},
    process::{getegid, geteuid},
};

use super::{
    error::{Result, StartError, to},
    run::run,
};

/// In this order, under root.
const UNPRIVILEGED: [&str; 2] = ["postgres", "nobody"];

#[derive(Debug, Clone, Copy)]
pub struct ServerUser {
    uid: u32,
    gid: u32,
    /// Somebody else than ourselves: we are root.
    other: bool,
}

impl ServerUser {
    /// Whoever owns the cluster when there is one, as PostgreSQL demands.
    ///
    /// # Errors
    /// `NotOurs` when that is another user and we are not root.
    pub fn of(cluster: &Path) -> Result<Self> {
        let owner = fs::metadata(cluster).ok().map(|cluster| (cluster.uid(), cluster.gid()));
        let (our_uid, our_gid) = (geteuid().as_raw(), getegid().as_raw());
        match owner {
            Some((uid, gid)) if our_uid == 0 && uid != 0 => Ok(Self { uid, gid, other: true }),
            _ if our_uid == 0 => UNPRIVILEGED.into_iter().find_map(named).ok_or_else(|| StartError::Io {
                doing: "find a user for the server:",
                path: UNPRIVILEGED.join(" or ").into(),
                source: io::ErrorKind::NotFound.into(),
            }),
            Some((owner, _)) if owner != our_uid => {
                Err(StartError::NotOurs { dir: cluster.to_path_buf(), owner })
            }
            _ => Ok(Self { uid: our_uid, gid: our_gid, other: false }),
        }
    }

    pub fn uid(&self) -> u32 {
        self.uid
    }

    /// To be run as this user, from a folder that everybody can enter, with messages in English.
    pub fn command(&self, program: impl AsRef<OsStr>) -> Command {
        let mut command = Command::new(program);
        command.current_dir("/").env("LC_ALL", "C").stdin(Stdio::null());
        if self.other {
            command.uid(self.uid).gid(self.gid);
        }
        command
    }

    /// Makes the folder with its missing parents, for us to write and for the server to pass through.
    ///
    /// # Errors
    /// `CannotEnter`, before anything is made, when a parent shuts the server's user out; `Io` when we
    /// can't write in it.
    pub fn prepare(&self, dir: &Path) -> Result<PathBuf> {
        let dir = absolute(dir).map_err(to("find", dir))?;
        let missing: Vec<_> = dir.ancestors().take_while(|folder| !folder.exists()).collect();
        if let Some(parent) = dir.ancestors().nth(missing.len()) {
            self.check_entry(parent)?;
        }
        for folder in missing.into_iter().rev() {
            match fs::create_dir(folder) {
                Err(error) if error.kind() != io::ErrorKind::AlreadyExists => {
                    return Err(to("make", folder)(error));
                }
                _ => set_mode(folder, if self.other { 0o711 } else { 0o700 })?,
            }
        }
        self.check_entry(&dir)?;
        access(&dir, Access::READ_OK | Access::WRITE_OK | Access::EXEC_OK)
            .map_err(io::Error::from)
            .map_err(to("write in", &dir))?;
        dir.canonicalize().map_err(to("find", &dir))
    }

    /// Makes a folder that is the server's alone (and root's).
    pub fn make_own(&self, dir: &Path) -> Result<()> {
        match fs::create_dir(dir) {
            Err(error) if error.kind() != io::ErrorKind::AlreadyExists => return Err(to("make", dir)(error)),
            _ => {}
        }
        self.give(dir)?;
        set_mode(dir, 0o700)
    }

    pub fn give(&self, path: &Path) -> Result<()> {
        if self.other {
            chown(path, Some(self.uid), Some(self.gid)).map_err(to("give away", path))?;
        }
        Ok(())
    }

    /// By trying, since no reading of mode bits knows of access lists and mounts.
    pub fn check_entry(&self, dir: &Path) -> Result<()> {
        let mut command = self.command("/bin/sh");
        command.args(["-c", ":"]).current_dir(dir);
        match run(command, Duration::from_secs(10)) {
            Ok(ended) if ended.success => Ok(()),
            _ => Err(StartError::CannotEnter { dir: dir.to_path_buf(), uid: self.uid }),
        }
    }
}

/// Asked of `id`, which knows every source of users that the system has.
fn named(name: &str) -> Option<ServerUser> {
    let id = |which: &str| {
        let mut command = Command::new("id");
        command.args([which, name]);
        run(command, Duration::from_secs(10)).ok().filter(|ended| ended.success)?.said.trim().parse().ok()
    };
    Some(ServerUser { uid: id("-u")?, gid: id("-g")?, other: true })
}

pub fn set_mode(path: &Path, mode: u32) -> Result<()> {
    fs::set_permissions(path, Permissions::from_mode(mode)).map_err(to("set the mode of", path))
}
