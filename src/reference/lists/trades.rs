//! What a business does and makes, how large it is, and how that is measured.

use crate::reference::form::{List, NOTE, code, codes, digits, label, number, one_of, text, up_to};

pub static SUBSECTORS: List = List {
    name: "subsectors",
    about: "Subsectors of the creative economy",
    about_id: "Subsektor ekonomi kreatif",
    key: &["code"],
    dated: true,
    columns: &[code("code"), label("name"), code("list_version")],
    shipped: include_str!("../../../reference/subsectors.csv"),
};

pub static KBLI_CREATIVE: List = List {
    name: "kbli-creative",
    about: "Codes of the industrial classification (KBLI) for creative businesses, in both versions, with short labels of our own",
    about_id: "Kode KBLI usaha kreatif dalam kedua versi, dengan nama singkat buatan sendiri",
    key: &["version", "code"],
    dated: true,
    columns: &[
        one_of("version", &["2020", "2025"]),
        digits("code", 5),
        label("name"),
        codes("subsectors").of(&SUBSECTORS, "code"),
        one_of("other_version", &["same", "differs", "absent"]),
    ],
    shipped: include_str!("../../../reference/kbli_creative.csv"),
};

pub static PRODUCT_CATEGORIES: List = List {
    name: "product-categories",
    about: "Categories of products, which decide what certificates they need",
    about_id: "Kategori produk, yang menentukan sertifikat apa yang diperlukan",
    key: &["code"],
    dated: true,
    columns: &[
        code("code"),
        label("name"),
        code("subsector").of(&SUBSECTORS, "code").optional(),
        label("examples").optional(),
    ],
    shipped: include_str!("../../../reference/product_categories.csv"),
};

pub static CERTIFICATION_KINDS: List = List {
    name: "certification-kinds",
    about: "Permits, standards and registrations of products, with their validity and how long before its end to act",
    about_id: "Izin, standar, dan pendaftaran produk, dengan masa berlaku dan kapan harus mulai diurus lagi",
    key: &["code"],
    dated: true,
    columns: &[
        code("code"),
        label("name"),
        codes("product_categories").of(&PRODUCT_CATEGORIES, "code").optional(),
        codes("size_classes").of(&SIZE_CLASSES, "class").optional(),
        one_of("obligation", &["mandatory", "voluntary"]),
        label("needed_by"),
        up_to(100, "validity_years").optional(),
        up_to(3_650, "lead_days"),
        label("issuer"),
        NOTE,
    ],
    shipped: include_str!("../../../reference/certification_kinds.csv"),
};

pub static CERTIFICATION_CHECKLISTS: List = List {
    name: "certification-checklists",
    about: "What each kind of certificate asks for, of which products and sizes of business",
    about_id: "Syarat setiap jenis sertifikat, untuk produk dan ukuran usaha tertentu",
    key: &["kind", "requirement"],
    dated: true,
    columns: &[
        code("kind").of(&CERTIFICATION_KINDS, "code"),
        code("requirement"),
        codes("product_categories").of(&PRODUCT_CATEGORIES, "code").optional(),
        codes("size_classes").of(&SIZE_CLASSES, "class").optional(),
        label("name"),
    ],
    shipped: include_str!("../../../reference/certification_checklists.csv"),
};

pub static SIZE_CLASSES: List = List {
    name: "size-classes",
    about: "Size classes of businesses by law",
    about_id: "Kelas ukuran usaha menurut peraturan",
    key: &["basis", "class"],
    dated: true,
    columns: &[
        one_of("basis", &["capital", "annual_sales", "net_assets"]),
        code("class"),
        label("name"),
        text("rule"),
        number("min_exclusive_idr").optional(),
        number("max_inclusive_idr").optional(),
        NOTE,
    ],
    shipped: include_str!("../../../reference/size_classes.csv"),
};

pub static CLASS_UP_RULES: List = List {
    name: "class-up-rules",
    about: "When a business counts as having moved up a class; no official definition exists",
    about_id: "Kapan usaha dianggap naik kelas; belum ada definisi resmi",
    key: &["code"],
    dated: true,
    columns: &[
        code("code"),
        up_to(9_999, "version"),
        label("name"),
        label("definition"),
        text("expression"),
        up_to(1_000, "threshold_pct").optional(),
        up_to(120, "months_min").optional(),
    ],
    shipped: include_str!("../../../reference/class_up_rules.csv"),
};

pub static INDICATORS: List = List {
    name: "indicators",
    about: "What the department is measured by, and how it is counted from these records",
    about_id: "Ukuran kinerja dinas, dan cara menghitungnya dari data ini",
    key: &["code_system", "code"],
    dated: true,
    columns: &[
        code("code"),
        one_of("code_system", &["kodref", "subkegiatan", "renstra", "serbuk", "own"]),
        label("name"),
        code("unit"),
        label("definition"),
        label("numerator"),
        label("denominator").optional(),
        NOTE,
    ],
    shipped: include_str!("../../../reference/indicators.csv"),
};
