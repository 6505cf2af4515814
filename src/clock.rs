//! The time of day as a dependency, so that tests and the pilot can set it.

use std::sync::{
    Arc,
    atomic::{AtomicI64, Ordering},
};

use chrono::{DateTime, SubsecRound, Utc};

#[derive(Clone)]
pub enum Clock {
    System,
    /// Microseconds since 1970, moved by who holds it.
    Set(Arc<AtomicI64>),
}

impl Clock {
    pub fn at(now: DateTime<Utc>) -> Self {
        Self::Set(Arc::new(AtomicI64::new(now.timestamp_micros())))
    }

    /// Turns a set clock; the system's goes by itself.
    pub fn set(&self, now: DateTime<Utc>) {
        if let Self::Set(micros) = self {
            micros.store(now.timestamp_micros(), Ordering::SeqCst);
        }
    }

    /// In whole microseconds: what PostgreSQL keeps, so that an answer equals the row.
    #[expect(clippy::disallowed_methods, reason = "the one place that asks the machine")]
    pub fn now(&self) -> DateTime<Utc> {
        match self {
            Self::System => Utc::now().trunc_subsecs(6),
            Self::Set(micros) => {
                DateTime::from_timestamp_micros(micros.load(Ordering::SeqCst)).unwrap_or_default()
            }
        }
    }
}
