//! `postgres.log`: what the server says, and its end for our messages.

use std::{
    fs::{self, File, OpenOptions},
    io::{self, Read, Seek, SeekFrom},
    os::unix::fs::OpenOptionsExt,
    path::{Path, PathBuf},
};

const LARGEST: u64 = 16 << 20;
const TAIL: u64 = 4096;
const TAIL_LINES: usize = 12;

#[derive(Debug, Clone)]
pub struct LogFile(PathBuf);

impl LogFile {
    pub fn new(path: PathBuf) -> Self {
        Self(path)
    }

    pub fn path(&self) -> &Path {
        &self.0
    }

    /// For appending. One that has grown large is set aside, in place of the one set aside before.
    pub fn open(&self) -> io::Result<File> {
        if self.len() > LARGEST {
            fs::rename(&self.0, self.0.with_extension("log.old"))?;
        }
        OpenOptions::new().append(true).create(true).mode(0o600).open(&self.0)
    }

    pub fn len(&self) -> u64 {
        fs::metadata(&self.0).map_or(0, |file| file.len())
    }

    /// The last lines of what came after its first `from` bytes.
    pub fn tail(&self, from: u64) -> String {
        let read = || -> io::Result<String> {
            let mut file = File::open(&self.0)?;
            file.seek(SeekFrom::Start(from.max(self.len().saturating_sub(TAIL))))?;
            let mut bytes = Vec::new();
            file.take(TAIL).read_to_end(&mut bytes)?;
            let text = String::from_utf8_lossy(&bytes);
            let lines: Vec<_> = text.lines().collect();
            Ok(lines.get(lines.len().saturating_sub(TAIL_LINES)..).unwrap_or_default().join("\n"))
        };
        read().unwrap_or_else(|error| format!("(unreadable: {error})"))
    }
}
