//! Which part of the feed a replay is of.

use chrono::{DateTime, Utc};
use uuid::Uuid;

use super::{deliveries::KEPT, payloads::ReplayWebhook};
use crate::{
    access::Access,
    error::{ApiError, Result},
    http::Code,
    ids::EventId,
    log::feed::{self, Wanted},
};

/// A place in the feed, as a client names it.
enum Place {
    Event(EventId),
    Time(DateTime<Utc>),
}

/// The number before the first event, and that of the last; `caller` is whose feed it is.
///
/// # Errors
/// `Invalid` where the endpoint has no such event, or it is too long ago.
pub async fn range(caller: &Access, wanted: &Wanted, asked: &ReplayWebhook) -> Result<(i64, i64)> {
    let conflict = |at: &str| Err(ApiError::invalid(Code::Conflict.expecting(at, "event_id")));
    match (asked.event_id, &asked.from, &asked.to) {
        (Some(id), None, None) => {
            let seq = number(caller, wanted, id, "/event_id").await?;
            recent(caller, feed::at(caller, seq).await?, "/event_id")?;
            Ok((seq - 1, seq))
        }
        (Some(_), Some(_), _) => conflict("/from"),
        (Some(_), None, Some(_)) => conflict("/to"),
        (None, None, _) => Err(ApiError::invalid(Code::Required.at("/event_id"))),
        (None, Some(from), to) => {
            let first = match place(from, "/from")? {
                Place::Event(id) => {
                    let seq = number(caller, &Wanted::default(), id, "/from").await?;
                    recent(caller, feed::at(caller, seq).await?, "/from")?;
                    seq
                }
                Place::Time(time) => {
                    recent(caller, time, "/from")?;
                    feed::first_since(caller, time).await?
                }
            };
            let last = match to.as_deref().map(|to| place(to, "/to")).transpose()? {
                None => feed::last(caller).await?,
                Some(Place::Event(id)) => number(caller, &Wanted::default(), id, "/to").await?,
                Some(Place::Time(time)) => feed::first_since(caller, time).await? - 1,
            };
            if last < first - 1 {
                return Err(ApiError::invalid(Code::TooEarly.expecting("/to", from)));
            }
            Ok((first - 1, last))
        }
    }
}

fn place(text: &str, at: &str) -> Result<Place> {
    let time = || DateTime::parse_from_rfc3339(text).ok().map(|time| Place::Time(time.to_utc()));
    let event = Uuid::parse_str(text).ok().map(|id| Place::Event(EventId(id)));
    event
        .or_else(time)
        .ok_or_else(|| ApiError::invalid(Code::BadFormat.expecting(at, "2026-01-31T00:00:00Z, event_id")))
}

async fn number(caller: &Access, wanted: &Wanted, id: EventId, at: &str) -> Result<i64> {
    let number = feed::number_of(caller, id, wanted).await?;
    number.ok_or_else(|| ApiError::invalid(Code::NoSuchRecord.at(at)))
}

fn recent(caller: &Access, time: DateTime<Utc>, at: &str) -> Result<()> {
    let earliest = caller.now - KEPT;
    match time < earliest {
        true => Err(ApiError::invalid(Code::TooEarly.expecting(at, earliest.format("%FT%TZ")))),
        false => Ok(()),
    }
}
