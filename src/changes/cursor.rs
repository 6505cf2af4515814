//! Where a caller stands in the feed: a number of the log and the day on which it was given, signed for the
//! caller and for what was asked. It outlives the service's process and its database's cluster.

use aws_lc_rs::{constant_time, hmac};
use base64::{Engine, prelude::BASE64_URL_SAFE_NO_PAD};
use chrono::{DateTime, Duration, Utc};

use crate::{
    access::Access,
    error::{ApiError, Result},
    http::Code,
};

/// How long a cursor is good.
pub const LIFE: Duration = Duration::days(90);
const TAG: usize = 16;

pub fn seal(access: &Access, asked: &str, seq: i64) -> String {
    let place = [seq.to_be_bytes(), access.now.timestamp().to_be_bytes()].concat();
    BASE64_URL_SAFE_NO_PAD.encode([tag(access, asked, &place), place].concat())
}

/// # Errors
/// `Invalid` where it is none, or another caller's, or was given for something else; `Gone` where it is too old.
pub fn open(access: &Access, asked: &str, cursor: &str) -> Result<i64> {
    let known = read(access, asked, cursor);
    let (seq, given) = known.ok_or_else(|| ApiError::invalid(Code::BadCursor.of_parameter("after", "")))?;
    if given + LIFE < access.now {
        return Err(ApiError::Gone { restart: "/v1/changes/start" });
    }
    Ok(seq)
}

fn read(access: &Access, asked: &str, cursor: &str) -> Option<(i64, DateTime<Utc>)> {
    let sealed = BASE64_URL_SAFE_NO_PAD.decode(cursor).ok()?;
    let (given, place) = sealed.split_at_checked(TAG)?;
    constant_time::verify_slices_are_equal(given, &tag(access, asked, place)).ok()?;
    let (seq, at) = place.split_first_chunk::<8>()?;
    let at = DateTime::from_timestamp(i64::from_be_bytes(at.try_into().ok()?), 0)?;
    Some((i64::from_be_bytes(*seq), at))
}

fn tag(access: &Access, asked: &str, place: &[u8]) -> Vec<u8> {
    let mut context = hmac::Context::with_key(&access.worker.cursor_key);
    let caller = format!("changes {} {} {asked}", access.actor.user, access.actor.party);
    context.update(caller.as_bytes());
    context.update(&[0]);
    context.update(place);
    context.sign().as_ref().iter().take(TAG).copied().collect()
}
