//! What one worker thread has: its connections, and the keys, reference data and clock of the process.

use std::{
    sync::{
        Arc, RwLock,
        atomic::{AtomicBool, Ordering},
    },
    time::Duration,
};

use actix_web::rt::time;
use aws_lc_rs::hmac;
use chrono::{DateTime, NaiveDate, Utc};
use chrono_tz::Tz;
use tokio::sync::{Notify, watch};

use crate::{
    access::{Issuer, token::Verifier},
    calendar,
    clock::Clock,
    db::Db,
    egress::Egress,
    error::{ApiError, Result},
    files::Files,
    mail::Mailer,
    reference::{self, Reference},
    secrets::Keys,
};

/// What all workers share. Cloning it is cheap.
#[derive(Clone)]
pub struct Shared {
    pub keys: Arc<Keys>,
    pub files: Files,
    /// None where no mail is sent.
    pub mailer: Option<Mailer>,
    /// Sends webhooks.
    pub egress: Egress,
    pub issuer: Arc<Issuer>,
    /// Replaced as a whole when a list is loaded.
    pub reference: Arc<RwLock<Arc<Reference>>>,
    pub clock: Clock,
    /// Decides what "today" is in due dates, expiries and the year of numbers.
    pub zone: Tz,
    /// Whether made-up people, by NIKs of the province 99, may be kept: only in a pilot or sandbox.
    pub synthetic_allowed: bool,
    /// None but in a sandbox: nothing of one leaves this machine.
    pub sandbox: Option<Sandbox>,
    /// Wakes whoever reads the log: something was committed.
    pub wake: Arc<Notify>,
    /// Wakes whoever waits for events to follow: some were numbered.
    pub numbered: Arc<watch::Sender<u64>>,
    /// The service is about to stop: no more should come.
    pub draining: Arc<AtomicBool>,
}

/// What only a sandbox has.
#[derive(Clone)]
pub struct Sandbox {
    /// Of who owns the tables, and puts them back to their beginning.
    pub owner_url: Arc<str>,
    /// Meanwhile nobody else is served.
    pub resetting: Arc<AtomicBool>,
}

pub struct Worker {
    pub db: Db,
    pub verifier: Verifier,
    pub keys: Arc<Keys>,
    pub clock: Clock,
    pub cursor_key: hmac::Key,
    shared: Shared,
}

impl Worker {
    pub fn new(db: Db, shared: &Shared) -> Result<Self> {
        Ok(Self {
            db,
            cursor_key: shared.keys.purpose("cursor").map_err(ApiError::internal)?,
            verifier: Verifier::new(shared.issuer.clone()),
            keys: shared.keys.clone(),
            clock: shared.clock.clone(),
            shared: shared.clone(),
        })
    }

    pub fn reference(&self) -> Arc<Reference> {
        self.shared.reference.read().map_or_else(|held| held.into_inner().clone(), |now| now.clone())
    }

    /// Where the files of attachments lie.
    pub fn files(&self) -> &Files {
        &self.shared.files
    }

    pub fn mailer(&self) -> Option<&Mailer> {
        self.shared.mailer.as_ref()
    }

    pub fn egress(&self) -> &Egress {
        &self.shared.egress
    }

    pub fn sandbox(&self) -> Option<&Sandbox> {
        self.shared.sandbox.as_ref()
    }

    pub fn synthetic_allowed(&self) -> bool {
        self.shared.synthetic_allowed
    }

    /// Looks every now and then whether a list was replaced, by whatever process, until its task is
    /// dropped. One in a process is enough.
    pub async fn follow_reference(&self, every: Duration) {
        loop {
            time::sleep(every).await;
            if let Err(error) = self.refresh_reference().await {
                log::warn!("the reference data could not be read again: {error:?}");
            }
        }
    }

    async fn refresh_reference(&self) -> Result<()> {
        let version = reference::store::version(&*self.db.reader().await?).await?;
        if version != self.reference().version() {
            let next = Arc::new(reference::store::load(&mut self.db.connect().await?).await?);
            *self.shared.reference.write().unwrap_or_else(|held| held.into_inner()) = next;
        }
        Ok(())
    }

    pub fn is_draining(&self) -> bool {
        self.shared.draining.load(Ordering::SeqCst)
    }

    pub fn wake_readers(&self) {
        self.shared.wake.notify_one();
    }

    pub async fn woken(&self) {
        self.shared.wake.notified().await;
    }

    pub fn numbered(&self) -> watch::Receiver<u64> {
        self.shared.numbered.subscribe()
    }

    pub fn tell_numbered(&self) {
        self.shared.numbered.send_modify(|times| *times = times.wrapping_add(1));
    }

    pub fn start_of(&self, date: NaiveDate) -> DateTime<Utc> {
        calendar::start_of(date, self.shared.zone)
    }

    pub fn zone(&self) -> Tz {
        self.shared.zone
    }

    pub fn date(&self, at: DateTime<Utc>) -> NaiveDate {
        calendar::today(at, self.shared.zone)
    }
}
