//! Names, in both languages, of what the code itself fixes.

use crate::reference::form::{List, NOTE, code, label, one_of, text};

pub static ROLES: List = List {
    name: "roles",
    about: "Names of the roles",
    about_id: "Nama peran",
    key: &["code"],
    dated: false,
    columns: &[code("code"), label("name")],
    shipped: include_str!("../../../reference/roles.csv"),
};

pub static SCOPES: List = List {
    name: "scopes",
    about: "Names of the scopes",
    about_id: "Nama cakupan token",
    key: &["scope"],
    dated: false,
    columns: &[code("scope"), label("name")],
    shipped: include_str!("../../../reference/scopes.csv"),
};

pub static EVENT_TYPES: List = List {
    name: "event-types",
    about: "Kinds of events, with what happened in words",
    about_id: "Jenis kejadian, dengan penjelasannya",
    key: &["type"],
    dated: false,
    columns: &[
        code("type"),
        code("resource"),
        code("action").optional(),
        code("state").optional(),
        label("when"),
    ],
    shipped: include_str!("../../../reference/event_types.csv"),
};

pub static GLOSSARY: List = List {
    name: "glossary",
    about: "The programme's words in Indonesian, in English and in this API",
    about_id: "Istilah program dalam bahasa Indonesia, bahasa Inggris, dan di API ini",
    key: &["term_id"],
    dated: false,
    columns: &[
        label("term"),
        text("code").optional(),
        one_of("kind", &["record", "role", "field", "value", "term"]),
        NOTE,
    ],
    shipped: include_str!("../../../reference/glossary.csv"),
};
