//! Where a caller stands in the feed: a number of the log and the day on which it was given, signed for the
//! caller and for what was asked. It outlives the service's process and its database's cluster.

use chrono::{DateTime, Duration, Utc};

use crate::{
    access::Access,
    error::{ApiError, Result},
    http::{Code, cursor},
};

/// How long a cursor is good.
pub const LIFE: Duration = Duration::days(90);

pub fn seal(access: &Access, asked: &str, seq: i64) -> String {
    let place = [seq.to_be_bytes(), access.now.timestamp().to_be_bytes()].concat();
    cursor::seal(&access.worker.cursor_key, &bound_to(access, asked), &place)
}

/// # Errors
/// `Invalid` where it is none, or another caller's, or was given for something else; `Gone` where it is too old.
pub fn open(access: &Access, asked: &str, sent: &str) -> Result<i64> {
    let known = read(access, asked, sent);
    let (seq, given) = known.ok_or_else(|| ApiError::invalid(Code::BadCursor.of_parameter("after", "")))?;
    if given + LIFE < access.now {
        return Err(ApiError::Gone { restart: "/v1/changes/start" });
    }
    Ok(seq)
}

fn read(access: &Access, asked: &str, sent: &str) -> Option<(i64, DateTime<Utc>)> {
    let place = cursor::open(&access.worker.cursor_key, &bound_to(access, asked), sent)?;
    let (seq, at) = place.split_first_chunk::<8>()?;
    let at = DateTime::from_timestamp(i64::from_be_bytes(at.try_into().ok()?), 0)?;
    Some((i64::from_be_bytes(*seq), at))
}

fn bound_to(access: &Access, asked: &str) -> String {
    format!("changes {} {} {asked}", access.actor.user, access.actor.party)
}
