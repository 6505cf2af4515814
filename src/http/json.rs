//! Bodies: `Json<T>`, and `MergePatch<T>` (RFC 7396). Both are held to the schema of `T` that the
//! OpenAPI document shows, so what is documented is what is enforced, and all flaws come at once.

use std::{marker::PhantomData, rc::Rc};

use actix_web::{FromRequest, HttpMessage, HttpRequest, dev::Payload, web::Bytes};
use futures_util::future::{FutureExt, LocalBoxFuture};
use serde::{Serialize, de::DeserializeOwned};
use serde_json::{Map, Value};
use utoipa::ToSchema;

use crate::{
    access::{Permission, token::Actor},
    error::{ApiError, Result},
    http::{
        body_schema,
        flaw::{Code, Flaw},
    },
};

pub struct Json<T>(pub T);

/// A change to a `T`: it is merged into the stored one, and the result must be a whole valid `T`.
#[derive(Serialize)]
#[serde(transparent)]
pub struct MergePatch<T> {
    patch: Value,
    #[serde(skip)]
    caller: Option<Rc<Actor>>,
    #[serde(skip)]
    of: PhantomData<T>,
}

impl<T: Serialize + DeserializeOwned + ToSchema + 'static> MergePatch<T> {
    /// What a caller says in other words than a body of its own.
    pub fn of(patch: Map<String, Value>, caller: Rc<Actor>) -> Self {
        Self { patch: Value::Object(patch), caller: Some(caller), of: PhantomData }
    }

    /// `read` is the permission that reads the record: what it hides from the caller cannot be patched.
    pub fn apply(&self, current: &T, read: Permission) -> Result<T> {
        let hidden = self.caller.as_ref().map_or(&[][..], |actor| actor.hidden(read));
        let names = |path: &&&str| self.patch.pointer(&pointer(path)).is_some();
        let flaws: Vec<_> = hidden.iter().filter(names).map(|path| Code::Hidden.at(pointer(path))).collect();
        ApiError::if_any(flaws)?;
        let mut merged = serde_json::to_value(current).map_err(ApiError::internal)?;
        merge(&mut merged, &self.patch);
        parse(merged)
    }

    /// Refuses a patch of fields that someone else keeps.
    pub fn names_none_of(&self, kept: &[&str]) -> Result<()> {
        let named = kept.iter().filter(|field| self.names(field));
        let flaws: Vec<_> = named.map(|field| Code::NotYours.at(pointer(field))).collect();
        ApiError::if_any(flaws)
    }

    /// Whether the patch says anything about the field.
    pub fn names(&self, field: &str) -> bool {
        self.patch.get(field).is_some()
    }
}

/// Fields as a client would send them, by name.
pub fn object(fields: &impl Serialize) -> Result<Map<String, Value>> {
    match serde_json::to_value(fields).map_err(ApiError::internal)? {
        Value::Object(fields) => Ok(fields),
        other => Err(ApiError::internal(format!("fields are no object: {other}"))),
    }
}

fn pointer(path: &str) -> String {
    format!("/{}", path.replace('.', "/"))
}

impl<T: DeserializeOwned + ToSchema + 'static> FromRequest for Json<T> {
    type Error = ApiError;
    type Future = LocalBoxFuture<'static, Result<Self>>;

    fn from_request(request: &HttpRequest, payload: &mut Payload) -> Self::Future {
        read(request, payload, "application/json").map(|value| parse(value?).map(Self)).boxed_local()
    }
}

impl<T: 'static> FromRequest for MergePatch<T> {
    type Error = ApiError;
    type Future = LocalBoxFuture<'static, Result<Self>>;

    fn from_request(request: &HttpRequest, payload: &mut Payload) -> Self::Future {
        let patch = read(request, payload, "application/merge-patch+json");
        let caller = request.extensions().get::<Rc<Actor>>().cloned();
        patch
            .map(|patch| match patch? {
                patch @ Value::Object(_) => Ok(Self { patch, caller, of: PhantomData }),
                _ => Err(ApiError::invalid(Code::WrongType.expecting("", "object"))),
            })
            .boxed_local()
    }
}

const DEEPEST: usize = 32;

fn read(
    request: &HttpRequest,
    payload: &mut Payload,
    expected: &'static str,
) -> impl Future<Output = Result<Value>> + 'static {
    let typed = request.content_type().eq_ignore_ascii_case(expected);
    let bytes = Bytes::from_request(request, payload);
    async move {
        if !typed {
            return Err(ApiError::UnsupportedMediaType { expected });
        }
        let bytes = bytes.await.map_err(|error| ApiError::TooLarge(error.to_string()))?;
        let value = serde_json::from_slice(&bytes).map_err(|error| ApiError::NotJson(error.to_string()))?;
        keepable(&value)?;
        Ok(value)
    }
}

/// What no body may be, whatever it is of: nested without end, or a text that PostgreSQL cannot keep.
pub fn keepable(value: &Value) -> Result<()> {
    if depth(value) > DEEPEST {
        return Err(ApiError::invalid(Code::TooDeep.expecting("", DEEPEST)));
    }
    let mut flaws = Vec::new();
    no_nul(value, "", &mut flaws);
    ApiError::if_any(flaws)
}

/// PostgreSQL keeps no text with this character in it.
fn no_nul(value: &Value, at: &str, flaws: &mut Vec<Flaw>) {
    match value {
        Value::String(text) if text.contains('\0') => flaws.push(Code::BadFormat.expecting(at, "text")),
        Value::Array(items) => {
            items.iter().enumerate().for_each(|(index, item)| no_nul(item, &format!("{at}/{index}"), flaws));
        }
        Value::Object(members) => {
            for (name, member) in members {
                match name.contains('\0') {
                    true => flaws.push(Code::BadFormat.expecting(at, "text")),
                    false => no_nul(member, &format!("{at}/{name}"), flaws),
                }
            }
        }
        _ => {}
    }
}

fn depth(value: &Value) -> usize {
    match value {
        Value::Array(items) => 1 + items.iter().map(depth).max().unwrap_or(0),
        Value::Object(members) => 1 + members.values().map(depth).max().unwrap_or(0),
        _ => 0,
    }
}

/// A whole `T`, held to its schema.
pub fn parse<T: DeserializeOwned + ToSchema + 'static>(value: Value) -> Result<T> {
    let flaws = body_schema::flaws::<T>(&value)?;
    ApiError::if_any(flaws)?;
    // What a schema cannot say (30 February, 1.0 for an integer) is found here, one at a time.
    serde_path_to_error::deserialize(value).map_err(|error| {
        let pointer = format!("/{}", error.path().to_string().replace('.', "/"));
        ApiError::invalid(Code::Invalid.expecting(pointer, error.inner()))
    })
}

fn merge(target: &mut Value, patch: &Value) {
    let Value::Object(patch) = patch else {
        *target = patch.clone();
        return;
    };
    if !target.is_object() {
        *target = Value::Object(Map::new());
    }
    let Some(target) = target.as_object_mut() else { return };
    for (name, value) in patch {
        if value.is_null() {
            target.remove(name);
        } else {
            merge(target.entry(name).or_insert(Value::Null), value);
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn merging_follows_rfc_7396() {
        let mut value = json!({"a": {"b": 1, "c": 2}, "d": [1], "e": 3});
        merge(&mut value, &json!({"a": {"b": null, "f": 4}, "d": [2], "e": null}));
        assert_eq!(value, json!({"a": {"c": 2, "f": 4}, "d": [2]}));
    }

    #[test]
    fn depth_counts_the_levels_that_nest() {
        assert_eq!([depth(&json!(1)), depth(&json!([])), depth(&json!({"a": [{}]}))], [0, 1, 3]);
    }
}
