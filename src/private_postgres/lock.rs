//! One service per data folder: a lock that the system lets go when we die, however we die.

use std::{
    fs::{File, OpenOptions, TryLockError},
    io::{Read, Write},
    os::unix::fs::OpenOptionsExt,
    path::Path,
    process, thread,
    time::{Duration, Instant},
};

use super::error::{Result, StartError, to};

/// Held until dropped. Programs started by us don't inherit it.
#[derive(Debug)]
pub struct Lock(#[expect(dead_code, reason = "open is locked")] File);

impl Lock {
    /// # Errors
    /// `InUse`, with the process that holds it, when another has the folder.
    pub fn take(data_dir: &Path) -> Result<Self> {
        let path = data_dir.join("lock");
        let mut file = open(&path)?;
        match file.try_lock() {
            Ok(()) => {}
            Err(TryLockError::WouldBlock) => {
                let mut holder = String::new();
                let read = file.read_to_string(&mut holder);
                let pid = read.ok().and_then(|_| holder.trim().parse().ok());
                return Err(StartError::InUse { data_dir: data_dir.to_path_buf(), pid });
            }
            Err(TryLockError::Error(error)) => return Err(to("lock", &path)(error)),
        }
        file.set_len(0).and_then(|()| writeln!(file, "{}", process::id())).map_err(to("write", &path))?;
        Ok(Self(file))
    }

    /// Waits for its turn.
    ///
    /// # Errors
    /// `TooLate` when the turn doesn't come.
    pub fn await_turn(path: &Path, limit: Duration) -> Result<Self> {
        let file = open(path)?;
        let deadline = Instant::now() + limit;
        loop {
            match file.try_lock() {
                Ok(()) => return Ok(Self(file)),
                Err(TryLockError::WouldBlock) if Instant::now() < deadline => {
                    thread::sleep(Duration::from_millis(100));
                }
                Err(TryLockError::WouldBlock) => {
                    return Err(StartError::TooLate { what: format!("lock {}", path.display()), limit });
                }
                Err(TryLockError::Error(error)) => return Err(to("lock", path)(error)),
            }
        }
    }
}

fn open(path: &Path) -> Result<File> {
    let mut options = OpenOptions::new();
    options.read(true).write(true).create(true).truncate(false).mode(0o600);
    options.open(path).map_err(to("open", path))
}
