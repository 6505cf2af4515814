//! The addresses of the change feed.

use std::time::Duration;

use actix_web::{get, rt::time};
use utoipa_actix_web::{scope, service_config::ServiceConfig};

use super::{
    cursor,
    digest::get_changes_digest,
    payloads::{Asked, Change, Changes, ChangesStart, Start},
    types,
};
use crate::{
    access::{Access, Granted, may::ReadChanges},
    error::{ApiError, Result},
    http::{Code, Derived, Parameters},
    log::feed::{self, Wanted},
};

const MOST: usize = 1_000;
const LONGEST_WAIT: u64 = 30;
/// Whoever waits looks as often as this, should nobody wake him.
const PULSE: Duration = Duration::from_secs(1);

pub fn routes(config: &mut ServiceConfig<'_>) {
    config.service(
        scope("/changes").service(get_changes_start).service(get_changes_digest).service(get_changes),
    );
}

/// Get a place in the feed of changes from which to follow.
///
/// First take this, then fetch what there is, then follow: so nothing that happens meanwhile is missed, and some
/// of it comes twice. A record's version tells.
#[utoipa::path(params(Start), responses((status = 200, body = ChangesStart)))]
#[get("/start")]
async fn get_changes_start(
    granted: Granted<ReadChanges>,
    Parameters(Start { types }): Parameters<Start>,
) -> Result<Derived<ChangesStart>> {
    let (_, asked) = wanted(&granted, types.map(|types| types.0))?;
    let cursor = cursor::seal(&granted, &asked, feed::last(&granted).await?);
    Ok(Derived(ChangesStart { cursor, expires_at: granted.now + cursor::LIFE }))
}

/// Follow what changes.
///
/// Each event that you may read, once, those of one record in their order, none left out. With `wait` the answer
/// comes as soon as there is something. A cursor older than ninety days is answered 410: begin anew.
#[utoipa::path(params(Asked), responses((status = 200, body = Changes)))]
#[get("")]
async fn get_changes(
    granted: Granted<ReadChanges>,
    Parameters(asked): Parameters<Asked>,
) -> Result<Derived<Changes>> {
    let limit = within("limit", asked.limit.unwrap_or(200), 1, MOST)?;
    let wait = within("wait", asked.wait.unwrap_or(0), 0, LONGEST_WAIT)?;
    let (wanted, bound_to) = wanted(&granted, asked.types.map(|types| types.0))?;
    let after = match (&asked.after, asked.after_id) {
        (Some(_), Some(_)) => return Err(ApiError::invalid(Code::Unknown.of_parameter("after_id", ""))),
        (Some(cursor), None) => cursor::open(&granted, &bound_to, cursor)?,
        (None, Some(id)) => feed::number_of(&granted, id, &Wanted::default())
            .await?
            .ok_or_else(|| ApiError::invalid(Code::NoSuchRecord.of_parameter("after_id", "")))?,
        (None, None) => 0,
    };
    let found = once_there_is_any(&granted, after, &wanted, limit, Duration::from_secs(wait)).await?;
    Ok(Derived(Changes {
        next_cursor: cursor::seal(&granted, &bound_to, found.up_to),
        has_more: found.more,
        data: found.events.into_iter().map(Change::from).collect(),
    }))
}

/// What there is; or, as long as there is nothing, what comes within the time.
async fn once_there_is_any(
    access: &Access,
    mut after: i64,
    wanted: &Wanted,
    limit: usize,
    wait: Duration,
) -> Result<feed::Found> {
    let begun = time::Instant::now();
    let mut numbered = access.worker.numbered();
    loop {
        numbered.mark_unchanged();
        let found = feed::after(access, after, wanted, limit).await?;
        let left = wait.saturating_sub(begun.elapsed());
        if !found.events.is_empty() || found.more || left.is_zero() || access.worker.is_draining() {
            return Ok(found);
        }
        after = found.up_to;
        // Woken or not: both mean to look.
        let _ = time::timeout(left.min(PULSE), numbered.changed()).await;
    }
}

/// What the words ask for, and how a cursor remembers it.
fn wanted(access: &Access, types: Option<Vec<String>>) -> Result<(Wanted, String)> {
    let flaw = |_| Code::UnknownCode.of_parameter("types", "event-types");
    let wanted = types::wanted(&access.worker.reference(), types.unwrap_or_default(), flaw)?;
    let bound_to = format!("{} {}", wanted.resources.join(","), wanted.kinds.join(","));
    Ok((wanted, bound_to))
}

fn within<T: PartialOrd + std::fmt::Display>(name: &'static str, value: T, least: T, most: T) -> Result<T> {
    match value >= least && value <= most {
        true => Ok(value),
        false => Err(ApiError::invalid(Code::NotAllowed.of_parameter(name, format!("{least}-{most}")))),
    }
}
