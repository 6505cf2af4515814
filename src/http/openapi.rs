//! What every operation of the document has in common is added here, so that no handler says it.

#![expect(clippy::indexing_slicing, reason = "indexing a JSON value adds what is missing")]

use serde_json::{Map, Value, json};

use crate::http::{openapi_examples, openapi_schemas};

/// What can go wrong: documented once, for the kinds of operations that `fails_with` names.
const FAILURES: &[(&str, &str)] = &[
    ("400", "Not JSON, or no usable `Idempotency-Key`"),
    ("401", "No valid access token was sent"),
    ("403", "The role or the token's scope does not allow this"),
    ("404", "Missing, or not visible to this caller"),
    ("406", "The asked-for form of the answer does not exist"),
    ("409", "It exists already, its status does not allow this, or other records stand in the way"),
    ("412", "It has changed since it was read; `ETag` is the current version"),
    ("413", "The body is too large"),
    ("415", "The content type is not supported"),
    ("422", "Some of the input is wrong; `errors` lists all of it"),
    ("428", "A change needs `If-Match`"),
    ("429", "Too many attempts; see `Retry-After`"),
    ("503", "Unavailable for a moment; see `Retry-After`"),
];

fn fails_with(kind: Kind) -> &'static [&'static str] {
    match kind {
        Kind::Open => &["404", "406", "422", "503"],
        Kind::LogIn => &["400", "401", "406", "413", "415", "422", "429", "503"],
        Kind::List => &["401", "403", "406", "422", "503"],
        Kind::Read | Kind::Derived => &["401", "403", "404", "406", "422", "503"],
        Kind::Create | Kind::Import => &["400", "401", "403", "406", "409", "413", "415", "422", "503"],
        Kind::Trial => &["400", "401", "403", "404", "406", "413", "415", "422", "503"],
        Kind::CreateBelow | Kind::Move => {
            &["400", "401", "403", "404", "406", "409", "412", "413", "415", "422", "503"]
        }
        Kind::Change => &["400", "401", "403", "404", "406", "409", "412", "413", "415", "422", "428", "503"],
        Kind::Me => &["401", "406", "503"],
    }
}

/// The kinds of operations, which fail alike.
#[derive(Clone, Copy, PartialEq)]
enum Kind {
    /// No token is needed.
    Open,
    LogIn,
    /// Any token will do.
    Me,
    List,
    Read,
    /// Read, but worked out from other records at the time: it has no version.
    Derived,
    /// Worked out from what is sent; nothing is stored.
    Trial,
    Create,
    /// Many at once, each answered by a line.
    Import,
    CreateBelow,
    Move,
    Change,
}

/// How the addresses begin, or end, of what is worked out from records at the time; and end of what is from what is
/// sent.
const WORKED_OUT: &[&str] = &["/v1/insights/", "/v1/changes", "/v1/exports/"];
const DERIVED: &[&str] = &[
    "/agenda",
    "/load",
    "/document",
    "/schema",
    "/progress",
    "/explanation",
    "/report",
    "/plan/changes",
    "/duplicates",
    "/results",
    "/refused",
];
const TRIED: &[&str] = &["/score", "/simulate", "/matching"];
/// What can have been merged into another, and leads to it.
const LEADING: &[&str] = &["/v1/businesses/{id}", "/v1/persons/{id}", "/v1/mentors/{id}"];

impl Kind {
    fn of(method: &str, path: &str) -> Self {
        match (method, path) {
            (_, path) if path.starts_with("/v1/auth/") => Self::LogIn,
            (_, path) if path.starts_with("/v1/reference") || path.starts_with("/.well-known") => Self::Open,
            (_, "/v1/me") => Self::Me,
            (_, path) if path.starts_with("/v1/sandbox/") => Self::Trial,
            ("get", "/v1/me/notification-settings") => Self::Read,
            ("post", path) if path.starts_with("/v1/sync/") => Self::Import,
            (_, path) if WORKED_OUT.iter().any(|start| path.starts_with(start)) => Self::Derived,
            ("get", path) if DERIVED.iter().any(|end| path.ends_with(end)) => Self::Derived,
            ("post", path) if TRIED.iter().any(|end| path.ends_with(end)) => Self::Trial,
            ("get", path) if path.contains("/evaluations/") => Self::Derived,
            ("get", path) if path.contains('{') => Self::Read,
            ("get", _) => Self::List,
            ("patch" | "delete", _) => Self::Change,
            (_, path) if path.ends_with("/transitions") => Self::Move,
            (_, path) if path.contains('{') => Self::CreateBelow,
            _ => Self::Create,
        }
    }

    fn needs_a_token(self) -> bool {
        !matches!(self, Self::Open | Self::LogIn)
    }
}

const ABOUT: &str = "\
The API of a city's mentoring programme for creative-economy small businesses: mentors, businesses, \
cohorts, coaching, assessments, and what follows from them: capital referrals, product certifications and \
cooperative membership.

**Ids** are UUIDv7, made by the server. **Money** is whole rupiah, in fields that end in `_idr`. **Dates** \
are `YYYY-MM-DD`, **times** RFC 3339 in UTC. A field without a value is `null`; one that your role may not \
see is `null` and named in `hidden`. **Lists** are paged by `cursor`. **Changes** are JSON Merge Patch \
(RFC 7396) with `If-Match`. Send an **`Idempotency-Key`** with each `POST` and `PATCH`: repeated with the \
same body within 30 days, the first answer is given again. **Errors** are `application/problem+json` \
(RFC 9457) and list all that is wrong. Texts follow `Accept-Language`: `id`, or `en`.";

pub fn with_conventions(mut document: Value) -> Value {
    document["info"] = json!({
        "title": "Seribu",
        "version": env!("CARGO_PKG_VERSION"),
        "description": ABOUT,
        "license": { "name": "Apache-2.0", "identifier": "Apache-2.0" },
    });
    document["servers"] = json!([{ "url": "/", "description": "This service" }]);
    for (status, description) in FAILURES {
        let content = json!({ "schema": { "$ref": "#/components/schemas/Problem" } });
        document["components"]["responses"][status] =
            json!({ "description": description, "content": { "application/problem+json": content } });
    }
    openapi_schemas::shape(&mut document["components"]["schemas"]);
    let mut scopes = Map::new();
    let mut tags: Vec<String> = Vec::new();
    for (path, item) in members_mut(&mut document["paths"]) {
        for (method, operation) in members_mut(item) {
            describe(method, path, operation, &mut scopes);
            tags.extend(operation["tags"][0].as_str().map(str::to_owned));
        }
    }
    tags.sort();
    tags.dedup();
    document["tags"] =
        tags.into_iter().map(|name| json!({ "name": name, "description": words(&name) })).collect();
    let flow = json!({ "tokenUrl": "/v1/auth/token", "scopes": scopes });
    document["components"]["securitySchemes"]["oauth2"] =
        json!({ "type": "oauth2", "flows": { "clientCredentials": flow } });
    openapi_examples::add(&mut document);
    document
}

fn words(tag: &str) -> String {
    format!(
        "{}{}",
        tag.get(..1).unwrap_or_default().to_uppercase(),
        tag.get(1..).unwrap_or_default().replace('-', " ")
    )
}

/// The methods that the document has for a concrete path.
pub fn methods_at(document: &Value, path: &str) -> Vec<String> {
    let fits = |template: &str| {
        let (here, there) = (path.split('/'), template.split('/'));
        here.clone().count() == there.clone().count()
            && here.zip(there).all(|(given, wanted)| given == wanted || wanted.starts_with('{'))
    };
    // A path without parameters wins over one with: `/persons/lookup` is no `/persons/{id}`.
    let exact = members(&document["paths"]).find(|(template, _)| *template == path);
    let item = exact.or_else(|| members(&document["paths"]).find(|(template, _)| fits(template)));
    item.into_iter().flat_map(|(_, item)| members(item)).map(|(method, _)| method.to_uppercase()).collect()
}

/// The scope that an operation asks for. The handler's `Granted` decides; a test holds the two together.
/// A move is asked for by who may read the record, and the action names what it needs besides.
fn scope(method: &str, path: &str) -> String {
    let resource = path.split('/').nth(2).unwrap_or_default().replace('-', "_");
    if resource == "webhooks" {
        return "webhooks:manage".to_owned();
    }
    let reads = method == "get"
        || ["/transitions", "/lookup", "/score", "/exports"].iter().any(|end| path.ends_with(end));
    format!("{resource}:{}", if reads { "read" } else { "write" })
}

fn describe(method: &str, path: &str, operation: &mut Value, scopes: &mut Map<String, Value>) {
    let kind = Kind::of(method, path);
    let tag = path.trim_start_matches("/v1/").trim_start_matches("/.").split('/').next().unwrap_or_default();
    operation["tags"] = json!([tag]);
    operation["security"] = match kind {
        Kind::Me => json!([{ "oauth2": [] }]),
        kind if kind.needs_a_token() => {
            let scope = scope(method, path);
            scopes.insert(scope.clone(), json!(words(&scope.replace('_', " ").replace(':', ": "))));
            json!([{ "oauth2": [scope] }])
        }
        _ => json!([]),
    };
    for status in fails_with(kind) {
        operation["responses"][status] = json!({ "$ref": format!("#/components/responses/{status}") });
    }
    let mut parameters = operation["parameters"].as_array().cloned().unwrap_or_default();
    for filter in parameters.iter_mut().filter(|parameter| parameter["in"] == "query") {
        filter["explode"] = json!(false);
    }
    parameters.extend(common_parameters(kind, path, operation));
    let named: Vec<_> =
        parameters.iter().filter(|it| it["in"] == "path").map(|it| it["name"].clone()).collect();
    parameters.extend(in_path(path).filter(|it| !named.contains(&it["name"])));
    operation["parameters"] = parameters.into();
    if kind == Kind::Change && operation.get("requestBody").is_some() {
        for (_, content) in members_mut(&mut operation["requestBody"]["content"]) {
            let whole = content["schema"]["$ref"].as_str().unwrap_or_default();
            content["schema"]["$ref"] = json!(whole.replace("/Create", "/Update"));
        }
    }
    let list = is_list(operation);
    let versioned = !matches!(
        kind,
        Kind::List | Kind::Derived | Kind::Trial | Kind::Import | Kind::Open | Kind::LogIn | Kind::Me
    ) && !list;
    for (status, success) in
        members_mut(&mut operation["responses"]).filter(|(status, _)| status.starts_with('2'))
    {
        if success["description"].as_str().is_none_or(str::is_empty) {
            success["description"] = json!(outcome(method, status, list));
        }
        success["headers"]["X-Request-Id"] = text("The name of the request in the logs");
        if versioned {
            success["headers"]["ETag"] = text("The version, and the view that your role has of the record");
            success["headers"]["Last-Modified"] = text("When it last changed");
        }
        if list {
            success["headers"]["Link"] = text("`rel=\"next\"`: the page that follows (RFC 8288)");
        }
    }
    if method == "get" && LEADING.iter().any(|start| path.starts_with(start)) && !path.ends_with("/history") {
        operation["responses"]["308"] = json!({
            "description": "It was merged into another, if that is yours to see: follow `Location`, and keep the id",
            "headers": { "Location": text("The same address of the other") },
        });
    }
    if versioned && method == "get" {
        operation["responses"]["304"] = json!({ "description": "You have this version already" });
    }
}

/// What a success means, where the handler does not say.
fn outcome(method: &str, status: &str, list: bool) -> &'static str {
    match (method, status) {
        ("get", _) if list => "One page of what you may see",
        ("get", _) => "As it is now",
        (_, "201") => "Made; this is it",
        _ => "Done; as it is now",
    }
}

fn is_list(operation: &Value) -> bool {
    operation["operationId"].as_str().is_some_and(|id| id.starts_with("list_"))
}

fn common_parameters(kind: Kind, path: &str, operation: &Value) -> Vec<Value> {
    let mut parameters = vec![header("Accept-Language", "`id` (default) or `en`")];
    if matches!(kind, Kind::Create | Kind::Import | Kind::CreateBelow | Kind::Move | Kind::Change) {
        parameters.push(header("Idempotency-Key", "Repeated with the same body: the first answer again"));
    }
    match kind {
        Kind::Move => parameters.push(header("If-Match", "The `ETag` of what was read; 412 when stale")),
        Kind::Change => {
            let mut read = header("If-Match", "The `ETag` of what was read; 428 without, 412 when stale");
            read["required"] = json!(true);
            parameters.push(read);
        }
        _ if is_list(operation) => parameters.extend([
            query("limit", json!({ "type": "integer", "minimum": 1, "maximum": 200, "default": 50 })),
            query("sort", json!({ "type": "string", "description": "A field; `-` in front for descending" })),
            query("cursor", json!({ "type": "string", "description": "`next_cursor` of the page before" })),
            query("updated_since", json!({ "type": "string", "format": "date-time" })),
            query("with_total", json!({ "type": "boolean", "default": false })),
        ]),
        Kind::Read if !path.ends_with("/transitions") => {
            parameters.push(header("If-None-Match", "304 when it still is the `ETag`"));
        }
        _ => {}
    }
    parameters
}

/// The parameters of the path's template: ids, but for the few that say otherwise themselves.
fn in_path(path: &str) -> impl Iterator<Item = Value> {
    let names = path.split('/').filter_map(|part| part.strip_prefix('{')?.strip_suffix('}'));
    names.map(|name| {
        let id = name.ends_with("id");
        let schema =
            if id { json!({ "type": "string", "format": "uuid" }) } else { json!({ "type": "string" }) };
        json!({ "name": name, "in": "path", "required": true, "schema": schema })
    })
}

fn header(name: &str, description: &str) -> Value {
    json!({ "name": name, "in": "header", "description": description, "schema": { "type": "string" } })
}

fn query(name: &str, schema: Value) -> Value {
    json!({ "name": name, "in": "query", "schema": schema })
}

fn text(description: &str) -> Value {
    json!({ "description": description, "schema": { "type": "string" } })
}

pub fn members(value: &Value) -> impl Iterator<Item = (&String, &Value)> {
    value.as_object().into_iter().flat_map(Map::iter)
}

pub fn members_mut(value: &mut Value) -> impl Iterator<Item = (&String, &mut Value)> {
    value.as_object_mut().into_iter().flat_map(Map::iter_mut)
}
