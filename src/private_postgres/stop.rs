//! The word to stop, which every wait listens for.

use std::{
    sync::{Condvar, Mutex, PoisonError},
    time::Duration,
};

#[derive(Default)]
pub struct Stop {
    said: Mutex<bool>,
    bell: Condvar,
}

impl Stop {
    pub fn say(&self) {
        *self.said.lock().unwrap_or_else(PoisonError::into_inner) = true;
        self.bell.notify_all();
    }

    /// Waits so long, or until the word is said: `true` when it is.
    pub fn wait(&self, limit: Duration) -> bool {
        let said = self.said.lock().unwrap_or_else(PoisonError::into_inner);
        let (said, _) =
            self.bell.wait_timeout_while(said, limit, |said| !*said).unwrap_or_else(PoisonError::into_inner);
        *said
    }
}
