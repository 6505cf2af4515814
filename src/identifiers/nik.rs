//! NIK, the number of a person: PPRRSS DDMMYY NNNN. PPRRSS is where the person was first registered and
//! never changes on moving, women's day of birth is written plus 40, serials start at 0001; there is no
//! check digit. YY says no century, so no age can be read from it.

use chrono::NaiveDate;

use super::are_digits;

/// 16 digits, a day of 1–31 or 41–71 that makes a real date in 19YY or 20YY, a serial from 0001. Whether
/// the province exists is not asked: see `province`.
pub fn is_valid(text: &str) -> bool {
    are_digits(text, 16..=16) && has_real_date(text).unwrap_or(false) && !text.ends_with("0000")
}

/// The two digits of the province, to be looked up in the reference data. None when it is no NIK.
pub fn province(nik: &str) -> Option<&str> {
    nik.get(..2).filter(|_| is_valid(nik))
}

fn has_real_date(nik: &str) -> Option<bool> {
    let day = two_digits(nik, 6)?;
    let (day, month, year) =
        (if day > 40 { day - 40 } else { day }, two_digits(nik, 8)?, two_digits(nik, 10)?);
    let is_real =
        |century: u16| NaiveDate::from_ymd_opt(i32::from(century + year), month.into(), day.into()).is_some();
    Some(is_real(1900) || is_real(2000))
}

fn two_digits(text: &str, at: usize) -> Option<u16> {
    text.get(at..at + 2)?.parse().ok()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn real_dates_of_both_centuries_and_both_sexes_are_niks() {
        for nik in [
            "9901010101900001",
            "9901013112999999",
            "9901014101900001",
            "9901017112990001",
            // 29 February: 2000 had one, 1900 had none; 1996 and 2096 have.
            "9901012902000001",
            "9901016902960001",
            "9974310101000001",
        ] {
            assert!(is_valid(nik), "{nik}");
            assert_eq!(province(nik), nik.get(..2));
        }
    }

    #[test]
    fn what_only_resembles_a_nik_is_none() {
        for text in [
            "",
            "990101010190000",
            "99010101019000011",
            "9901010001900001",
            "9901013201900001",
            "9901014001900001",
            "9901017201900001",
            "9901018101900001",
            "9901019901900001",
            "9901010100900001",
            "9901010113900001",
            "9901013004000001.",
            "9901013102900001",
            "9901017104900001",
            "9901012902990001",
            "9901010101900000",
            "9.90101E+15",
            "9,90101E+15",
            "'990101010190001",
            "99010101019000 1",
            " 9901010101900001",
            "9901010101900001 ",
            "990101-010190-01",
            "\u{0661}901010101900001",
            "\u{ff19}\u{ff19}0101010190",
        ] {
            assert!(!is_valid(text), "{text}");
            assert_eq!(province(text), None);
        }
    }

    proptest! {
        #[test]
        fn exactly_the_days_of_men_and_women_are_accepted(day in 0..100_u32, serial in 0..10_000_u32) {
            let nik = format!("990101{day:02}0190{serial:04}");
            prop_assert_eq!(is_valid(&nik), matches!(day, 1..=31 | 41..=71) && serial > 0);
        }
    }
}
