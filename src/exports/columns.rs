//! The columns of a table of records, from what their type says of itself: the same whoever asks, and whatever
//! the first record happens to have.
//!
//! An object within a record becomes columns of its own (`address.line`). A list of texts or numbers stays in one
//! cell; a list of objects (`external_ids`), and an object whose names are data (`bands`), as JSON.

use std::{borrow::Cow, collections::BTreeMap};

use serde_json::Value;
use utoipa::ToSchema;

use crate::records::Record;

/// Between the values of a list.
const BETWEEN: &str = "|";
/// What nests deeper stays JSON.
const DEEPEST: usize = 4;

#[derive(Debug)]
pub struct Column {
    /// `address.line`
    pub name: String,
    path: Vec<String>,
    pub holds: Holds,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Holds {
    Text,
    Number,
    Date,
    Time,
    Other,
}

type Schemas = BTreeMap<String, Value>;

/// The id first, the others by name.
pub fn of<T: Record + ToSchema>() -> Vec<Column> {
    let mut named = Vec::new();
    T::schemas(&mut named);
    let json = |schema| serde_json::to_value(schema).unwrap_or_default();
    let schemas: Schemas = named.into_iter().map(|(name, schema)| (name, json(schema))).collect();
    let mut columns = Vec::new();
    collect(&json(T::schema()), &schemas, &[], &mut columns);
    if !T::SHOWN_WHOLE {
        // What a view adds.
        for name in ["hidden", "bands"] {
            columns.push(Column { name: name.into(), path: vec![name.into()], holds: Holds::Other });
        }
    }
    columns.sort_by(|one, other| (one.name != "id", &one.name).cmp(&(other.name != "id", &other.name)));
    columns.dedup_by(|one, other| one.name == other.name);
    columns
}

fn collect(schema: &Value, schemas: &Schemas, path: &[String], columns: &mut Vec<Column>) {
    let schema = resolved(schema, schemas);
    let parts = schema.get("allOf").and_then(Value::as_array).map(Vec::as_slice).unwrap_or_default();
    let properties = schema.get("properties").and_then(Value::as_object).filter(|_| path.len() < DEEPEST);
    if parts.is_empty() && properties.is_none() {
        columns.extend((!path.is_empty()).then(|| Column {
            name: path.join("."),
            path: path.to_vec(),
            holds: holds(schema),
        }));
        return;
    }
    parts.iter().for_each(|part| collect(part, schemas, path, columns));
    for (name, property) in properties.into_iter().flatten() {
        collect(property, schemas, &[path, std::slice::from_ref(name)].concat(), columns);
    }
}

/// What it refers to, or what it is if it is not null.
fn resolved<'a>(schema: &'a Value, schemas: &'a Schemas) -> &'a Value {
    if let Some(name) = schema.get("$ref").and_then(Value::as_str) {
        let name = name.rsplit('/').next().unwrap_or_default();
        return schemas.get(name).map_or(schema, |schema| resolved(schema, schemas));
    }
    let either = schema.get("oneOf").or_else(|| schema.get("anyOf")).and_then(Value::as_array);
    let mut some = either.into_iter().flatten().filter(|one| one.get("type") != Some(&"null".into()));
    match (some.next(), some.next()) {
        (Some(one), None) => resolved(one, schemas),
        _ => schema,
    }
}

fn holds(schema: &Value) -> Holds {
    let kind = schema.get("type");
    let is = |name: &str| {
        kind.is_some_and(|kind| kind == name || kind.as_array().is_some_and(|all| all.contains(&name.into())))
    };
    match schema.get("format").and_then(Value::as_str) {
        Some("date") => Holds::Date,
        Some("date-time") => Holds::Time,
        _ if is("integer") || is("number") => Holds::Number,
        _ if is("string") => Holds::Text,
        _ => Holds::Other,
    }
}

impl Column {
    /// Null where the record has none.
    pub fn value<'a>(&self, record: &'a Value) -> &'a Value {
        let found = self.path.iter().try_fold(record, |value, name| value.get(name));
        found.unwrap_or(&Value::Null)
    }
}

/// In one cell.
pub fn text(value: &Value) -> Cow<'_, str> {
    match value {
        Value::Null => Cow::Borrowed(""),
        Value::String(text) => Cow::Borrowed(text),
        Value::Array(items) if items.iter().all(|item| !item.is_object() && !item.is_array()) => {
            Cow::Owned(items.iter().map(text).collect::<Vec<_>>().join(BETWEEN))
        }
        other => Cow::Owned(other.to_string()),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::exports::KINDS;

    #[test]
    fn each_kind_has_the_columns_of_its_type() {
        for kind in KINDS {
            let columns = (kind.columns)();
            let names: Vec<_> = columns.iter().map(|column| column.name.as_str()).collect();
            assert_eq!(names.first(), Some(&"id"), "{}", kind.name);
            assert!(names.contains(&"version") && names.contains(&"updated_at"), "{}: {names:?}", kind.name);
        }
        let of = |name: &str| (KINDS.iter().find(|kind| kind.name == name).unwrap().columns)();
        let businesses = of("businesses");
        let holds = |name: &str| businesses.iter().find(|column| column.name == name).unwrap().holds;
        assert_eq!(holds("address.line"), Holds::Text);
        assert_eq!(holds("address.village_code"), Holds::Text);
        assert_eq!(holds("address.latitude"), Holds::Number);
        assert_eq!(holds("created_at"), Holds::Time);
        assert_eq!((holds("external_ids"), holds("bands")), (Holds::Other, Holds::Other));
        assert!(of("institutions").iter().any(|column| column.name == "contact.email"));
    }

    #[test]
    fn a_cell_holds_a_list_of_values_and_what_is_more_as_json() {
        let column = Column { name: "a.b".into(), path: vec!["a".into(), "b".into()], holds: Holds::Other };
        for (record, cell) in [
            (json!({}), ""),
            (json!({ "a": null }), ""),
            (json!({ "a": { "b": true } }), "true"),
            (json!({ "a": { "b": ["x y", 2] } }), "x y|2"),
            (json!({ "a": { "b": [{ "c": 1 }] } }), r#"[{"c":1}]"#),
            (json!({ "a": { "b": { "pbb": "7" } } }), r#"{"pbb":"7"}"#),
        ] {
            assert_eq!(text(column.value(&record)), cell, "{record}");
        }
    }
}
