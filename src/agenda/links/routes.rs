//! The addresses of calendar links.

use actix_web::{delete, get, post, web::Path};
use utoipa_actix_web::service_config::ServiceConfig;

use super::{
    payloads::{CalendarLink, CalendarLinkFields, CalendarLinkFilter, NewCalendarLink},
    secret, store,
};
use crate::{
    access::{
        Granted, Permission,
        may::{ReadNotices, WriteNotices},
    },
    accounts,
    error::{ApiError, Result},
    http::{Answer, Deleted, IfMatch, Json, Page, Query, Shown, Versioned},
    ids::CalendarLinkId,
    log::Event,
    records::Record,
    secrets::random,
};

/// One for each of a user's devices and calendars, and no more: each is an address that somebody could find.
const MOST: usize = 10;

pub fn routes(config: &mut ServiceConfig<'_>) {
    config.service(list_calendar_links).service(create_calendar_link);
    config.service(get_calendar_link).service(delete_calendar_link);
}

/// List one's own calendar links.
///
/// The newest first, without their addresses.
#[utoipa::path(params(CalendarLinkFilter), responses((status = 200, body = Page<CalendarLink>)))]
#[get("/me/calendar-links")]
async fn list_calendar_links(
    granted: Granted<ReadNotices>,
    query: Query<CalendarLinkFilter>,
) -> Result<Page<CalendarLink>> {
    store::list(&granted, query).await
}

/// Make a link to one's agenda as a calendar.
///
/// An iCalendar feed (RFC 5545) for the grant of this token, without names, places or texts. Its address is
/// shown this once and needs no log-in: give it to a calendar program and to nobody else. At most ten.
#[utoipa::path(responses((status = 201, body = NewCalendarLink)))]
#[post("/me/calendar-links")]
async fn create_calendar_link(
    granted: Granted<WriteNotices>,
    Json(fields): Json<CalendarLinkFields>,
) -> Result<Answer> {
    granted
        .write(&fields, async |tx| {
            // A machine client has no calendar, and no account that could be disabled.
            if !accounts::may_act_as(tx, tx.actor.user, tx.actor.role).await? {
                return Err(ApiError::Forbidden(Permission::WriteNotices));
            }
            let own = store::of_user(tx, tx.actor.user).await?;
            if own.len() >= MOST {
                return Err(ApiError::blocked("too_many_links", CalendarLink::KIND, own));
            }
            let secret = random::link().map_err(ApiError::internal)?;
            let link = store::insert(tx, &fields, &secret::mac(&tx.worker, &secret)?).await?;
            let once = NewCalendarLink { id: link.id, path: format!("/calendar/{secret}.ics") };
            Ok((Shown { of: Some(link.id.0), once }, Event::created(&link)))
        })
        .await
}

/// Get a calendar link.
#[utoipa::path(responses((status = 200, body = CalendarLink)))]
#[get("/me/calendar-links/{id}")]
async fn get_calendar_link(
    granted: Granted<ReadNotices>,
    id: Path<CalendarLinkId>,
) -> Result<Versioned<CalendarLink>> {
    Ok(Versioned(store::find(&granted, *id).await?.into()))
}

/// Revoke a calendar link.
///
/// Its address leads nowhere from then on.
#[utoipa::path(responses((status = 204, description = "It is revoked")))]
#[delete("/me/calendar-links/{id}")]
async fn delete_calendar_link(
    granted: Granted<WriteNotices>,
    id: Path<CalendarLinkId>,
    read: IfMatch,
) -> Result<Answer> {
    granted
        .write(&(), async |tx| {
            let before = store::lock(tx, *id).await?;
            read.check(&before)?;
            store::delete(tx, before.id).await?;
            Ok((Deleted, Event::deleted(&before)))
        })
        .await
}
