//! The link to a file: which job, and until when, signed.

use chrono::{DateTime, Duration, Utc};
use uuid::Uuid;

use crate::{
    error::{ApiError, Result},
    http::cursor,
    ids::ExportJobId,
    worker::Worker,
};

/// Long enough to hand it to a program, too short to be found later.
pub const LIFE: Duration = Duration::hours(1);
const PURPOSE: &str = "export link";

pub fn seal(worker: &Worker, id: ExportJobId, until: DateTime<Utc>) -> String {
    let what = [id.0.as_bytes().as_slice(), &until.timestamp().to_be_bytes()].concat();
    format!("/exports/{}", cursor::seal(&worker.cursor_key, PURPOSE, &what))
}

/// # Errors
/// `NotFound` where it is none; `Gone` where its time is over.
pub fn open(worker: &Worker, link: &str) -> Result<ExportJobId> {
    let (id, until) = read(worker, link).ok_or(ApiError::NotFound)?;
    if until <= worker.clock.now() {
        return Err(ApiError::Gone { restart: "/v1/exports/jobs" });
    }
    Ok(id)
}

fn read(worker: &Worker, link: &str) -> Option<(ExportJobId, DateTime<Utc>)> {
    let what = cursor::open(&worker.cursor_key, PURPOSE, link)?;
    let (id, until) = what.split_first_chunk::<16>()?;
    let until = DateTime::from_timestamp(i64::from_be_bytes(until.try_into().ok()?), 0)?;
    Some((ExportJobId(Uuid::from_bytes(*id)), until))
}
