//! Records that belong to another since two were merged. Their own rows alone say so: whom such a record
//! names, and what it is about, stands in the last event of each.

use std::collections::HashMap;

use diesel::prelude::*;
use diesel_async::RunQueryDsl;
use serde_json::{Value, json};
use uuid::Uuid;

use crate::{
    access::{Party, Permission},
    db::schema::{event_about, events},
    error::Result,
    ids::BusinessId,
    log::{
        event::{Event, Personal, SeenBy},
        history::RESOURCES,
    },
    records::Tx,
};

/// A row that was handed on: its version now, and what the columns say that name the other record.
pub struct HandedOn {
    pub id: Uuid,
    pub version: i64,
    pub before: Value,
    pub after: Value,
}

/// From which record to which. What is seen through businesses that its row does not name, is seen
/// `through` these.
pub struct Between<'a> {
    pub from: Uuid,
    pub into: Uuid,
    pub through: &'a [BusinessId],
}

#[derive(Queryable)]
struct Last {
    id: Uuid,
    kind: String,
    resource: String,
    business_id: Option<Uuid>,
    about: Vec<Uuid>,
    audience: Vec<String>,
}

/// One event for each, `updated`, but for those that were deleted.
pub async fn handed_on(tx: &Tx<'_>, rows: Vec<HandedOn>, between: &Between<'_>) -> Result<Vec<Event>> {
    let ids: Vec<Uuid> = rows.iter().map(|row| row.id).collect();
    let own = event_about::table.inner_join(events::table.on(events::position.eq(event_about::position)));
    let own =
        own.filter(event_about::record_id.eq_any(ids)).filter(events::subject_id.eq(event_about::record_id));
    let last = own
        .distinct_on(event_about::record_id)
        .order((event_about::record_id, event_about::position.desc()))
        .select((
            events::subject_id,
            events::kind,
            events::resource,
            events::business_id,
            events::about,
            events::audience,
        ));
    let last: Vec<Last> = last.load(&mut tx.sql()).await?;
    let mut last: HashMap<Uuid, Last> = last.into_iter().map(|last| (last.id, last)).collect();
    let events = rows.into_iter().filter_map(|row| event(last.remove(&row.id)?, row, between));
    Ok(events.collect())
}

fn event(last: Last, row: HandedOn, between: &Between<'_>) -> Option<Event> {
    let (name, what) = last.kind.split_once('.')?;
    let (resource, read) = *RESOURCES.iter().find(|(resource, _)| *resource == last.resource)?;
    if what == "deleted" {
        return None;
    }
    let renamed = |id: Uuid| if id == between.from { between.into } else { id };
    let parties: Vec<Party> = last.audience.iter().filter_map(|text| Party::parse(text)).collect();
    let named: Vec<Party> = parties.iter().map(|party| succeeded(*party, between)).collect();
    let lost = parties.into_iter().filter(|party| !named.contains(party)).collect();
    let mut about: Vec<Uuid> = last.about.into_iter().map(renamed).collect();
    about.push(between.from);
    let business = last.business_id.map(|id| BusinessId(renamed(id)));
    let through = between.through.iter().copied().filter(|_| is_seen_through_others(read));
    Some(Event {
        kind: format!("{name}.updated"),
        resource,
        subject_id: row.id,
        subject_version: row.version,
        about,
        on_behalf_of: None,
        data: json!({ "before": row.before, "after": row.after }),
        personal: Personal { paths: &[], subject: row.id },
        seen_by: SeenBy::Table {
            read,
            open: false,
            named,
            businesses: business.into_iter().chain(through).collect(),
            lost,
        },
    })
}

/// What a person agreed to, and a person's files, are seen through the businesses in which she is somebody.
fn is_seen_through_others(read: Permission) -> bool {
    [Permission::ReadConsents, Permission::ReadPersonFiles].contains(&read)
}

fn succeeded(party: Party, between: &Between<'_>) -> Party {
    let (from, into) = (between.from.to_string(), between.into.to_string());
    Party::parse(&party.to_string().replace(&from, &into)).unwrap_or(party)
}
