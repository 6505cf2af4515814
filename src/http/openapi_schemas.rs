//! The schemas of the document, from those of the Rust types: a record's fields side by side, all of them
//! always there; what a merge patch may hold.

#![expect(clippy::indexing_slicing, reason = "indexing a JSON value adds what is missing")]

use serde_json::{Map, Value, json};

use crate::http::openapi::members;

pub fn shape(schemas: &mut Value) {
    let pages: Vec<_> = members(schemas).filter_map(|(name, schema)| page(name, schema)).collect();
    for (name, row, items) in pages {
        if schemas.get(&row).is_none() {
            schemas[&row] = items;
        }
        schemas[name]["properties"]["data"]["items"] =
            json!({ "$ref": format!("#/components/schemas/{row}") });
    }
    let updates: Vec<_> = members(schemas).filter_map(|(name, schema)| update_of(name, schema)).collect();
    let records: Vec<_> =
        members(schemas).filter_map(|(name, schema)| record(name, schema, schemas)).collect();
    for (name, schema) in updates.into_iter().chain(records) {
        schemas[name] = schema;
    }
}

/// The rows of `Page_X` are `X`, which the document shows once.
fn page(name: &str, schema: &Value) -> Option<(String, String, Value)> {
    let row = name.strip_prefix("Page_")?;
    Some((name.to_owned(), row.to_owned(), schema["properties"]["data"]["items"].clone()))
}

/// `UpdateX` is `CreateX` with nothing required: what a merge patch may hold.
fn update_of(name: &str, schema: &Value) -> Option<(String, Value)> {
    let mut schema = schema.clone();
    schema.as_object_mut()?.remove("required");
    for field in schema["properties"].as_object_mut()?.values_mut() {
        field.as_object_mut().and_then(|field| field.remove("default"));
    }
    Some((format!("Update{}", name.strip_prefix("Create")?), schema))
}

/// Answers show a struct in a struct as one object (`allOf` would forbid each the fields of the other), and
/// a record's says besides what of it is hidden.
fn record(name: &str, schema: &Value, all: &Value) -> Option<(String, Value)> {
    let parts = schema["allOf"].as_array().cloned();
    let is_record =
        |fields: &Map<String, Value>| fields.contains_key("version") && fields.contains_key("updated_at");
    let mut fields = Map::new();
    match &parts {
        Some(parts) => parts.iter().for_each(|part| gather(part, all, &mut fields)),
        None => fields = schema["properties"].as_object().filter(|fields| is_record(fields))?.clone(),
    }
    if is_record(&fields) {
        fields.insert(
            "hidden".into(),
            json!({
                "type": "array", "items": { "type": "string" }, "example": [],
                "description": "The fields that your role may not see: they are null.",
            }),
        );
        fields.insert(
            "bands".into(),
            json!({
                "type": ["object", "null"], "example": null,
                "description": "For planners: instead of an amount, the pair of rupiah that it lies between.",
            }),
        );
    }
    let required: Vec<_> = fields.keys().cloned().collect();
    let mut shaped = json!({ "type": "object", "properties": fields, "required": required });
    if let Some(description) = schema.get("description") {
        shaped["description"] = description.clone();
    }
    Some((name.to_owned(), shaped))
}

fn gather(part: &Value, all: &Value, fields: &mut Map<String, Value>) {
    let named = part["$ref"].as_str().and_then(|reference| reference.rsplit('/').next());
    let part = named.map_or(part, |name| &all[name]);
    part["allOf"].as_array().into_iter().flatten().for_each(|part| gather(part, all, fields));
    for (name, field) in members(&part["properties"]) {
        let mut field = field.clone();
        field.as_object_mut().and_then(|field| field.remove("default"));
        fields.insert(name.clone(), field);
    }
}
