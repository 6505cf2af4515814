//! The types, the schema that the API publishes and `reference/instrument.schema.json` agree on what an
//! instrument is.

use std::collections::HashMap;

use jsonschema::Validator;
use serde_json::{Value, from_str, from_value, json, to_value};
use seribu::instruments::Document;
use utoipa::{PartialSchema, ToSchema};

fn shipped() -> Value {
    from_str(include_str!("../../reference/instrument.json")).unwrap()
}

fn written() -> Validator {
    let schema = from_str(include_str!("../../reference/instrument.schema.json")).unwrap();
    jsonschema::validator_for(&schema).unwrap()
}

/// What the OpenAPI document says of the type.
fn published() -> Validator {
    let mut schemas = vec![(Document::name().into_owned(), Document::schema())];
    Document::schemas(&mut schemas);
    let schemas: HashMap<_, _> = schemas.into_iter().collect();
    let root = format!("#/components/schemas/{}", Document::name());
    jsonschema::validator_for(&json!({ "$ref": root, "components": { "schemas": schemas } })).unwrap()
}

/// The shipped document with two of each, so that trying out everything takes little time.
fn small() -> Value {
    fn shorten(value: &mut Value) {
        match value {
            Value::Array(all) => {
                all.truncate(2);
                all.iter_mut().for_each(shorten);
            }
            Value::Object(fields) => fields.values_mut().for_each(shorten),
            _ => (),
        }
    }
    let mut document = shipped();
    document["items"] = json!([document["items"][11], document["items"][0]]);
    shorten(&mut document);
    document
}

fn pointers(value: &Value, at: &str) -> Vec<String> {
    let below: Vec<_> = match value {
        Value::Array(all) => all.iter().enumerate().map(|(n, part)| (n.to_string(), part)).collect(),
        Value::Object(fields) => fields.iter().map(|(name, part)| (name.clone(), part)).collect(),
        _ => Vec::new(),
    };
    let deeper = below.into_iter().flat_map(|(name, part)| pointers(part, &format!("{at}/{name}")));
    [at.to_owned()].into_iter().chain(deeper).collect()
}

/// The document with the value at the pointer replaced, without it, and with an unknown field in it.
fn spoilt(document: &Value, pointer: &str) -> Vec<Value> {
    let with = |value: Value| {
        let mut other = document.clone();
        *other.pointer_mut(pointer).unwrap() = value;
        other
    };
    let there = document.pointer(pointer).unwrap();
    let mut all: Vec<_> =
        [json!(null), json!(true), json!(-1), json!(0), json!(2), json!(11), json!(101), json!(1.5)]
            .into_iter()
            .chain(["", " ", "Bad Code", "fine_code", "LEG1", &"x".repeat(501)].map(Value::from))
            .chain([json!([]), json!({}), json!([there, there]), json!(["fine_code", "LEG1"])])
            .map(with)
            .collect();
    if let Some(fields) = there.as_object() {
        let mut more = fields.clone();
        more.insert("unknown".to_owned(), json!(1));
        all.push(with(more.into()));
        for name in fields.keys() {
            let mut fewer = fields.clone();
            fewer.remove(name);
            all.push(with(fewer.into()));
        }
    }
    all
}

#[test]
fn the_shipped_instrument_is_one_by_every_account_and_is_written_as_it_was_read() {
    assert!(written().is_valid(&shipped()));
    assert!(published().is_valid(&shipped()));
    let read: Document = from_value(shipped()).unwrap();
    assert_eq!(to_value(read).unwrap(), shipped());
}

#[test]
fn bookkeeping_maturity_may_be_left_out() {
    let mut document = shipped();
    document.as_object_mut().unwrap().remove("bookkeeping_maturity");
    assert!(written().is_valid(&document) && published().is_valid(&document));
    let read: Document = from_value(document.clone()).unwrap();
    assert_eq!(to_value(read).unwrap(), document);
}

/// `checks` says what the published schema cannot: that a value fits its operator, and that a referral
/// is not for the mentor.
#[test]
fn the_published_schema_refuses_what_the_written_one_does_and_the_types_take_the_rest() {
    let (written, published) = (written(), published());
    let document = small();
    let (mut taken, mut refused) = (0, 0);
    for pointer in pointers(&document, "") {
        let left_to_checks = ["/op", "/value", "/target", "/kind"].iter().any(|end| pointer.ends_with(end));
        for other in spoilt(&document, &pointer) {
            let fits = published.is_valid(&other);
            if !left_to_checks {
                assert_eq!(fits, written.is_valid(&other), "{pointer}: {:?}", other.pointer(&pointer));
            }
            if fits {
                taken += 1;
                from_value::<Document>(other).unwrap_or_else(|error| panic!("{pointer}: {error}"));
            } else {
                refused += 1;
            }
        }
    }
    assert!(taken > 200 && refused > 2_000, "{taken} taken, {refused} refused");
}
