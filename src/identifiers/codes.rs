//! Codes that have a form and nothing more to check: each is either written so or wrong.

use super::are_digits;

/// NIB, the number of a business in the licensing system: 13 digits, no check digit is published.
pub fn is_nib(text: &str) -> bool {
    are_digits(text, 13..=13)
}

pub fn is_postal_code(text: &str) -> bool {
    are_digits(text, 5..=5)
}

/// As the Ministry of Home Affairs writes it, dd.dd.dd.dddd. The statistics office's codes have no dots,
/// and mean other places: they are never read as these.
pub fn is_village_code(text: &str) -> bool {
    let mut parts = text.split('.');
    [2, 2, 2, 4].iter().all(|length| parts.next().is_some_and(|part| are_digits(part, *length..=*length)))
        && parts.next().is_none()
}

/// KBLI, the classification of businesses. The same code means different things in different versions, so
/// it is worth nothing without its version.
pub fn is_kbli(text: &str) -> bool {
    are_digits(text, 5..=5)
}

pub fn is_kbli_version(text: &str) -> bool {
    matches!(text, "2020" | "2025")
}

/// Nomor Induk Koperasi: its length is not published, 8 to 20 digits hold all that are known.
pub fn is_cooperative_number(text: &str) -> bool {
    are_digits(text, 8..=20)
}

/// The programme's own codes, of cohorts and institutions: 2 to 40 of a–z, 0–9, - and _, no - or _ first.
pub fn is_code(text: &str) -> bool {
    let is_plain = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit();
    (2..=40).contains(&text.len())
        && text.bytes().all(|byte| is_plain(byte) || matches!(byte, b'-' | b'_'))
        && text.bytes().next().is_some_and(is_plain)
}

#[cfg(test)]
mod tests {
    use super::*;

    type Check = fn(&str) -> bool;

    #[rustfmt::skip]
    const SAMPLES: &[(&str, Check, &[&str], &[&str])] = &[
        ("nib", is_nib, &["1234567890123", "0000000000001"], &["", "123456789012", "12345678901234", "1234-56789012", "1.23457E+12", " 1234567890123"]),
        ("postal code", is_postal_code, &["15310", "15419"], &["", "1531", "153100", "15 31", "1531a"]),
        ("village code", is_village_code, &["36.74.01.1001", "36.74.07.1006"], &["", "36.74.01", "3674011001", "36.74.01.100", "36.74.01.10011", "36.74.01.1001.", "36.74.1.1001", "3674010001", "36-74-01-1001", "36.74.01.100x"]),
        ("kbli", is_kbli, &["13133", "01111"], &["", "1313", "131330", "13.33", "2020:13133"]),
        ("kbli version", is_kbli_version, &["2020", "2025"], &["", "2015", "2017", "KBLI 2020"]),
        ("cooperative number", is_cooperative_number, &["36740010", "36740010123456789012"], &["", "-", "0", "3674001", "367400101234567890123", "3674/0010"]),
        ("code", is_code, &["ab", "2026", "angkatan-2026-1", "uin_jakarta", "a234567890123456789012345678901234567890"], &["", "a", "-ab", "_ab", "Angkatan", "a b", "a.b", "a/b", "caf\u{e9}", "a2345678901234567890123456789012345678901"]),
    ];

    #[test]
    fn each_code_is_told_from_what_only_resembles_it() {
        for (name, is_valid, good, bad) in SAMPLES {
            good.iter().for_each(|text| assert!(is_valid(text), "{name}: {text}"));
            bad.iter().for_each(|text| assert!(!is_valid(text), "{name}: {text}"));
        }
    }
}
