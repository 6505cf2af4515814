//! What every operation of the document does alike: the rules of requests, answers and errors.

mod references;
mod tokens;

use actix_web::http::Method;
use serde_json::{Value, json};
use seribu::access::Role;

use crate::{
    document::{Operation, operations, properties},
    support::{Caller, Reply, TestApp},
};

const NOBODY: &str = "01930000-0000-7000-8000-000000000000";

/// A problem that the document of the operation foretells.
fn foretold(operation: &Operation, reply: &Reply, status: u16) {
    a_problem(reply, status, &operation.id);
    assert!(operation.failures.contains(&status), "{} does not document {status}", operation.id);
}

fn a_problem(reply: &Reply, status: u16, about: &str) {
    assert_eq!(reply.status, status, "{about}: {}", reply.text);
    assert_eq!(reply.header("content-type"), "application/problem+json", "{about}");
    for member in ["type", "title", "status", "detail", "instance", "request_id"] {
        assert!(!reply.body[member].is_null(), "{about}: no {member}");
    }
    assert_eq!(reply.header("x-request-id"), reply.body["request_id"], "{about}");
}

/// Sends the operation as someone who may, about a record that nobody has.
async fn send(app: &TestApp, operation: &Operation, path: &str, kind: &str, body: &str) -> Reply {
    let caller = Caller::new(operation.someone_who_may());
    let mut request = app.request(operation.method.clone(), path).insert_header(("if-match", "*"));
    if operation.needs_a_token {
        request = request.bearer_auth(caller.token(|_| ()));
    }
    if operation.body.is_some() {
        request = request.insert_header(("content-type", kind));
    }
    app.send(request, body).await
}

async fn send_body(app: &TestApp, operation: &Operation, body: &Value) -> Reply {
    let kind = &operation.body.as_ref().unwrap().0;
    send(app, operation, &operation.path_of(NOBODY), kind, &body.to_string()).await
}

/// Those with a JSON body that is a whole record or an action: a merge patch is judged with its record.
fn with_whole_bodies() -> Vec<Operation> {
    let whole = |operation: &Operation| operation.takes_json() && operation.method != Method::PATCH;
    operations().into_iter().filter(whole).collect()
}

#[actix_web::test]
async fn without_a_token_every_operation_that_needs_one_answers_401() {
    let app = TestApp::start().await;
    for operation in operations().iter().filter(|operation| operation.needs_a_token) {
        for token in ["", "x.y.z"] {
            let mut request = app.request(operation.method.clone(), &operation.path_of(NOBODY));
            if !token.is_empty() {
                request = request.bearer_auth(token);
            }
            let reply = app.send(request, "").await;
            foretold(operation, &reply, 401);
            assert!(reply.header("www-authenticate").starts_with("Bearer"), "{}", operation.id);
        }
    }
}

#[actix_web::test]
async fn a_role_without_the_permission_answers_403_whatever_it_sends() {
    let app = TestApp::start().await;
    for operation in operations() {
        let Some(permission) = operation.permission else { continue };
        for role in Role::ALL.iter().filter(|role| **role != Role::System) {
            if role.rows(permission) != seribu::access::Rows::None {
                continue;
            }
            let caller = Caller::new(*role);
            let request = app.request(operation.method.clone(), &operation.path_of(NOBODY));
            let reply = app.send(request.bearer_auth(caller.token(|_| ())), "{").await;
            foretold(&operation, &reply, 403);
        }
    }
}

#[actix_web::test]
async fn an_id_that_is_no_id_or_nobodys_is_404() {
    let app = TestApp::start().await;
    for operation in operations().iter().filter(|operation| operation.path.contains("{id}")) {
        for id in ["7", NOBODY] {
            let (kind, body) = operation.body.clone().unwrap_or_default();
            let reply = send(&app, operation, &operation.path_of(id), &kind, &body.to_string()).await;
            foretold(operation, &reply, 404);
        }
    }
}

#[actix_web::test]
async fn a_list_names_each_parameter_that_it_does_not_take() {
    let app = TestApp::start().await;
    let lists = operations().into_iter().filter(|operation| operation.is_list() && !operation.is_about_one());
    for operation in lists {
        let asked =
            "?colour=red&limit=201&sort=colour&cursor=abc&size=&updated_since=never&with_total=perhaps";
        let reply = send(&app, &operation, &format!("{}{asked}", operation.path), "", "").await;
        foretold(&operation, &reply, 422);
        let mut flaws = reply.flaws();
        flaws.sort();
        let named = [
            "colour unknown",
            "cursor bad_cursor",
            "limit not_allowed",
            "size unknown",
            "sort not_allowed",
            "updated_since bad_format",
            "with_total not_allowed",
        ];
        assert_eq!(flaws, named, "{}", operation.id);
        for (wrong, flaw) in [
            ("?colour=red", "colour unknown"),
            ("?limit=", "limit empty"),
            ("?limit=1&limit=2", "limit repeated"),
        ] {
            let reply = send(&app, &operation, &format!("{}{wrong}", operation.path), "", "").await;
            foretold(&operation, &reply, 422);
            assert_eq!(reply.flaws(), [flaw], "{}", operation.id);
        }
        let reply = send(&app, &operation, &operation.path, "", "").await;
        assert_eq!(reply.status, 200, "{}: {}", operation.id, reply.text);
        assert!(reply.body["data"].is_array() && reply.body.get("next_cursor").is_some(), "{}", operation.id);
    }
}

#[actix_web::test]
async fn a_body_that_is_not_json_is_400() {
    let app = TestApp::start().await;
    for operation in operations().iter().filter(|operation| operation.takes_json()) {
        let kind = &operation.body.as_ref().unwrap().0;
        for body in ["{", "", "{\"a\": 1} trailing", "\u{feff}{}"] {
            let reply = send(&app, operation, &operation.path_of(NOBODY), kind, body).await;
            foretold(operation, &reply, 400);
        }
    }
}

#[actix_web::test]
async fn a_body_of_another_type_is_415_and_an_answer_of_another_is_406() {
    let app = TestApp::start().await;
    for operation in operations() {
        if operation.takes_json() {
            foretold(
                &operation,
                &send(&app, &operation, &operation.path_of(NOBODY), "text/plain", "{}").await,
                415,
            );
        }
        if operation.path.starts_with("/v1") {
            let caller = Caller::new(operation.someone_who_may());
            let request = app.request(operation.method.clone(), &operation.path_of(NOBODY));
            let request =
                request.bearer_auth(caller.token(|_| ())).insert_header(("accept", "application/xml"));
            foretold(&operation, &app.send(request, "").await, 406);
        }
    }
}

#[actix_web::test]
async fn a_body_over_the_limit_is_413_and_one_that_nests_too_deep_is_422() {
    let app = TestApp::start().await;
    let deep = format!("{}1{}", "[".repeat(33), "]".repeat(33));
    let large = format!("{{\"a\": \"{}\"}}", "x".repeat(300 << 10));
    for operation in operations().iter().filter(|operation| operation.takes_json()) {
        let kind = &operation.body.as_ref().unwrap().0;
        let path = operation.path_of(NOBODY);
        let reply = send(&app, operation, &path, kind, &format!("{{\"a\": {deep}}}")).await;
        foretold(operation, &reply, 422);
        assert_eq!(reply.flaws(), [" too_deep"], "{}", operation.id);
        foretold(operation, &send(&app, operation, &path, kind, &large).await, 413);
    }
}

#[actix_web::test]
async fn all_that_is_missing_and_all_that_is_unknown_come_in_one_answer() {
    let app = TestApp::start().await;
    for operation in with_whole_bodies() {
        let reply = send_body(&app, &operation, &json!({ "colour": 1, "size": 2 })).await;
        foretold(&operation, &reply, 422);
        let required = operation.schema["required"].as_array().into_iter().flatten();
        let mut expected: Vec<_> =
            required.map(|name| format!("/{} required", name.as_str().unwrap())).collect();
        expected.extend(["/colour unknown".to_owned(), "/size unknown".to_owned()]);
        let mut flaws = reply.flaws();
        flaws.sort();
        expected.sort();
        assert_eq!(flaws, expected, "{}", operation.id);
    }
}

#[actix_web::test]
async fn each_field_of_a_wrong_type_format_or_size_is_named() {
    let app = TestApp::start().await;
    for operation in with_whole_bodies() {
        let example = operation.body.clone().unwrap().1;
        for (at, property) in
            properties(&operation.schema).into_iter().filter(|(at, _)| at.matches('/').count() == 1)
        {
            for (wrong, code) in wrong_values(&property) {
                let mut body = example.clone();
                body[at.trim_start_matches('/')] = wrong.clone();
                let reply = send_body(&app, &operation, &body).await;
                foretold(&operation, &reply, 422);
                let named = reply.flaws().contains(&format!("{at} {code}"));
                assert!(named, "{} {at} = {wrong}: {} in {:?}", operation.id, code, reply.flaws());
            }
        }
    }
}

/// Values that the property does not take, and the code of the flaw.
fn wrong_values(property: &Value) -> Vec<(Value, &'static str)> {
    let kind = property["type"].as_str().or_else(|| property["type"][0].as_str()).unwrap_or_default();
    let mut wrong = match kind {
        "string" if property.get("enum").is_some() => vec![(json!("nothing of the kind"), "not_allowed")],
        "string" | "boolean" => vec![(json!({ "a": 1 }), "wrong_type")],
        "integer" => vec![(json!("seven"), "wrong_type")],
        "array" => vec![(json!("seven"), "wrong_type")],
        _ => vec![],
    };
    if let Some(format) = property["format"].as_str() {
        wrong.extend(bad(format).iter().map(|text| (json!(text), "bad_format")));
    }
    if let Some(longest) = property["maxLength"].as_u64() {
        let too_long = "x".repeat(usize::try_from(longest).unwrap() + 1);
        wrong.push((json!(too_long), "too_long"));
    }
    if let Some(least) = property["minimum"].as_i64() {
        wrong.push((json!(least - 1), "too_small"));
    }
    if let Some(most) = property["maximum"].as_i64() {
        wrong.push((json!(most + 1), "too_large"));
    }
    wrong
}

/// What is wrong for a format: the dirt that real forms and sheets bring.
fn bad(format: &str) -> &'static [&'static str] {
    match format {
        "nik" => &[
            "3674010101900",     // too short
            "36740101019000011", // too long
            "3674010101900000",  // serial 0000
            "3674013202900001",  // day 32
            "3674018101900001",  // day 81: 40 is added once
            "3674013002900001",  // 30 February
            "3674010113900001",  // month 13
            "3.67401E+15",       // what a spreadsheet makes of it
        ],
        "npwp" => &["01.312.166.1-091.000", "013121660091", "3674010101900000"],
        "nib" => &["123456789012", "12345678901234", "12345678901ab"],
        "phone" => &["08", "12345", "+1 202 555 0100", "telepon"],
        "email" => &["siti", "siti@", "@kampus.example", "siti@kampus", "a b@kampus.example"],
        "date" => &["2026-02-30", "24-11-2026", "2026/11/24", "46350"],
        "date-time" => &["2026-11-24", "kemarin"],
        "postal_code" => &["1531", "153100", "1531O"],
        "village_code" => &["3674011001", "36.74.01", "36.74.01.10011"],
        "code" => &["", "A B", "-x", "é"],
        "cooperative_number" => &["1234567", "123456789012345678901", "12-34-56-78"],
        "single_line" => &["", " ", "a\nb", " a"],
        "uuid" => &["7", "01930000-0000-7000-8000-00000000000g"],
        _ => &[],
    }
}

#[actix_web::test]
async fn a_change_needs_if_match_and_the_current_version() {
    let app = TestApp::start().await;
    for operation in operations().iter().filter(|operation| operation.method == Method::PATCH) {
        let caller = Caller::new(operation.someone_who_may());
        let request =
            app.request(Method::PATCH, &operation.path_of(NOBODY)).bearer_auth(caller.token(|_| ()));
        let request = request.content_type("application/merge-patch+json");
        let reply = app.send(request, "{}").await;
        foretold(operation, &reply, 428);
        assert_eq!(reply.flaws(), ["If-Match required"]);
    }
}

#[actix_web::test]
async fn another_method_is_405_and_another_address_404() {
    let app = TestApp::start().await;
    let caller = Caller::new(Role::Admin);
    let all = operations();
    for operation in &all {
        let path = operation.path_of(NOBODY);
        let allowed = all.iter().filter(|other| other.path == operation.path);
        let puts = allowed.clone().any(|other| other.method == Method::PUT);
        let method = if puts { Method::DELETE } else { Method::PUT };
        let request = app.request(method, &path).bearer_auth(caller.token(|_| ()));
        let reply = app.send(request, "").await;
        a_problem(&reply, 405, &path);
        for method in allowed.map(|other| other.method.as_str()) {
            assert!(reply.header("allow").contains(method), "{path}: {}", reply.header("allow"));
        }
    }
    a_problem(&app.get(caller, "/v1/nothing").await, 404, "another address");
}

#[actix_web::test]
async fn a_key_that_is_no_key_is_400() {
    let app = TestApp::start().await;
    let caller = Caller::new(Role::Programme);
    let long = "k".repeat(256);
    for key in ["", long.as_str(), "\"\""] {
        let request = app.request(Method::POST, "/v1/institutions").bearer_auth(caller.token(|_| ()));
        let request = request.insert_header(("idempotency-key", key)).content_type("application/json");
        let body = crate::institutions::an_institution("ut", "university").to_string();
        a_problem(&app.send(request, body).await, 400, key);
    }
}

#[actix_web::test]
async fn problems_speak_the_language_of_the_caller_and_have_a_page() {
    let app = TestApp::start().await;
    let caller = Caller::new(Role::Programme);
    for (language, title) in
        [("en", "Not found"), ("fr, id;q=0.1", "Tidak ditemukan"), ("", "Tidak ditemukan")]
    {
        let request = app.request(Method::GET, &format!("/v1/institutions/{NOBODY}"));
        let request = request.bearer_auth(caller.token(|_| ())).insert_header(("accept-language", language));
        let reply = app.send(request, "").await;
        assert_eq!(reply.body["title"], title);
        let page = reply.body["type"].as_str().unwrap().to_owned();
        let request = app.request(Method::GET, &page).insert_header(("accept-language", language));
        let page = app.send(request, "").await;
        assert!(page.status == 200 && page.text.contains(title), "{}", page.text);
    }
}

#[actix_web::test]
async fn a_request_keeps_its_sane_name_and_gets_one_otherwise() {
    let app = TestApp::start().await;
    for (sent, kept) in [("rq-1", true), ("a b", false), ("", false)] {
        let request = app.request(Method::GET, "/healthz").insert_header(("x-request-id", sent));
        let reply = app.send(request, "").await;
        assert_eq!(reply.header("x-request-id") == sent, kept, "{sent}");
        assert!(!reply.header("x-request-id").is_empty());
    }
}
