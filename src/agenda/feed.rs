//! The calendar behind a link: the agenda as iCalendar (RFC 5545). Whoever looks over a shoulder learns what
//! is to be done and the number of a business, never a name, a place or a text.

use actix_web::{HttpResponse, get, http::header, web};
use chrono::{Days, Duration};
use icalendar::{Calendar, Component, Event, EventLike, Property};

use super::{
    links::{payloads::CalendarLink, secret, store as links},
    payloads::Entry,
    store::{Whose, agenda, all_of},
};
use crate::{
    access::Access,
    accounts,
    error::{ApiError, Result},
    worker::Worker,
};

/// How long a session without planned minutes lasts in a calendar.
const AN_HOUR: i32 = 60;

#[get("/calendar/{secret}.ics")]
pub async fn calendar(worker: web::Data<Worker>, secret: web::Path<String>) -> Result<HttpResponse> {
    let link = links::linked(&worker, &secret::mac(&worker, &secret)?).await?;
    may_still(&worker, &link).await?;
    let party = link.role.party(link.subject_id).ok_or(ApiError::NotFound)?;
    let whose = Whose { role: link.role, subject: link.subject_id, party, language: link.language };
    let entries = agenda(&worker, &whose, all_of(link.role)).await?.data;
    let mut calendar = Calendar::new();
    calendar.append_property(Property::new("PRODID", "-//Seribu//Agenda//ID"));
    calendar.name(link.language.pick("Agenda pendampingan", "Mentoring agenda"));
    entries.iter().filter_map(event).for_each(|event| {
        calendar.push(event);
    });
    Ok(HttpResponse::Ok()
        .insert_header((header::CACHE_CONTROL, "private, no-store"))
        .insert_header((header::REFERRER_POLICY, "no-referrer"))
        .content_type("text/calendar; charset=utf-8")
        .body(calendar.to_string()))
}

/// Who is disabled, or no longer acts for the party, is told what a stranger is told.
async fn may_still(worker: &web::Data<Worker>, link: &CalendarLink) -> Result<()> {
    let access = Access::of_service(worker, "calendar", None);
    let grant = (link.role, link.subject_id);
    let may = access.in_transaction(async |tx| accounts::acts_for(tx, link.user_id, grant).await).await?;
    if may { Ok(()) } else { Err(ApiError::NotFound) }
}

/// What has a day or an hour stands in the calendar; its id stays, so that a change replaces it.
fn event(entry: &Entry) -> Option<Event> {
    let mut event = Event::new();
    match (entry.due_on, entry.starts_at) {
        (Some(day), _) => {
            event.starts(day).ends(day.checked_add_days(Days::new(1))?);
        }
        (None, Some(at)) => {
            let minutes = entry.minutes.unwrap_or(AN_HOUR);
            event.starts(at).ends(at + Duration::minutes(minutes.into()));
        }
        (None, None) => return None,
    }
    let words = match &entry.business_number {
        Some(number) => format!("{} ({number})", entry.words),
        None => entry.words.to_owned(),
    };
    event
        .uid(&format!("{}.{}@seribu", entry.kind, entry.subject.id))
        .timestamp(entry.changed_at)
        .sequence(u32::try_from(entry.version - 1).unwrap_or(u32::MAX))
        .summary(&words);
    Some(event.done())
}
