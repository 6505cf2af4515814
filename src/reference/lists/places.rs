//! Where: the city's districts and villages, and the provinces that begin a population number.

use crate::reference::form::{List, NOTE, code, digits, label, one_of, proper_name, text};

pub static DISTRICTS: List = List {
    name: "districts",
    about: "Districts (kecamatan) of the city, by the codes of the Ministry of Home Affairs",
    about_id: "Kecamatan di kota ini, menurut kode Kementerian Dalam Negeri",
    key: &["code"],
    dated: true,
    columns: &[code("code"), proper_name("name")],
    shipped: include_str!("../../../reference/districts.csv"),
};

pub static VILLAGES: List = List {
    name: "villages",
    about: "Villages (kelurahan) of the city, by the codes of the Ministry of Home Affairs",
    about_id: "Kelurahan di kota ini, menurut kode Kementerian Dalam Negeri",
    key: &["code"],
    dated: true,
    columns: &[code("code"), code("district_code").of(&DISTRICTS, "code"), proper_name("name")],
    shipped: include_str!("../../../reference/villages.csv"),
};

pub static DISTRICT_NEIGHBOURS: List = List {
    name: "district-neighbours",
    about: "Districts with a common border, each pair once",
    about_id: "Kecamatan yang berbatasan, setiap pasang satu kali",
    key: &["district_code", "neighbour_code"],
    dated: false,
    columns: &[code("district_code").of(&DISTRICTS, "code"), code("neighbour_code").of(&DISTRICTS, "code")],
    shipped: include_str!("../../../reference/district_neighbours.csv"),
};

pub static DISTRICTS_BPS_CROSSWALK: List = List {
    name: "districts-bps-crosswalk",
    about: "The district codes of the statistics agency (BPS), which are not the ministry's without dots",
    about_id: "Kode kecamatan dari Badan Pusat Statistik (BPS), yang bukan kode kementerian tanpa titik",
    key: &["district_code"],
    dated: false,
    columns: &[code("district_code").of(&DISTRICTS, "code"), digits("bps_code", 7)],
    shipped: include_str!("../../../reference/districts_bps_crosswalk.csv"),
};

pub static VILLAGE_ALIASES: List = List {
    name: "village-aliases",
    about: "Other spellings of village names",
    about_id: "Ejaan lain nama kelurahan",
    key: &["village_code", "alias"],
    dated: false,
    columns: &[code("village_code").of(&VILLAGES, "code"), text("alias")],
    shipped: include_str!("../../../reference/village_aliases.csv"),
};

pub static VILLAGE_POSTAL_CODES: List = List {
    name: "village-postal-codes",
    about: "Postal codes of the villages; several villages share one",
    about_id: "Kode pos kelurahan; beberapa kelurahan memakai kode yang sama",
    key: &["village_code"],
    dated: true,
    columns: &[code("village_code").of(&VILLAGES, "code"), digits("postal_code", 5)],
    shipped: include_str!("../../../reference/village_postal_codes.csv"),
};

pub static PROVINCES: List = List {
    name: "provinces",
    about: "Provinces as they begin a population number (NIK)",
    about_id: "Provinsi seperti pada awal Nomor Induk Kependudukan (NIK)",
    key: &["code"],
    dated: true,
    columns: &[
        digits("code", 2),
        label("name"),
        one_of("status", &["current", "retired", "synthetic"]),
        one_of("nik_prefix", &["accepted", "refused", "pilot_only"]),
        digits("split_from", 2).of(&PROVINCES, "code").optional(),
        NOTE,
    ],
    shipped: include_str!("../../../reference/provinces.csv"),
};
