//! What a caller sees of a record: all of it, or the record with fields that are null and named in
//! `hidden`, and for planners money in bands. Most callers see all; that way costs nothing.

use std::rc::Rc;

use actix_web::{HttpMessage, HttpRequest};
use serde_json::{Map, Value, json};

use crate::{
    access::{Permission, fields, token::Actor},
    error::{ApiError, Result},
    records::Record,
};

pub struct View {
    hidden: &'static [&'static str],
    bands: bool,
    /// The word after the version in an ETag.
    name: &'static str,
}

impl View {
    pub fn of<T: Record>(actor: &Actor) -> Self {
        if T::SHOWN_WHOLE { Self { hidden: &[], bands: false, name: "" } } else { Self::over(actor, T::READ) }
    }

    /// Of what `read` reads.
    pub fn over(actor: &Actor, read: Permission) -> Self {
        let (hidden, bands) = (actor.hidden(read), actor.sees_bands());
        let name = if hidden.is_empty() && !bands { "all" } else { actor.role.as_str() };
        Self { hidden, bands, name }
    }

    /// Of the caller of a request that `Granted` has let in.
    pub fn of_caller<T: Record>(request: &HttpRequest) -> Result<Self> {
        let extensions = request.extensions();
        let actor = extensions.get::<Rc<Actor>>().ok_or_else(|| ApiError::internal("nobody was let in"))?;
        Ok(Self::of::<T>(actor))
    }

    pub fn etag<T: Record>(&self, record: &T) -> String {
        match record.version_within() {
            Some(within) => format!("\"{}-{}-{within}\"", record.version(), self.name),
            None => format!("\"{}-{}\"", record.version(), self.name),
        }
    }

    /// Appends the record's JSON.
    pub fn write<T: Record>(&self, record: &T, out: &mut Vec<u8>) -> Result<()> {
        if self.hidden.is_empty() && !self.bands {
            serde_json::to_writer(&mut *out, record).map_err(ApiError::internal)?;
            if T::SHOWN_WHOLE {
                return Ok(());
            }
            // The record is an object: its last byte is the brace that closes it.
            out.pop();
            out.extend_from_slice(b",\"hidden\":[],\"bands\":null}");
            return Ok(());
        }
        let mut shown = serde_json::to_value(record).map_err(ApiError::internal)?;
        self.narrow(&mut shown);
        serde_json::to_writer(out, &shown).map_err(ApiError::internal)
    }

    /// The record's JSON, to stand in that of something else.
    pub fn shown<T: Record>(&self, record: &T) -> Result<Value> {
        let mut shown = serde_json::to_value(record).map_err(ApiError::internal)?;
        self.narrow(&mut shown);
        Ok(shown)
    }

    /// Blanks what is hidden, and says so.
    fn narrow(&self, record: &mut Value) {
        let mut hidden = self.hidden.to_vec();
        hidden.retain(|path| blank(record, path));
        let mut hidden: Vec<_> = hidden.into_iter().map(str::to_owned).collect();
        let mut bands = Map::new();
        if self.bands {
            in_bands(record, "", &mut bands, &mut hidden);
        }
        let bands = if self.bands { Value::Object(bands) } else { Value::Null };
        let Some(fields) = record.as_object_mut() else { return };
        fields.insert("hidden".into(), json!(hidden));
        fields.insert("bands".into(), bands);
    }

    /// Blanks what is hidden in a part of the record: the fields that an event changed.
    pub fn blank(&self, part: &mut Value) {
        for path in self.hidden {
            blank(part, path);
        }
        if self.bands {
            in_bands(part, "", &mut Map::new(), &mut Vec::new());
        }
    }
}

/// Makes the field at `address.line` null; whether it is there.
fn blank(record: &mut Value, path: &str) -> bool {
    let (name, rest) = path.split_once('.').map_or((path, None), |(name, rest)| (name, Some(rest)));
    match (record.get_mut(name), rest) {
        (Some(field), None) => *field = Value::Null,
        (Some(field), Some(rest)) => return blank(field, rest),
        (None, _) => return false,
    }
    true
}

/// Moves each amount of rupiah into `bands`, as the pair that it lies between: by its path, or, where it
/// stands in a list, not at all.
fn in_bands(value: &mut Value, at: &str, bands: &mut Map<String, Value>, hidden: &mut Vec<String>) {
    for item in value.as_array_mut().into_iter().flatten() {
        in_bands(item, at, &mut Map::new(), hidden);
    }
    for (name, field) in value.as_object_mut().into_iter().flatten() {
        let path = if at.is_empty() { name.clone() } else { format!("{at}.{name}") };
        if !name.ends_with("_idr") {
            in_bands(field, &path, bands, hidden);
            continue;
        }
        if let Some(amount) = field.as_i64() {
            bands.insert(path.clone(), json!(fields::band(amount)));
        }
        *field = Value::Null;
        if !hidden.contains(&path) {
            hidden.push(path);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn money_goes_into_bands_wherever_it_stands() {
        let view = View { hidden: &["address.line", "npwp"], bands: true, name: "policy" };
        let mut record = json!({
            "need_idr": 7_000_000,
            "address": { "line": "Jl. A", "village_code": "36.74.04.1002" },
            "standing": { "assets_idr": 1 },
            "items": [{ "cost_idr": 5 }, { "cost_idr": 6 }],
        });
        view.narrow(&mut record);
        assert_eq!(
            record,
            json!({
                "need_idr": null,
                "address": { "line": null, "village_code": "36.74.04.1002" },
                "standing": { "assets_idr": null },
                "items": [{ "cost_idr": null }, { "cost_idr": null }],
                "hidden": ["address.line", "items.cost_idr", "need_idr", "standing.assets_idr"],
                "bands": { "need_idr": [5_000_000, 10_000_000], "standing.assets_idr": [0, 5_000_000] },
            })
        );
    }
}
