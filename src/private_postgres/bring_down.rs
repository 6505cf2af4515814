//! Ends a server, asking before it insists.

use std::{
    thread,
    time::{Duration, Instant},
};

use rustix::process::{Pid, Signal, kill_process};

/// A fast stop, one without a checkpoint, and the end; each with the time that it is given.
const LADDER: [(Signal, Duration); 3] = [
    (Signal::INT, Duration::from_secs(60)),
    (Signal::QUIT, Duration::from_secs(10)),
    (Signal::KILL, Duration::from_secs(5)),
];

/// Asks with each signal in turn until `gone`: `false` when it never is.
pub fn bring_down(pid: Pid, mut gone: impl FnMut() -> bool) -> bool {
    LADDER.iter().any(|(signal, limit)| {
        // An error means that it is gone, or not ours; both show in what follows.
        let _ = kill_process(pid, *signal);
        let deadline = Instant::now() + *limit;
        loop {
            if gone() {
                return true;
            }
            if Instant::now() > deadline {
                return false;
            }
            thread::sleep(Duration::from_millis(10));
        }
    })
}
