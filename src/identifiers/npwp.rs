//! NPWP, the number of a taxpayer (PMK 112/PMK.03/2022): 16 digits, which are a resident's NIK, or 0 and
//! the 15 old ones of a body, TT.TTT.TTT.C-KKK.BBB, where C is the Luhn digit of the eight before it.

use super::{are_digits, nik};

const OLD_FORM: &str = "dd.ddd.ddd.d-ddd.ddd";

/// As `normalise` accepts it.
pub fn is_valid(text: &str) -> bool {
    normalise(text).is_some()
}

/// The 16 digits, from them or from the 15 old ones with or without their dots.
pub fn normalise(text: &str) -> Option<String> {
    let digits = without_dots(text).unwrap_or_else(|| text.to_owned());
    let npwp = if digits.len() == 15 { format!("0{digits}") } else { digits };
    let right = match npwp.strip_prefix('0') {
        Some(old) => are_digits(old, 15..=15) && has_check_digit(old),
        None => nik::is_valid(&npwp),
    };
    right.then_some(npwp)
}

/// The NIK that a resident's NPWP is; None for a body's.
pub fn as_nik(npwp: &str) -> Option<&str> {
    Some(npwp).filter(|npwp| !npwp.starts_with('0') && nik::is_valid(npwp))
}

fn without_dots(text: &str) -> Option<String> {
    let fits =
        |(given, wanted): (char, char)| if wanted == 'd' { given.is_ascii_digit() } else { given == wanted };
    let dotted = text.len() == OLD_FORM.len() && text.chars().zip(OLD_FORM.chars()).all(fits);
    dotted.then(|| text.chars().filter(char::is_ascii_digit).collect())
}

/// Luhn over the first nine. Nine zeros would pass, and are what forms show for "has none".
fn has_check_digit(old: &str) -> bool {
    let digits = || old.chars().take(9).filter_map(|digit| digit.to_digit(10));
    let weigh = |(at, digit): (usize, u32)| if at % 2 == 1 { digit * 2 / 10 + digit * 2 % 10 } else { digit };
    digits().any(|digit| digit > 0) && digits().enumerate().map(weigh).sum::<u32>() % 10 == 0
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn old_and_new_forms_become_the_16_digits() {
        for (given, npwp) in [
            ("01.312.166.0-091.000", "0013121660091000"),
            ("01.312.166.0-411.001", "0013121660411001"),
            ("013121660091000", "0013121660091000"),
            ("0013121660091000", "0013121660091000"),
            ("9901014101900001", "9901014101900001"),
        ] {
            assert_eq!(normalise(given).as_deref(), Some(npwp), "{given}");
        }
        assert_eq!(as_nik("9901014101900001"), Some("9901014101900001"));
        assert_eq!(as_nik("0013121660091000"), None);
    }

    #[test]
    fn what_only_resembles_an_npwp_is_none() {
        for text in [
            "",
            "13121660091000",
            "013121661091000",
            "01.312.166.1-091.000",
            "01.312.166.0.091.000",
            "01-312-166-0-091-000",
            "01.312.166.0-091.00",
            "00.000.000.0-000.000",
            "0000000000000000",
            "9901019901900001",
            // Begins with 0, so it is a body's number and no NIK; as one it has a wrong check digit.
            "0099014101900001",
            "1.312166E+13",
            "0013121660091000000001",
            "01.312.166.0-091.00\u{0661}",
        ] {
            assert!(!is_valid(text), "{text}");
        }
    }

    proptest! {
        #[test]
        fn of_ten_check_digits_one_is_right(eight in 1..100_000_000_u32, office in 0..1_000_u32) {
            let right = (0..10).filter(|check| is_valid(&format!("{eight:08}{check}{office:03}000"))).count();
            prop_assert_eq!(right, 1);
        }

        #[test]
        fn a_wrong_digit_among_the_first_nine_is_noticed(at in 0..9_usize, wrong in 0..10_u32) {
            let right = "013121660091000";
            let mut digits: Vec<_> = right.chars().collect();
            digits[at] = char::from_digit(wrong, 10).unwrap();
            let text = String::from_iter(digits);
            prop_assert_eq!(is_valid(&text), text == right);
        }
    }
}
