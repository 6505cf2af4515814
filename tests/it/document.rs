//! The operations of the OpenAPI document, for the tests that walk over all of them.

use std::{fs, path::Path, sync::LazyLock};

use actix_web::http::Method;
use serde_json::{Map, Value, json};
use seribu::{
    access::{Permission, Role, Rows},
    api,
};

pub static DOCUMENT: LazyLock<Value> = LazyLock::new(api::document);

#[derive(Debug, Clone)]
pub struct Operation {
    pub id: String,
    pub method: Method,
    pub path: String,
    /// What its handler asks for; none where no token or any token will do.
    pub permission: Option<Permission>,
    pub needs_a_token: bool,
    /// The media type and the example of the body, if it takes one.
    pub body: Option<(String, Value)>,
    pub schema: Value,
    /// The statuses of the problems that it documents.
    pub failures: Vec<u16>,
}

pub fn operations() -> Vec<Operation> {
    let paths = DOCUMENT["paths"].as_object().unwrap().iter();
    let all = paths.flat_map(|(path, item)| {
        item.as_object().unwrap().iter().map(move |(method, it)| (path, method, it))
    });
    all.map(|(path, method, it)| Operation::new(path, method, it)).collect()
}

impl Operation {
    fn new(path: &str, method: &str, it: &Value) -> Self {
        let content = it["requestBody"]["content"].as_object().and_then(|content| content.iter().next());
        let statuses = it["responses"].as_object().unwrap().keys().map(|status| status.parse().unwrap());
        let id = it["operationId"].as_str().unwrap_or_else(|| panic!("{method} {path} has no operationId"));
        Self {
            failures: statuses.filter(|status| *status >= 400).collect(),
            method: method.to_uppercase().parse().unwrap(),
            path: path.to_owned(),
            permission: granted(id),
            needs_a_token: it["security"].as_array().is_some_and(|all| !all.is_empty()),
            body: content.map(|(kind, content)| (kind.clone(), content["example"].clone())),
            schema: content.map(|(_, content)| resolve(&content["schema"])).unwrap_or_default(),
            id: id.to_owned(),
        }
    }

    pub fn is_list(&self) -> bool {
        self.id.starts_with("list_")
    }

    pub fn is_about_one(&self) -> bool {
        self.path.contains('{')
    }

    /// One record, or what is to be done: a file of many, which may be JSON too, has rules of its own.
    pub fn takes_json(&self) -> bool {
        self.body.as_ref().is_some_and(|(kind, _)| kind.ends_with("json")) && self.schema["type"] != "array"
    }

    /// The path with an id in each place for one.
    pub fn path_of(&self, id: &str) -> String {
        let parts = self.path.split('/').map(|part| if part.starts_with('{') { id } else { part });
        parts.collect::<Vec<_>>().join("/")
    }

    /// The names of its query parameters of a format; of all, where none is asked for.
    pub fn parameters(&self, format: &str) -> Vec<String> {
        let all = DOCUMENT["paths"][&self.path][self.method.as_str().to_lowercase()]["parameters"].clone();
        let all = all.as_array().into_iter().flatten().filter(|it| it["in"] == "query");
        let fits = |it: &&Value| {
            let schema = nullable(&it["schema"]);
            let item = nullable(&schema["items"]);
            format.is_empty() || schema["format"] == format || item["format"] == format
        };
        all.filter(fits).map(|it| it["name"].as_str().unwrap().to_owned()).collect()
    }

    /// The first role that may, with as many rows as there are.
    pub fn someone_who_may(&self) -> Role {
        let Some(permission) = self.permission else { return Role::Admin };
        let with = |rows: Rows| {
            Role::ALL.iter().find(|role| **role != Role::System && role.rows(permission) == rows)
        };
        *with(Rows::All).or_else(|| with(Rows::Shared)).or_else(|| with(Rows::Own)).unwrap()
    }
}

/// What the handler of an operation is given: the document says only the scope, the code the permission.
fn granted(id: &str) -> Option<Permission> {
    static SOURCES: LazyLock<Vec<String>> = LazyLock::new(|| {
        files(Path::new("src")).iter().map(|file| fs::read_to_string(file).unwrap()).collect()
    });
    let start = format!("async fn {id}(");
    let signature = SOURCES.iter().find_map(|text| text.split_once(&start)?.1.split_once('{')).unwrap().0;
    let name = signature.split_once("Granted<")?.1.split('>').next()?.rsplit("::").next()?;
    Permission::ALL.iter().copied().find(|permission| format!("{permission:?}") == name)
}

pub fn files(folder: &Path) -> Vec<String> {
    let mut paths: Vec<_> = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    paths.sort();
    paths
        .into_iter()
        .flat_map(|path| if path.is_dir() { files(&path) } else { vec![path.display().to_string()] })
        .filter(|path| path.ends_with(".rs"))
        .collect()
}

pub fn resolve(schema: &Value) -> Value {
    match schema["$ref"].as_str() {
        Some(reference) => resolve(DOCUMENT.pointer(reference.trim_start_matches('#')).unwrap()),
        None => schema.clone(),
    }
}

/// Each property of a request's schema, with its pointer: those of objects in it too.
pub fn properties(schema: &Value) -> Vec<(String, Value)> {
    let mut found = Vec::new();
    walk(schema, "", &mut found, 0);
    found
}

fn walk(schema: &Value, at: &str, found: &mut Vec<(String, Value)>, depth: usize) {
    let schema = resolve(schema);
    for (name, property) in schema["properties"].as_object().unwrap_or(&Map::new()) {
        let (here, property) = (format!("{at}/{name}"), nullable(property));
        found.push((here.clone(), property.clone()));
        if depth < 3 {
            walk(&property, &here, found, depth + 1);
        }
    }
}

/// What `T | null` is apart from null.
pub fn nullable(schema: &Value) -> Value {
    let schema = resolve(schema);
    let branches = schema["oneOf"].as_array().or_else(|| schema["anyOf"].as_array()).cloned();
    match branches {
        Some(branches) => {
            resolve(branches.iter().find(|branch| branch["type"] != "null").unwrap_or(&json!({})))
        }
        None => schema,
    }
}

#[test]
fn every_reference_resolves() {
    let text = DOCUMENT.to_string();
    for reference in text.split("\"$ref\":\"#").skip(1).map(|rest| rest.split('"').next().unwrap()) {
        assert!(DOCUMENT.pointer(reference).is_some(), "{reference} is missing");
    }
}

#[test]
fn every_operation_says_what_it_is() {
    for (path, item) in DOCUMENT["paths"].as_object().unwrap() {
        for (method, it) in item.as_object().unwrap() {
            for member in ["operationId", "summary", "tags", "security", "responses"] {
                assert!(!it[member].is_null(), "{method} {path} has no {member}");
            }
            let summary = it["summary"].as_str().unwrap();
            assert!(summary.len() < 120, "{method} {path}: {summary}");
            let success = it["responses"].as_object().unwrap().keys().any(|status| status.starts_with('2'));
            assert!(success, "{method} {path} never succeeds");
            let named: Vec<_> =
                it["parameters"].as_array().unwrap().iter().filter(|it| it["in"] == "path").collect();
            assert_eq!(named.len(), path.matches('{').count(), "{method} {path} documents other parameters");
        }
    }
}

#[test]
fn every_example_is_valid() {
    for (path, item) in DOCUMENT["paths"].as_object().unwrap() {
        for (method, it) in item.as_object().unwrap() {
            let request = it["requestBody"]["content"].as_object().into_iter().flatten();
            let responses = it["responses"].as_object().unwrap().values();
            let responses =
                responses.flat_map(|response| response["content"].as_object().into_iter().flatten());
            for (kind, content) in request.chain(responses).filter(|(kind, _)| kind.ends_with("json")) {
                let schema = json!({ "components": DOCUMENT["components"], "allOf": [content["schema"]] });
                let options = jsonschema::options().should_validate_formats(true);
                let formats = seribu::identifiers::FORMATS.iter();
                let options =
                    formats.fold(options, |all, format| all.with_format(format.name, format.is_valid));
                let validator = options.build(&schema).unwrap();
                let flaws: Vec<_> = validator
                    .iter_errors(&content["example"])
                    .map(|e| format!("{}: {e}", e.instance_path()))
                    .collect();
                assert!(flaws.is_empty(), "{method} {path} {kind}: {flaws:?} in {}", content["example"]);
            }
        }
    }
}

#[test]
fn every_text_that_a_client_sends_has_a_limit() {
    for operation in operations().iter().filter(|operation| operation.takes_json()) {
        for (at, property) in properties(&operation.schema) {
            let limits = ["maxLength", "enum", "format", "const", "pattern"]
                .iter()
                .any(|limit| property.get(*limit).is_some());
            let is_text = property["type"] == "string" || property["type"][0] == "string";
            assert!(!is_text || limits, "{} {at} has no limit", operation.id);
            if at.ends_with("_idr") {
                assert_eq!(property["maximum"], 9_007_199_254_740_991_i64, "{} {at}", operation.id);
            }
        }
    }
}
