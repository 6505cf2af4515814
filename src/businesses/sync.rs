//! Businesses as a municipal system has them: licensing, say. Each row is a registration or a change like any other.

use serde_json::Value;
use uuid::Uuid;

use super::{
    business::{
        is_npwp_of,
        payloads::{Business, BusinessFields},
        store,
    },
    change::change,
    registration::{Registration, register},
};
use crate::{
    access::Permission,
    error::{ApiError, Result},
    http::{MergePatch, json},
    ids::BusinessId,
    log::Event,
    records::{
        Record, Tx,
        synced::{Became, Outcome, Row, Synced, differing, known, one_by_one},
    },
};

pub struct Businesses;

impl Synced for Businesses {
    const NAME: &'static str = "businesses";
    const KIND: &'static str = Business::KIND;
    const WRITE: Permission = Permission::CreateBusinesses;
    type Fields = Registration;

    async fn apply(tx: &Tx<'_>, source: &str, rows: &[Row]) -> Result<(Vec<Outcome>, Vec<Event>)> {
        let known = known::<Self>(tx, source, rows).await?;
        one_by_one(tx, rows, async |row| match known.get(&row.id.value) {
            Some(id) => changed(tx, row, BusinessId(*id)).await,
            None => registered(tx, row).await,
        })
        .await
    }
}

async fn registered(tx: &Tx<'_>, row: &Row) -> Result<(Outcome, Vec<Event>)> {
    let mut new: Registration = json::parse(Value::Object(row.said.clone()))?;
    new.fields.external_ids.0.push(row.id.clone());
    let (business, (event, more)) = register(tx, &new).await?;
    let events = std::iter::once(event).chain(more).collect();
    Ok((Outcome::of(Became::Created, business.id), events))
}

async fn changed(tx: &Tx<'_>, row: &Row, id: BusinessId) -> Result<(Outcome, Vec<Event>)> {
    let reach = tx.reach_of(Permission::WriteBusinesses)?;
    let before = store::lock(tx, reach, id).await.map_err(|error| match error {
        ApiError::NotFound => ApiError::duplicate("external_ids"),
        error => error,
    })?;
    let mut said = row.said.clone();
    // Who owns it and what it earns goes on here, once it is registered.
    let of_the_start = ["owner", "snapshot"].into_iter().filter(|field| said.remove(*field).is_some());
    let kept: Vec<_> = of_the_start.map(str::to_owned).collect();
    let same_npwp = match said.get("npwp") {
        Some(Value::Null) => before.fields.npwp.is_none(),
        Some(Value::String(number)) => is_npwp_of(tx, id, number).await?,
        _ => false,
    };
    if same_npwp {
        said.remove("npwp");
    }
    let patch = MergePatch::<BusinessFields>::of(said, tx.actor.clone());
    let shown = BusinessFields { npwp: None, ..before.fields.clone() };
    let same =
        differing(&json::object(&shown)?, &json::object(&patch.apply(&shown, Business::READ)?)?).is_empty();
    if same && !patch.names("npwp") {
        return Ok((Outcome { kept, ..Outcome::of(Became::Unchanged, Uuid::from(id)) }, vec![]));
    }
    let after = change(tx, &before, &patch).await?;
    let mut changed = differing(&json::object(&before.fields)?, &json::object(&after.fields)?);
    if changed.is_empty() {
        // Masked, the two numbers look alike.
        changed.push("npwp".to_owned());
    }
    let event = Event::changed(&before, &*after, "updated");
    Ok((Outcome { changed, kept, ..Outcome::of(Became::Updated, Uuid::from(id)) }, vec![event]))
}
