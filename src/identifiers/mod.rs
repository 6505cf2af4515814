//! The forms that identifiers, codes and one-line texts have in Indonesia, checked and normalised without
//! looking anything up: whether a province, village or KBLI code exists is for the reference data to say.

pub mod academic_id;
pub mod codes;
pub mod email;
pub mod nik;
pub mod npwp;
pub mod phone;
pub mod single_line;

use std::ops::RangeInclusive;

/// A `format` of the JSON Schemas.
pub struct Format {
    pub name: &'static str,
    /// Whether a client may write it so; what is stored may be normalised further.
    pub is_valid: fn(&str) -> bool,
    /// What it must look like, in Indonesian and in English, to stand behind "must look like".
    pub id: &'static str,
    pub en: &'static str,
}

#[rustfmt::skip]
pub const FORMATS: &[Format] = &[
    Format { name: "nik",                is_valid: nik::is_valid,                  id: "16 angka seperti pada KTP, dengan tanggal lahir yang benar", en: "the 16 digits of the identity card, with a real date of birth" },
    Format { name: "npwp",               is_valid: npwp::is_valid,                 id: "16 angka, atau 15 angka lama seperti 01.312.166.0-091.000", en: "16 digits, or the 15 old ones as in 01.312.166.0-091.000" },
    Format { name: "nib",                is_valid: codes::is_nib,                  id: "13 angka", en: "13 digits" },
    Format { name: "phone",              is_valid: phone::is_valid,                id: "nomor telepon Indonesia, misalnya +6281234567890 atau 0812-3456-7890", en: "an Indonesian telephone number, such as +6281234567890 or 0812-3456-7890" },
    Format { name: "email",              is_valid: email::is_valid,                id: "alamat surel, misalnya nama@contoh.id", en: "an e-mail address, such as name@example.org" },
    Format { name: "postal_code",        is_valid: codes::is_postal_code,          id: "5 angka", en: "5 digits" },
    Format { name: "village_code",       is_valid: codes::is_village_code,         id: "kode Kemendagri, misalnya 36.74.01.1001", en: "a code of the Ministry of Home Affairs, such as 36.74.01.1001" },
    Format { name: "kbli",               is_valid: codes::is_kbli,                 id: "5 angka", en: "5 digits" },
    Format { name: "academic_id",        is_valid: academic_id::is_valid,          id: "16 angka (NUPTK) atau 10 angka (NIDN, NIDK, NUP)", en: "16 digits (NUPTK) or 10 digits (NIDN, NIDK, NUP)" },
    Format { name: "cooperative_number", is_valid: codes::is_cooperative_number,   id: "8 sampai 20 angka", en: "8 to 20 digits" },
    Format { name: "code",               is_valid: codes::is_code,                 id: "2 sampai 40 huruf kecil, angka, - atau _, misalnya angkatan-2026-1", en: "2 to 40 lower-case letters, digits, - or _, such as cohort-2026-1" },
    Format { name: "single_line",        is_valid: single_line::is_valid,          id: "satu baris tanpa spasi di awal dan akhir", en: "one line without blanks at its ends" },
];

/// ASCII digits only, that many.
fn are_digits(text: &str, lengths: RangeInclusive<usize>) -> bool {
    lengths.contains(&text.len()) && text.bytes().all(|byte| byte.is_ascii_digit())
}

#[cfg(test)]
mod tests;
