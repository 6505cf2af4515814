//! Every list there is. The files stand in `reference/`; the program carries them, and any of them can
//! be replaced in a running installation.

mod coaching;
mod places;
mod steps;
mod trades;
mod words;

pub use coaching::{COUNTING_RULES, EXPERTISE_DIMENSIONS, MATCHING_TERMS, SERVICE_FIELDS, TRAINING_TOPICS};
pub use places::{
    DISTRICT_NEIGHBOURS, DISTRICTS, DISTRICTS_BPS_CROSSWALK, PROVINCES, VILLAGE_ALIASES,
    VILLAGE_POSTAL_CODES, VILLAGES,
};
pub use steps::{
    CONSENT_PURPOSES, DOCUMENT_CHECKLISTS, FINANCING_SCHEMES, HOLIDAYS, REASON_CODES, SERVICE_TARGETS,
};
pub use trades::{
    CERTIFICATION_CHECKLISTS, CERTIFICATION_KINDS, CLASS_UP_RULES, INDICATORS, KBLI_CREATIVE,
    PRODUCT_CATEGORIES, SIZE_CLASSES, SUBSECTORS,
};
pub use words::{EVENT_TYPES, GLOSSARY, ROLES, SCOPES};

use super::form::List;

/// In the order of their names.
pub static ALL: &[&List] = &[
    &CERTIFICATION_CHECKLISTS,
    &CERTIFICATION_KINDS,
    &CLASS_UP_RULES,
    &CONSENT_PURPOSES,
    &COUNTING_RULES,
    &DISTRICT_NEIGHBOURS,
    &DISTRICTS,
    &DISTRICTS_BPS_CROSSWALK,
    &DOCUMENT_CHECKLISTS,
    &EVENT_TYPES,
    &EXPERTISE_DIMENSIONS,
    &FINANCING_SCHEMES,
    &GLOSSARY,
    &HOLIDAYS,
    &INDICATORS,
    &KBLI_CREATIVE,
    &MATCHING_TERMS,
    &PRODUCT_CATEGORIES,
    &PROVINCES,
    &REASON_CODES,
    &ROLES,
    &SCOPES,
    &SERVICE_FIELDS,
    &SERVICE_TARGETS,
    &SIZE_CLASSES,
    &SUBSECTORS,
    &TRAINING_TOPICS,
    &VILLAGE_ALIASES,
    &VILLAGE_POSTAL_CODES,
    &VILLAGES,
];

pub fn find(name: &str) -> Option<&'static List> {
    ALL.iter().copied().find(|list| list.name == name)
}
