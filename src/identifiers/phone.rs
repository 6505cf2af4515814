//! Telephone numbers of Indonesia, as E.164: +62 and 8 to 12 digits.

use super::are_digits;

/// As `normalise` accepts it.
pub fn is_valid(text: &str) -> bool {
    normalise(text).is_some()
}

/// `+62…` from 08…, 62…, +62… or +62(0)…, whatever blanks, dashes, dots and brackets stand between.
pub fn normalise(text: &str) -> Option<String> {
    let dialled: String =
        text.chars().filter(|character| !matches!(character, ' ' | '-' | '.' | '(' | ')')).collect();
    let abroad = dialled.strip_prefix("+62").or_else(|| dialled.strip_prefix("62"));
    let national = match abroad {
        Some(national) => national.strip_prefix('0').unwrap_or(national),
        None => dialled.strip_prefix('0')?,
    };
    (are_digits(national, 8..=12) && !national.starts_with('0')).then(|| format!("+62{national}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_ways_to_write_a_number_become_one() {
        for given in [
            "+6281234567890",
            "6281234567890",
            "081234567890",
            "0812-3456-7890",
            "0812 3456 7890",
            "0812.3456.7890",
            "+62 (0)812-3456-7890",
            "+62 812 3456 7890",
            "(0812) 34567890",
        ] {
            assert_eq!(normalise(given).as_deref(), Some("+6281234567890"), "{given}");
        }
        assert_eq!(normalise("021-7561234").as_deref(), Some("+62217561234"));
        assert_eq!(normalise("0217561234").as_deref(), Some("+62217561234"));
        assert_eq!(normalise("+628123456789012"), None);
        assert_eq!(normalise("+62812345678901").as_deref(), Some("+62812345678901"));
    }

    #[test]
    fn what_only_resembles_a_number_is_none() {
        for text in [
            "",
            "-",
            "0",
            "+62",
            "81234567890",
            "0812345",
            "+6281234",
            "08123456789012",
            "+6512345678",
            "006281234567890",
            "+62008123456789",
            "0812+34567890",
            "0812/34567890",
            "0812-3456-789O",
            "8.12346E+10",
            "0812\n34567890",
            "08\u{0661}23456789",
        ] {
            assert_eq!(normalise(text), None, "{text}");
        }
    }
}
