//! Merging two records, and parting them again.

use std::rc::Rc;

use serde_json::{Value, json};
use uuid::Uuid;

use super::{
    children::{self, Children, Told},
    clashes,
    mergeable::{Mergee, call, lead},
    moving::{self, Moved, Way},
    parting,
    payloads::{Merge, MergeFields, Resource},
    rules, store,
};
use crate::{
    access::Party,
    businesses,
    error::{ApiError, Result, named},
    ids::{BusinessId, MergeId, PersonId},
    log::{self, Between, Event, Shared},
    records::{ExternalIds, Tx},
};

/// As many as a record may have.
const MOST_EXTERNAL_IDS: usize = 20;

/// # Errors
/// `Invalid` with all that is wrong with the two; `Duplicate` where one was merged before; `Blocked` with all
/// that clashes.
pub async fn merge(tx: &Tx<'_>, fields: &MergeFields) -> Result<(Rc<Merge>, Vec<Event>)> {
    let (from, into) = both(tx, fields).await?;
    let way = Way { merge: MergeId::generate(), from: fields.from_id, into: fields.into_id };
    let all = children::of(fields.resource);
    let mut clashes = clashes::between(tx, all, way).await?;
    if from.external_ids().0.len() + into.external_ids().0.len() > MOST_EXTERNAL_IDS {
        clashes.push(json!({ "type": "external_id", "id": way.from, "clashes_with": way.into }));
    }
    clashes.extend(of_one_name(tx, fields).await?);
    if !clashes.is_empty() {
        return Err(ApiError::Blocked { code: "clashes", by: clashes });
    }
    let merge = store::insert(tx, way.merge, fields, from.status()).await?;
    lead(tx, fields.resource, way.from, Some(way.into), Some("merged")).await?;
    let mut handed = Vec::new();
    for children in all {
        handed.push((children, moving::hand_on(tx, children, way).await?));
    }
    let names = [from.external_ids().0.clone(), into.external_ids().0.clone()].concat();
    let mut events = changed(tx, fields.resource, &from, way, "merged").await?;
    events.extend(renamed(tx, fields.resource, &into, way.from, ExternalIds(names)).await?);
    if let Mergee::Business(into) = &into {
        businesses::claim_again(tx, into).await?;
    }
    let between = (way.from, way.into);
    events.extend(told(tx, fields.resource, &handed, between).await?);
    Ok((merge, events))
}

/// # Errors
/// `Blocked` by later merges into the same record; `Duplicate` where the other was merged on, or something else
/// has meanwhile what the one would have again.
pub async fn undo(tx: &Tx<'_>, merge: &Merge) -> Result<(Rc<Merge>, Vec<Event>)> {
    let MergeFields { resource, from_id, into_id, .. } = merge.fields;
    let into = Mergee::lock(tx, resource, into_id).await?;
    let from = Mergee::lock_even_merged(tx, resource, from_id).await?;
    let later = store::later_into(tx, into_id, merge).await?;
    if !later.is_empty() {
        return Err(ApiError::blocked("merged_later", "merge", later));
    }
    let way = Way { merge: merge.id, from: from_id, into: into_id };
    let was = store::was_status(tx, merge.id).await?;
    lead(tx, resource, from_id, None, was.as_deref()).await?;
    let mut handed = Vec::new();
    for children in children::of(resource) {
        handed.push((children, parting::give_back(tx, children, way).await?));
    }
    let given_back = handed.iter().filter(|(children, _)| children.table == "external_ids");
    let given_back: Vec<&String> = given_back.flat_map(|(_, rows)| rows.iter().map(|row| &row.key)).collect();
    let kept = |names: &ExternalIds, back: bool| {
        let is_back =
            |source: &str, value: &str| given_back.iter().any(|key| **key == format!("{source} {value}"));
        let names = names.0.iter().filter(|name| is_back(&name.source, &name.value) == back);
        ExternalIds(names.cloned().collect())
    };
    let mut events = changed(tx, resource, &from, way, "unmerged").await?;
    events.extend(renamed(tx, resource, &into, from_id, kept(into.external_ids(), false)).await?);
    let parted = Mergee::lock(tx, resource, from_id).await?;
    events.extend(renamed(tx, resource, &parted, into_id, kept(parted.external_ids(), true)).await?);
    if let Mergee::Business(parted) = &parted {
        businesses::claim_again(tx, parted).await?;
    }
    events.extend(told(tx, resource, &handed, (into_id, from_id)).await?);
    Ok((store::undo(tx, merge.id).await?, events))
}

/// Held in one order, so that two merges of the same two do not wait for each other.
async fn both(tx: &Tx<'_>, fields: &MergeFields) -> Result<(Mergee, Mergee)> {
    ApiError::if_any(rules::flaws(fields))?;
    let mut flaws = Vec::new();
    let lock = |id| Mergee::lock(tx, fields.resource, id);
    let (from, into) = if fields.from_id < fields.into_id {
        let from = lock(fields.from_id).await;
        (from, lock(fields.into_id).await)
    } else {
        let into = lock(fields.into_id).await;
        (lock(fields.from_id).await, into)
    };
    let from = named(from, "/from_id", &mut flaws)?;
    let into = named(into, "/into_id", &mut flaws)?;
    if let (Some(from), Some(into)) = (&from, &into) {
        flaws.extend(from.flaws(into));
    }
    match (from, into) {
        (Some(from), Some(into)) if flaws.is_empty() => Ok((from, into)),
        _ => Err(ApiError::Invalid(flaws)),
    }
}

/// Two persons can have businesses of one name, one person cannot.
async fn of_one_name(tx: &Tx<'_>, fields: &MergeFields) -> Result<Vec<Value>> {
    if fields.resource != Resource::Person {
        return Ok(vec![]);
    }
    let of_from = businesses::acts_for(tx, PersonId(fields.from_id)).await?;
    let of_into = businesses::acts_for(tx, PersonId(fields.into_id)).await?;
    let mut clashes = Vec::new();
    for (one, name) in &of_from {
        let same = of_into.iter().filter(|(_, other)| businesses::is_same_name(name, other));
        clashes
            .extend(same.map(|(other, _)| json!({ "type": "business", "id": one, "clashes_with": other })));
    }
    Ok(clashes)
}

/// The event of the record that is led to the other, or no longer is.
async fn changed(
    tx: &Tx<'_>,
    resource: Resource,
    before: &Mergee,
    way: Way,
    what: &str,
) -> Result<Vec<Event>> {
    let after = Mergee::lock_even_merged(tx, resource, way.from).await?;
    let through = after.through(tx).await?;
    Ok(vec![before.changed(&after, what, way.into, through)?])
}

/// A record is called by other names, where it is.
async fn renamed(
    tx: &Tx<'_>,
    resource: Resource,
    before: &Mergee,
    with: Uuid,
    names: ExternalIds,
) -> Result<Vec<Event>> {
    let same = names.0.len() == before.external_ids().0.len();
    if same {
        return Ok(vec![]);
    }
    let id = before.id();
    call(tx, resource, id, &names).await?;
    let after = Mergee::lock(tx, resource, id).await?;
    let through = after.through(tx).await?;
    Ok(vec![before.changed(&after, "updated", with, through)?])
}

/// The events of all that has changed hands, now that all has.
async fn told(
    tx: &Tx<'_>,
    resource: Resource,
    handed: &[(&Children, Vec<Moved>)],
    (from, into): (Uuid, Uuid),
) -> Result<Vec<Event>> {
    let through = Mergee::lock(tx, resource, into).await?.through(tx).await?;
    let between = Between { from, into, through: &through };
    let mut events = Vec::new();
    for (children, rows) in handed {
        if children.table == "business_shares" {
            events.extend(shared(tx, rows).await?);
        } else if children.told != Told::Nowhere {
            let rows = moving::told(tx, children, rows).await?;
            events.extend(log::handed_on(tx, rows, &between).await?);
        }
    }
    Ok(events)
}

/// Who begins to see a business by the shares that have passed on, and who no longer does.
async fn shared(tx: &Tx<'_>, rows: &[Moved]) -> Result<Vec<Event>> {
    let mut passed: Vec<(Shared, Shared, Vec<Uuid>)> = Vec::new();
    for row in rows {
        let Some((before, after, cause)) = passes(row) else { continue };
        match passed.iter_mut().find(|(one, other, _)| (*one, *other) == (before, after)) {
            Some((_, _, causes)) => causes.push(cause),
            None => passed.push((before, after, vec![cause])),
        }
    }
    let mut events = Vec::new();
    for (before, after, causes) in passed {
        events.extend(log::passed_on(tx, before, after, &causes).await?);
    }
    Ok(events)
}

/// What a row of the shares says: half of it in its key, half in what has changed.
fn passes(row: &Moved) -> Option<(Shared, Shared, Uuid)> {
    let (rest, cause) = row.key.split_once(' ')?;
    let share = |said: &Value| {
        let text = |name: &str| said.get(name).and_then(Value::as_str).unwrap_or(rest).to_owned();
        let business = Uuid::parse_str(&text("business_id")).ok()?;
        Some(Shared { business: BusinessId(business), party: Party::parse(&text("party"))? })
    };
    Some((share(&row.was)?, share(&row.now)?, Uuid::parse_str(cause).ok()?))
}
