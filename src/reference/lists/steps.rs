//! How the programme moves: time limits, days off, reasons, papers, consents, money.

use crate::reference::form::{List, NOTE, code, date, label, number, one_of, text, up_to, yes_no};

/// `amount_above` compares with `above_idr`.
const REQUIRED_WHEN: &[&str] = &[
    "always",
    "amount_above",
    "married",
    "has_nib",
    "no_nib",
    "on_admission",
    "submitted_by_officer",
    "consent_on_paper",
    "recorded_by_officer",
    "lender_asks",
];

pub static SERVICE_TARGETS: List = List {
    name: "service-targets",
    about: "How long each step may take, when an offer expires, how long a window is open",
    about_id: "Batas waktu setiap langkah, masa berlaku tawaran, dan lama masa sanggah",
    key: &["code"],
    dated: true,
    columns: &[
        code("code"),
        code("resource"),
        one_of("kind", &["target", "expiry", "window"]),
        code("state"),
        code("action"),
        up_to(3_650, "days"),
        one_of("day_kind", &["working", "calendar"]),
        label("name"),
    ],
    shipped: include_str!("../../../reference/service_targets.csv"),
};

pub static HOLIDAYS: List = List {
    name: "holidays",
    about: "National holidays and collective leave, on which no office works",
    about_id: "Hari libur nasional dan cuti bersama; kantor tidak bekerja",
    key: &["date"],
    dated: false,
    columns: &[
        date("date"),
        one_of("kind", &["national", "collective_leave"]),
        label("name"),
        text("decree"),
        date("decree_date"),
        NOTE,
    ],
    shipped: include_str!("../../../reference/holidays.csv"),
};

pub static REASON_CODES: List = List {
    name: "reason-codes",
    about: "Reasons for moves that need one",
    about_id: "Alasan untuk tindakan yang memerlukannya",
    key: &["resource", "action", "code"],
    dated: true,
    columns: &[code("resource"), code("action"), code("code"), label("name"), yes_no("note_required")],
    shipped: include_str!("../../../reference/reason_codes.csv"),
};

pub static DOCUMENT_CHECKLISTS: List = List {
    name: "document-checklists",
    about: "Documents that a referral or an enrollment needs, and when",
    about_id: "Dokumen yang diperlukan rujukan modal atau keanggotaan koperasi, dan kapan",
    key: &["checklist", "purpose", "document"],
    dated: true,
    columns: &[
        code("checklist"),
        one_of("purpose", &["any", "working_capital", "equipment", "premises", "other"]),
        code("document"),
        one_of("required_when", REQUIRED_WHEN),
        number("above_idr").optional(),
        label("name"),
        label("when"),
    ],
    shipped: include_str!("../../../reference/document_checklists.csv"),
};

pub static FINANCING_SCHEMES: List = List {
    name: "financing-schemes",
    about: "Credit schemes and other sources of capital, with limits and conditions",
    about_id: "Skema kredit dan sumber modal lain, dengan batas dan syaratnya",
    key: &["code"],
    dated: true,
    columns: &[
        code("code"),
        up_to(9_999, "version"),
        label("name"),
        number("min_exclusive_idr").optional(),
        number("max_inclusive_idr").optional(),
        up_to(10_000, "rate_bps").optional(),
        up_to(10_000, "rate_max_bps").optional(),
        one_of("for_whom", &["person", "group", "cooperative"]),
        label("conditions"),
        code("documents_checklist").of(&DOCUMENT_CHECKLISTS, "checklist").optional(),
        NOTE,
    ],
    shipped: include_str!("../../../reference/financing_schemes.csv"),
};

pub static CONSENT_PURPOSES: List = List {
    name: "consent-purposes",
    about: "What owners are asked to consent to, in the words they are shown",
    about_id: "Hal yang dimintakan persetujuan pemilik, dengan kalimat yang ditampilkan",
    key: &["code"],
    dated: true,
    columns: &[
        code("code"),
        code("receiver_kind"),
        yes_no("withdrawable"),
        one_of("data_class", &["specific"]).optional(),
        label("name"),
        up_to(9_999, "text_version"),
        label("text"),
    ],
    shipped: include_str!("../../../reference/consent_purposes.csv"),
};
