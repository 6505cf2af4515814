//! What holds for every form alike.

use std::collections::HashSet;

use proptest::prelude::*;

use super::*;

type Normalise = fn(&str) -> Option<String>;

const NORMALISED: &[(&str, Normalise)] = &[
    ("npwp", npwp::normalise),
    ("phone", phone::normalise),
    ("email", email::normalise),
    ("single_line", single_line::normalise),
];

fn is_valid(format: &str, text: &str) -> bool {
    let format = FORMATS.iter().find(|known| known.name == format).expect(format);
    (format.is_valid)(text)
}

/// Any text, and texts that come close to the forms.
fn text() -> impl Strategy<Value = String> {
    prop_oneof![
        any::<String>(),
        "[0-9]{0,22}",
        "[ +()0-9.-]{0,20}",
        "(\\+62|62|0)[ -]?(\\(0\\))?[1-9][0-9 .-]{7,14}",
        "0?[0-9]{2}[.][0-9]{3}[.][0-9]{3}[.][0-9]-[0-9]{3}[.][0-9]{3}",
        "990101[0-7][0-9][01][0-9][0-9]{6}",
        " ?[A-Za-z.+]{1,9}@[A-Za-z-]{1,9}[.][A-Za-z]{0,3} ?",
        "[ \\t]{0,2}\\PC{0,12}[ \\n]{0,2}",
    ]
}

#[test]
fn each_format_has_its_own_name_and_says_what_it_looks_like_in_both_languages() {
    let names: HashSet<_> = FORMATS.iter().map(|format| format.name).collect();
    assert_eq!(names.len(), FORMATS.len());
    assert!(FORMATS.iter().all(|format| !format.id.is_empty() && !format.en.is_empty()));
}

#[test]
fn an_empty_text_is_of_no_format() {
    assert!(FORMATS.iter().all(|format| !(format.is_valid)("")));
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2_000))]

    #[test]
    fn no_text_makes_a_check_panic(text in text()) {
        for format in FORMATS {
            (format.is_valid)(&text);
        }
        nik::province(&text);
        npwp::as_nik(&text);
        for kind in ["nuptk", "nidn", &text] {
            academic_id::is_valid_as(kind, &text);
        }
    }

    #[test]
    fn what_was_normalised_is_valid_and_stays_as_it_is(text in text()) {
        for (format, normalise) in NORMALISED {
            if let Some(normal) = normalise(&text) {
                prop_assert!(is_valid(format, &normal), "{} {:?}", format, normal);
                prop_assert_eq!(normalise(&normal), Some(normal));
            }
        }
    }

    #[test]
    fn what_is_valid_can_be_normalised(text in text()) {
        for (format, normalise) in NORMALISED {
            prop_assert!(!is_valid(format, &text) || normalise(&text).is_some(), "{} {:?}", format, text);
        }
    }
}
