//! Runs a program to its end, or to a deadline.

use std::{
    io::{self, Read},
    os::unix::process::CommandExt,
    process::{Command, Stdio},
    sync::mpsc,
    thread,
    time::Duration,
};

use rustix::process::{Pid, Signal, kill_process_group};

pub struct Ended {
    pub success: bool,
    /// Both streams, in the order in which they came.
    pub said: String,
}

/// Past the deadline the program and its children are killed.
///
/// # Errors
/// `NotFound` when there is no such program, `TimedOut` past the deadline, and what else the system reports.
pub fn run(mut command: Command, limit: Duration) -> io::Result<Ended> {
    let (mut reader, writer) = io::pipe()?;
    let mut child =
        command.stdin(Stdio::null()).stdout(writer.try_clone()?).stderr(writer).process_group(0).spawn()?;
    // It holds the pipe's other end: while it lives, reading never ends.
    drop(command);

    let (sender, ended) = mpsc::channel();
    thread::spawn(move || {
        let mut said = Vec::new();
        let read = reader.read_to_end(&mut said);
        // Nobody listens any more when the deadline has passed.
        let _ = sender.send(read.map(|_| said));
    });

    let Ok(said) = ended.recv_timeout(limit) else {
        kill_process_group(Pid::from_child(&child), Signal::KILL)?;
        child.wait()?;
        return Err(io::Error::new(io::ErrorKind::TimedOut, format!("no end after {} s", limit.as_secs())));
    };
    let success = child.wait()?.success();
    Ok(Ended { success, said: String::from_utf8_lossy(&said?).into_owned() })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shell(script: &str) -> Command {
        let mut command = Command::new("/bin/sh");
        command.args(["-c", script]);
        command
    }

    #[test]
    fn what_a_program_says_on_either_stream_is_kept() {
        let ended = run(shell("echo one; echo two >&2; exit 3"), Duration::from_secs(10)).unwrap();
        assert_eq!((ended.success, ended.said.as_str()), (false, "one\ntwo\n"));
    }

    #[test]
    fn a_program_that_does_not_end_is_killed() {
        let error = run(shell("sleep 60"), Duration::from_millis(50)).err().unwrap();
        assert_eq!(error.kind(), io::ErrorKind::TimedOut);
    }
}
