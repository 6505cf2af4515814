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
        format!("\"{}-{}\"", record.version(), self.name)
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

    /// Blanks what is hidden, and says so.
    fn narrow(&self, record: &mut Value) {
        self.hidden.iter().for_each(|path| blank(record, path));
        let mut hidden: Vec<String> = self.hidden.iter().map(|path| (*path).to_owned()).collect();
        let Some(fields) = record.as_object_mut() else { return };
        let bands = if self.bands { in_bands(fields, &mut hidden) } else { Value::Null };
        fields.insert("hidden".into(), json!(hidden));
        fields.insert("bands".into(), bands);
    }

    /// Blanks what is hidden in a part of the record: the fields that an event changed.
    pub fn blank(&self, part: &mut Value) {
        self.hidden.iter().for_each(|path| blank(part, path));
        if let Some(fields) = part.as_object_mut().filter(|_| self.bands) {
            in_bands(fields, &mut Vec::new());
        }
    }
}

/// Makes the field at `address.line` null, where it is there.
fn blank(record: &mut Value, path: &str) {
    let (name, rest) = path.split_once('.').map_or((path, None), |(name, rest)| (name, Some(rest)));
    match (record.get_mut(name), rest) {
        (Some(field), None) => *field = Value::Null,
        (Some(field), Some(rest)) => blank(field, rest),
        (None, _) => (),
    }
}

/// Moves each amount of rupiah into `bands`, as the pair that it lies between.
fn in_bands(fields: &mut Map<String, Value>, hidden: &mut Vec<String>) -> Value {
    let mut bands = Map::new();
    for (name, value) in fields.iter_mut().filter(|(name, _)| name.ends_with("_idr")) {
        if let Some(amount) = value.as_i64() {
            bands.insert(name.clone(), json!(fields::band(amount)));
        }
        *value = Value::Null;
        hidden.push(name.clone());
    }
    Value::Object(bands)
}
