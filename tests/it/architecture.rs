//! How the source is put together: what `CONTRIBUTING.md` says of it, held.

use std::{collections::BTreeSet, fs, path::Path};

use crate::document::files;

/// A module of `lib.rs`, in its section.
struct Module {
    name: String,
    section: usize,
}

/// The base, the ground, the features, and what needs them all.
const SECTIONS: [&str; 4] = ["// The base:", "// The ground:", "// The features:", "// What needs them all:"];

fn modules() -> Vec<Module> {
    let (mut section, mut found) = (0, Vec::new());
    for line in fs::read_to_string("src/lib.rs").unwrap().lines() {
        if let Some(at) = SECTIONS.iter().position(|title| line.starts_with(title)) {
            section = at;
        }
        let declared =
            line.trim_start_matches("pub ").strip_prefix("mod ").and_then(|rest| rest.strip_suffix(';'));
        found.extend(declared.map(|name| Module { name: name.to_owned(), section }));
    }
    assert!(found.len() > 30, "too few modules to tell");
    found
}

/// The source of a module, without comments and tests.
fn source(module: &str) -> String {
    let folder = format!("src/{module}");
    let paths =
        if Path::new(&folder).is_dir() { files(Path::new(&folder)) } else { vec![format!("{folder}.rs")] };
    paths.iter().map(|path| code(path)).collect()
}

fn code(path: &str) -> String {
    let text = fs::read_to_string(path).unwrap();
    let text = text.split("#[cfg(test)]").next().unwrap().to_owned();
    text.lines().map(|line| line.split("//").next().unwrap()).collect::<Vec<_>>().join("\n")
}

/// The first names after `crate::`, also those in its braces.
fn known_by(source: &str) -> BTreeSet<String> {
    let word =
        |text: &str| text.trim_start().chars().take_while(|c| c.is_alphanumeric() || *c == '_').collect();
    let mut known = BTreeSet::new();
    for rest in source.split("crate::").skip(1) {
        let Some(group) = rest.strip_prefix('{') else {
            known.insert(word(rest));
            continue;
        };
        let (mut depth, mut item) = (0, String::new());
        for letter in group.chars() {
            match letter {
                '{' => depth += 1,
                '}' if depth == 0 => break,
                '}' => depth -= 1,
                ',' if depth == 0 => {
                    known.insert(word(&item));
                    item.clear();
                }
                letter if depth == 0 => item.push(letter),
                _ => (),
            }
        }
        known.insert(word(&item));
    }
    known
}

#[test]
fn each_module_knows_only_those_before_it_and_the_ground_no_feature() {
    let modules = modules();
    let mut wrong = Vec::new();
    for (at, module) in modules.iter().enumerate() {
        for known in known_by(&source(&module.name)) {
            let Some(other) = modules.iter().position(|it| it.name == known) else { continue };
            // The ground's modules work on one request together: they may know each other.
            let together =
                SECTIONS[module.section] == "// The ground:" && modules[other].section == module.section;
            if other > at && !together {
                wrong.push(format!("{} knows {known}, which comes after it", module.name));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn rules_touch_neither_http_nor_the_database() {
    let rules: Vec<_> =
        files(Path::new("src")).into_iter().filter(|path| path.ends_with("/rules.rs")).collect();
    assert!(rules.len() > 15, "too few rules to tell");
    for path in rules {
        for foreign in ["diesel", "actix_web", "tokio", ".await"] {
            assert!(!code(&path).contains(foreign), "{path} knows {foreign}");
        }
    }
}

#[test]
fn every_read_for_a_caller_starts_from_the_rows_that_it_may_see() {
    let stores = files(Path::new("src")).into_iter().filter(|path| path.ends_with("/store.rs"));
    let stores: Vec<_> = stores.filter(|path| code(path).contains("impl Gathered for")).collect();
    assert!(stores.len() > 10, "too few stores to tell");
    for path in stores {
        let code = code(&path);
        let fetch = code.split("async fn fetch").nth(1).unwrap().split("\n    }").next().unwrap().to_owned();
        assert!(fetch.contains("visible_to(reach)"), "{path}: `fetch` answers rows of others");
        if let Some(list) = code.split("pub async fn list").nth(1) {
            assert!(list.contains("visible_to(access.reach)"), "{path}: `list` answers rows of others");
        }
    }
}

#[test]
fn nothing_is_kept_in_a_drawer_for_everything() {
    for path in files(Path::new("src")) {
        for name in ["utils", "common", "helpers", "misc"] {
            assert!(!path.split(['/', '.']).any(|part| part == name), "{path}");
        }
    }
}
