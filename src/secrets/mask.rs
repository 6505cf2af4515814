//! How NIK and NPWP are shown to everyone: `3674************01`.

/// Below this length four and two characters would tell too much of the whole.
const SHORTEST_SHOWN: usize = 12;

/// The first four and the last two characters, stars between; of something short, stars alone.
pub fn mask(value: &str) -> String {
    let length = value.chars().count();
    let shown = |at: usize| length >= SHORTEST_SHOWN && (at < 4 || at + 2 >= length);
    value.chars().enumerate().map(|(at, character)| if shown(at) { character } else { '*' }).collect()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn a_nik_keeps_its_area_and_the_end_of_its_serial() {
        assert_eq!(mask("9901014101900001"), "9901**********01");
        assert_eq!(mask("01.312.166.0-091.000"), "01.3**************00");
        assert_eq!(mask("12345678901"), "***********");
        assert_eq!(mask(""), "");
    }

    proptest! {
        #[test]
        fn no_text_shows_more_than_six_characters_or_changes_its_length(text in "\\PC{0,40}") {
            let masked = mask(&text.replace('*', "x"));
            prop_assert_eq!(masked.chars().count(), text.chars().count());
            let shown = masked.chars().filter(|character| *character != '*').count();
            prop_assert_eq!(shown, if text.chars().count() < 12 { 0 } else { 6 });
        }
    }
}
