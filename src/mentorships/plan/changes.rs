//! What each version of a plan changed in the one before.

use std::collections::BTreeMap;

use actix_web::{get, web::Path};
use serde::Serialize;
use serde_json::Value;
use utoipa::ToSchema;
use uuid::Uuid;

use super::{
    payloads::{Item, PlanFields},
    store,
};
use crate::{
    access::{Granted, may::ReadPlanChanges},
    error::Result,
    http::{Derived, json},
    ids::MentorshipId,
};

#[derive(Serialize, ToSchema)]
struct PlanChanges {
    /// The earliest step first; none while there is one version.
    data: Vec<PlanStep>,
}

#[derive(Debug, PartialEq, Serialize, ToSchema)]
struct PlanStep {
    #[schema(example = 1)]
    from_version: i32,
    #[schema(example = 2)]
    to_version: i32,
    /// But for the items.
    fields: Vec<PlanFieldChange>,
    items: Vec<PlanItemChange>,
}

#[derive(Debug, PartialEq, Serialize, ToSchema)]
struct PlanFieldChange {
    #[schema(example = "goals")]
    field: String,
    #[schema(value_type = Object)]
    before: Value,
    #[schema(value_type = Object)]
    after: Value,
}

/// An item that was added has no `before`, one that was left out no `after`.
#[derive(Debug, PartialEq, Serialize, ToSchema)]
struct PlanItemChange {
    id: Uuid,
    #[schema(value_type = Option<Item>)]
    before: Option<Value>,
    #[schema(value_type = Option<Item>)]
    after: Option<Value>,
    /// Of an item that both have, the fields that differ.
    #[schema(example = json!(["due_on"]))]
    changed: Vec<String>,
}

/// List what changed from version to version.
///
/// Of a plan that was revised: each step from one accepted version to the next, and to the present one.
#[utoipa::path(params(MentorshipId), responses((status = 200, body = PlanChanges)))]
#[get("/{id}/plan/changes")]
pub async fn get_plan_changes(
    granted: Granted<ReadPlanChanges>,
    id: Path<MentorshipId>,
) -> Result<Derived<PlanChanges>> {
    let plan = store::find(&granted, *id).await?;
    let mut versions = store::versions(&granted, plan.id).await?;
    versions.push((plan.course.plan_version, plan.fields.clone()));
    let pairs = versions.windows(2).filter_map(|pair| match pair {
        [before, after] => Some(step(before, after)),
        _ => None,
    });
    Ok(Derived(PlanChanges { data: pairs.collect::<Result<_>>()? }))
}

fn step(
    (from_version, before): &(i32, PlanFields),
    (to_version, after): &(i32, PlanFields),
) -> Result<PlanStep> {
    let (mut was, mut is) = (json::object(before)?, json::object(after)?);
    let items = items(was.remove("items"), is.remove("items"));
    let fields = was.iter().filter_map(|(field, before)| {
        let after = is.get(field).cloned().unwrap_or_default();
        (*before != after).then(|| PlanFieldChange { field: field.clone(), before: before.clone(), after })
    });
    Ok(PlanStep { from_version: *from_version, to_version: *to_version, fields: fields.collect(), items })
}

fn items(before: Option<Value>, after: Option<Value>) -> Vec<PlanItemChange> {
    let by_id = |items: Option<Value>| -> BTreeMap<Uuid, Value> {
        let items = items.as_ref().and_then(Value::as_array).cloned().unwrap_or_default().into_iter();
        items.filter_map(|item| Some((item.get("id")?.as_str()?.parse().ok()?, item))).collect()
    };
    let (before, after) = (by_id(before), by_id(after));
    let ids: std::collections::BTreeSet<_> = before.keys().chain(after.keys()).copied().collect();
    let change = |id: Uuid| {
        let (was, is) = (before.get(&id), after.get(&id));
        let changed = match (was.and_then(Value::as_object), is.and_then(Value::as_object)) {
            (Some(was), Some(is)) => was
                .iter()
                .filter(|(field, value)| is.get(*field) != Some(value))
                .map(|(field, _)| field.clone())
                .collect(),
            _ => vec![],
        };
        (was != is).then(|| PlanItemChange { id, before: was.cloned(), after: is.cloned(), changed })
    };
    ids.into_iter().filter_map(change).collect()
}
