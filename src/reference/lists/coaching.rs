//! What mentors know and trainings teach.

use super::INDICATORS;
use crate::reference::form::{List, code, label, one_of, up_to};

pub static EXPERTISE_DIMENSIONS: List = List {
    name: "expertise-dimensions",
    about: "How far a mentor's expertise covers a dimension of the assessment, 100 being fully",
    about_id: "Seberapa jauh keahlian pendamping mencakup suatu dimensi penilaian; 100 berarti sepenuhnya",
    key: &["expertise", "dimension"],
    dated: true,
    columns: &[code("expertise"), label("name"), code("dimension"), up_to(100, "weight")],
    shipped: include_str!("../../../reference/expertise_dimensions.csv"),
};

pub static COUNTING_RULES: List = List {
    name: "counting-rules",
    about: "How long a session must have lasted with the business to count as coaching",
    about_id: "Berapa lama kunjungan bersama usaha agar dihitung sebagai pendampingan",
    key: &["code"],
    dated: true,
    columns: &[one_of("code", &["session"]), label("name"), up_to(720, "contact_minutes")],
    shipped: include_str!("../../../reference/counting_rules.csv"),
};

pub static MATCHING_TERMS: List = List {
    name: "matching-terms",
    about: "What makes a mentor fit a business, and how much each term weighs",
    about_id: "Yang membuat pendamping sesuai bagi suatu usaha, dan bobot tiap unsurnya",
    key: &["code"],
    dated: true,
    columns: &[
        one_of("code", &["expertise", "subsector", "district", "load", "qualification"]),
        label("name"),
        up_to(1000, "weight"),
        label("about"),
    ],
    shipped: include_str!("../../../reference/matching_terms.csv"),
};

pub static TRAINING_TOPICS: List = List {
    name: "training-topics",
    about: "Topics of trainings",
    about_id: "Topik pelatihan",
    key: &["code"],
    dated: true,
    columns: &[
        code("code"),
        label("name"),
        code("dimension").of(&EXPERTISE_DIMENSIONS, "dimension").optional(),
        code("need").optional(),
        code("indicator").of(&INDICATORS, "code").optional(),
    ],
    shipped: include_str!("../../../reference/training_topics.csv"),
};

pub static SERVICE_FIELDS: List = List {
    name: "service-fields",
    about: "The seven service fields of the integrated business service centres (PLUT)",
    about_id: "Tujuh bidang layanan Pusat Layanan Usaha Terpadu (PLUT)",
    key: &["code"],
    dated: true,
    columns: &[code("code"), label("name"), code("dimension").of(&EXPERTISE_DIMENSIONS, "dimension")],
    shipped: include_str!("../../../reference/service_fields.csv"),
};
