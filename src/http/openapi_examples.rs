//! An example of each body, put together from the examples of its fields, so that it is valid as long as
//! they are.

#![expect(clippy::indexing_slicing, reason = "indexing a JSON value adds what is missing")]

use serde_json::{Map, Value, json};

use crate::http::openapi::{members, members_mut};

pub fn add(document: &mut Value) {
    let schemas = document["components"]["schemas"].clone();
    for (_, item) in members_mut(&mut document["paths"]) {
        for (_, operation) in members_mut(item) {
            if operation.get("requestBody").is_some() {
                for (kind, content) in members_mut(&mut operation["requestBody"]["content"]) {
                    let patch = kind == "application/merge-patch+json";
                    content["example"] = if patch {
                        part(&content["schema"], &schemas)
                    } else {
                        of(&content["schema"], &schemas, 0)
                    };
                }
            }
            for (_, response) in members_mut(&mut operation["responses"]) {
                if response.get("content").is_some() {
                    for (_, content) in members_mut(&mut response["content"]) {
                        content["example"] = of(&content["schema"], &schemas, 0);
                    }
                }
            }
        }
    }
    for (_, response) in members_mut(&mut document["components"]["responses"]) {
        for (_, content) in members_mut(&mut response["content"]) {
            content["example"] = of(&content["schema"], &schemas, 0);
        }
    }
}

/// A patch of the first field that has an example.
fn part(schema: &Value, schemas: &Value) -> Value {
    let schema = resolve(schema, schemas);
    let field = members(&schema["properties"]).find(|(_, field)| field.get("example").is_some());
    field.map_or(json!({}), |(name, field)| json!({ name.as_str(): field["example"] }))
}

fn of(schema: &Value, schemas: &Value, depth: usize) -> Value {
    let schema = resolve(schema, schemas);
    if let Some(example) = schema.get("example").or_else(|| schema["examples"].get(0)) {
        return example.clone();
    }
    if let Some(default) = schema.get("default") {
        return default.clone();
    }
    // `T | null`, and a field that repeats inside itself.
    let branches = schema["oneOf"].as_array().or_else(|| schema["anyOf"].as_array());
    if let Some(branches) = branches {
        let branch = branches.iter().find(|branch| branch["type"] != "null").filter(|_| depth < 6);
        return branch.map_or(Value::Null, |branch| of(branch, schemas, depth + 1));
    }
    let parts = schema["allOf"].as_array().into_iter().flatten();
    let mut whole: Map<String, Value> =
        parts.filter_map(|part| of(part, schemas, depth).as_object().cloned()).flatten().collect();
    let kind = schema["type"].as_str().or_else(|| schema["type"][0].as_str());
    match kind {
        Some("object") | None => {
            let required: Vec<_> =
                schema["required"].as_array().into_iter().flatten().filter_map(Value::as_str).collect();
            let shown = |(name, field): &(&String, &Value)| {
                required.contains(&name.as_str()) || field.get("example").is_some()
            };
            for (name, field) in members(&schema["properties"]).filter(shown) {
                whole.insert(name.clone(), of(field, schemas, depth + 1));
            }
            whole.into()
        }
        Some("array") => {
            let fewest = schema["minItems"].as_u64().and_then(|fewest| usize::try_from(fewest).ok());
            vec![of(&schema["items"], schemas, depth + 1); fewest.unwrap_or(1).max(1)].into()
        }
        Some("integer" | "number") => schema.get("minimum").cloned().unwrap_or(json!(1)),
        Some("boolean") => json!(false),
        Some("string") => text(schema),
        _ => Value::Null,
    }
}

fn text(schema: &Value) -> Value {
    match schema["format"].as_str() {
        Some("uuid") => json!("01948f5e-7a00-7000-8000-000000000001"),
        Some("date-time") => json!("2026-11-24T03:00:00Z"),
        Some("date") => json!("2026-11-24"),
        _ => schema["enum"].get(0).cloned().unwrap_or(json!("text")),
    }
}

fn resolve<'a>(schema: &'a Value, schemas: &'a Value) -> &'a Value {
    match schema["$ref"].as_str().and_then(|reference| reference.rsplit('/').next()) {
        Some(name) => resolve(&schemas[name], schemas),
        None => schema,
    }
}
