//! Cooperatives as another system has them: the ministry's registry, say.

use serde_json::Value;

use super::{
    payloads::{Cooperative, CooperativeFields},
    rules, store,
};
use crate::{
    access::Permission,
    error::Result,
    http::{MergePatch, json},
    ids::CooperativeId,
    log::Event,
    records::{
        Record, Tx,
        synced::{Became, Outcome, Row, Synced, differing, known, one_by_one},
    },
};

pub struct Cooperatives;

impl Synced for Cooperatives {
    const NAME: &'static str = "cooperatives";
    const KIND: &'static str = Cooperative::KIND;
    const WRITE: Permission = Permission::WriteCooperatives;
    type Fields = CooperativeFields;

    async fn apply(tx: &Tx<'_>, source: &str, rows: &[Row]) -> Result<(Vec<Outcome>, Vec<Event>)> {
        let known = known::<Self>(tx, source, rows).await?;
        one_by_one(tx, rows, async |row| match known.get(&row.id.value) {
            Some(id) => changed(tx, row, CooperativeId(*id)).await,
            None => registered(tx, row).await,
        })
        .await
    }
}

async fn registered(tx: &Tx<'_>, row: &Row) -> Result<(Outcome, Vec<Event>)> {
    let mut fields: CooperativeFields = json::parse(Value::Object(row.said.clone()))?;
    rules::check(&fields, &tx.worker.reference(), tx.today())?;
    fields.external_ids.0.push(row.id.clone());
    let cooperative = store::insert(tx, CooperativeId::generate(), &fields).await?;
    store::assign_external_ids(tx, cooperative.id, &fields).await?;
    Ok((Outcome::of(Became::Created, cooperative.id), vec![Event::created(&*cooperative)]))
}

async fn changed(tx: &Tx<'_>, row: &Row, id: CooperativeId) -> Result<(Outcome, Vec<Event>)> {
    let before = store::lock(tx, tx.reach, id).await?;
    let patch = MergePatch::of(row.said.clone(), tx.actor.clone());
    let fields = patch.apply(&before.fields, Cooperative::READ)?;
    let changed = differing(&json::object(&before.fields)?, &json::object(&fields)?);
    if changed.is_empty() {
        return Ok((Outcome::of(Became::Unchanged, id), vec![]));
    }
    rules::check(&fields, &tx.worker.reference(), tx.today())?;
    let after = store::update(tx, id, &fields).await?;
    let event = Event::changed(&before, &*after, "updated");
    Ok((Outcome { changed, ..Outcome::of(Became::Updated, id) }, vec![event]))
}
