//! What ends the server when we die without a word, as by `kill -9` or at the end of a test run.
//!
//! A shell waits on a pipe whose other end only we hold. The system closes it when we die, and the
//! shell asks the server to stop. The next start would find an orphan too: this spares the machine one.

use std::{
    io,
    os::unix::process::CommandExt,
    process::{Child, Stdio},
};

use super::user::ServerUser;

pub struct Leash(Child);

impl Leash {
    pub fn tie(user: &ServerUser, server: &Child) -> io::Result<Self> {
        let mut command = user.command("/bin/sh");
        command
            .args(["-c", "read -r _; kill -INT \"$1\"", "seribu-leash", &server.id().to_string()])
            .stdin(Stdio::piped())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .process_group(0);
        command.spawn().map(Self)
    }

    /// Before the server's process is gone: its number may then be another's.
    pub fn untie(&mut self) {
        // It may have ended by itself.
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

impl Drop for Leash {
    fn drop(&mut self) {
        self.untie();
    }
}
