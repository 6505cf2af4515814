//! What a body or a filter refers to, and texts that nobody means.

use serde_json::Value;

use super::{send, with_whole_bodies};
use crate::{
    document::{operations, properties},
    support::TestApp,
};

/// Sent where a record is named: one that there is not.
const STRANGER: &str = "01930000-0000-7000-8000-00000000dead";

/// The pointers of those properties of a body that name another record.
fn references(schema: &Value) -> Vec<String> {
    let named = properties(schema).into_iter().filter(|(pointer, property)| {
        property["format"] == "uuid" && pointer.ends_with("_id") && !pointer.contains("/attendees/")
    });
    named.map(|(pointer, _)| pointer).collect()
}

#[actix_web::test]
async fn a_record_that_the_caller_cannot_see_is_named_in_the_answer_to_a_body_that_refers_to_it() {
    let app = TestApp::start().await;
    let mut checked = 0;
    for operation in with_whole_bodies().iter().filter(|it| !it.is_about_one() && it.needs_a_token) {
        let (kind, example) = operation.body.as_ref().unwrap();
        for pointer in references(&operation.schema) {
            let mut body = example.clone();
            let Some(place) = body.pointer_mut(&pointer) else { continue };
            *place = STRANGER.into();
            let reply = send(&app, operation, &operation.path, kind, &body.to_string()).await;
            let told = reply.flaws().iter().any(|flaw| flaw.starts_with(&format!("{pointer} ")));
            assert!(
                reply.status == 422 && told,
                "{} {pointer}: {} {}",
                operation.id,
                reply.status,
                reply.text
            );
            checked += 1;
        }
    }
    assert!(checked >= 10, "too few references to tell: {checked}");
}

#[actix_web::test]
async fn a_filter_by_a_record_that_the_caller_cannot_see_finds_nothing() {
    let app = TestApp::start().await;
    let mut checked = 0;
    for operation in operations().into_iter().filter(|it| it.is_list() && !it.is_about_one()) {
        for name in operation.parameters("uuid") {
            let path = format!("{}?{name}={STRANGER}", operation.path);
            let reply = send(&app, &operation, &path, "", "").await;
            assert_eq!(
                (reply.status, &reply.body["data"]),
                (200, &Value::Array(vec![])),
                "{path}: {}",
                reply.text
            );
            checked += 1;
        }
    }
    assert!(checked >= 15, "too few filters to tell: {checked}");
}

#[actix_web::test]
async fn no_text_in_a_filter_or_path_makes_the_service_fail() {
    let app = TestApp::start().await;
    for operation in operations().into_iter().filter(|it| it.method == "GET") {
        for text in ["%00", "%ff", "%F0%9F%A4%A2", "'%3B--", "%25_%5C", "-1", "99999999999999999999", "null"]
        {
            for name in operation.parameters("") {
                let path = format!("{}?{name}={text}", operation.path_of(super::NOBODY));
                let reply = send(&app, &operation, &path, "", "").await;
                assert!(reply.status < 500, "{path}: {}", reply.text);
            }
            if operation.is_about_one() {
                let reply = send(&app, &operation, &operation.path_of(text), "", "").await;
                assert!(reply.status < 500, "{} {text}: {}", operation.id, reply.text);
            }
        }
    }
}

#[actix_web::test]
async fn no_character_in_a_text_of_a_body_makes_the_service_fail() {
    let app = TestApp::start().await;
    for operation in with_whole_bodies() {
        let (kind, example) = operation.body.as_ref().unwrap();
        for (pointer, _) in properties(&operation.schema).iter().filter(|(_, it)| it["type"] == "string") {
            let mut body = example.clone();
            let Some(place) = body.pointer_mut(pointer) else { continue };
            *place = "a\u{0}b\u{202e}c".into();
            let path = operation.path_of(super::NOBODY);
            let reply = send(&app, &operation, &path, kind, &body.to_string()).await;
            // A refresh token that there is not has ended all the same.
            let fine = if operation.needs_a_token { 400..500 } else { 200..500 };
            assert!(
                fine.contains(&reply.status),
                "{} {pointer}: {} {}",
                operation.id,
                reply.status,
                reply.text
            );
        }
    }
}
