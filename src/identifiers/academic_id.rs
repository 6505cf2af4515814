//! Numbers of lecturers. NUPTK replaces NIDN, NIDK and NUP (circulars of the Secretary-General of the
//! ministry of education, 25/2023 and 2/2024), which stay in old records. Only their lengths are checked:
//! what is published of their inner structure contradicts itself.

use super::are_digits;

/// The kinds, and how many digits each has.
pub const KINDS: &[(&str, usize)] = &[("nuptk", 16), ("nidn", 10), ("nidk", 10), ("nup", 10)];

/// A number of any kind.
pub fn is_valid(text: &str) -> bool {
    KINDS.iter().any(|(kind, _)| is_valid_as(kind, text))
}

/// A number of this kind; never true of a kind that is not in `KINDS`.
pub fn is_valid_as(kind: &str, text: &str) -> bool {
    KINDS.iter().any(|(known, length)| *known == kind && are_digits(text, *length..=*length))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_kind_has_its_length() {
        let (ten, sixteen) = ("0412345678", "1234567890123456");
        for kind in ["nidn", "nidk", "nup"] {
            assert!(is_valid_as(kind, ten) && !is_valid_as(kind, sixteen), "{kind}");
        }
        assert!(is_valid_as("nuptk", sixteen) && !is_valid_as("nuptk", ten));
        assert!(!is_valid_as("nip", ten) && !is_valid_as("none", ""));
        assert!(is_valid(ten) && is_valid(sixteen));
        for text in ["", "041234567", "04123456789", "04-1234-5678", "041234567x", "1.23457E+15"] {
            assert!(!is_valid(text), "{text}");
        }
    }
}
