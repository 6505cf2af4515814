//! Keeps the server alive: one that dies is started again, on its port and its socket.

use std::{
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    thread::{self, JoinHandle},
    time::{Duration, Instant},
};

use super::{
    error::{Result, StartError, to},
    postmaster::{Launcher, Postmaster},
    stop::Stop,
};

const LOOK_EVERY: Duration = Duration::from_millis(100);
const SHORTEST_PAUSE: Duration = Duration::from_millis(100);
const LONGEST_PAUSE: Duration = Duration::from_secs(5);
/// One that lived this long doesn't die for the reason that killed the one before.
const STEADY: Duration = Duration::from_secs(30);

pub struct Supervised {
    launcher: Launcher,
    /// None while there is no server.
    postmaster: Mutex<Option<Postmaster>>,
    stop: Stop,
}

impl Supervised {
    pub fn new(launcher: Launcher, postmaster: Postmaster) -> Self {
        Self { launcher, postmaster: Mutex::new(Some(postmaster)), stop: Stop::default() }
    }

    pub fn launcher(&self) -> &Launcher {
        &self.launcher
    }

    pub fn is_alive(&self) -> bool {
        self.why_dead().is_none()
    }

    /// Until `bring_down`.
    pub fn watch(self: Arc<Self>) -> Result<JoinHandle<()>> {
        let log = self.launcher.log.clone();
        let thread = thread::Builder::new().name("postgres".to_owned());
        thread.spawn(move || self.keep_alive()).map_err(to("watch the server of", log.path()))
    }

    /// # Errors
    /// `Failed` when it does not stop.
    pub fn bring_down(&self, watcher: Option<JoinHandle<()>>) -> Result<()> {
        self.stop.say();
        if let Some(watcher) = watcher
            && watcher.join().is_err()
        {
            log::error!("the thread that watched the database server had panicked");
        }
        self.postmaster().take().map_or(Ok(()), |mut postmaster| postmaster.stop())
    }

    fn keep_alive(&self) {
        let (mut pause, mut since) = (SHORTEST_PAUSE, Instant::now());
        while !self.stop.wait(LOOK_EVERY) {
            let Some(why) = self.why_dead() else { continue };
            if since.elapsed() > STEADY {
                pause = SHORTEST_PAUSE;
            }
            log::error!("the database server is not running ({why}); starting it again");
            let died = Instant::now();
            *self.postmaster() = None;
            match self.launcher.launch(&self.stop) {
                Ok(postmaster) => {
                    *self.postmaster() = Some(postmaster);
                    log::info!("the database server is back after {} ms", died.elapsed().as_millis());
                }
                Err(StartError::Stopped) => return,
                Err(error) => log::error!("{error}"),
            }
            since = Instant::now();
            self.stop.wait(pause);
            pause = (pause * 2).min(LONGEST_PAUSE);
        }
    }

    /// None while it lives.
    fn why_dead(&self) -> Option<String> {
        match self.postmaster().as_mut().map(Postmaster::ended) {
            Some(Ok(None)) => None,
            Some(Ok(Some(status))) => Some(status.to_string()),
            Some(Err(error)) => Some(error.to_string()),
            None => Some("it could not be started".to_owned()),
        }
    }

    fn postmaster(&self) -> MutexGuard<'_, Option<Postmaster>> {
        self.postmaster.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
