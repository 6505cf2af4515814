//! Names, titles and whatever else is one line of text.

/// Not empty, no blank at either end, nothing that breaks the line or turns the direction of reading.
pub fn is_valid(text: &str) -> bool {
    !text.is_empty() && text.trim() == text && !text.chars().any(disturbs)
}

/// Without the blanks around it.
pub fn normalise(text: &str) -> Option<String> {
    Some(text.trim()).filter(|line| is_valid(line)).map(str::to_owned)
}

/// Control characters, line and paragraph separators, and the marks of direction, by which a line can be
/// made to read otherwise than it is stored.
fn disturbs(character: char) -> bool {
    character.is_control()
        || matches!(character, '\u{2028}' | '\u{2029}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_keeps_its_inner_blanks_and_any_script() {
        assert_eq!(normalise("  Warung Bu  Siti\t").as_deref(), Some("Warung Bu  Siti"));
        for line in ["A", "Café Ñandú", "ꦮꦫꦸꦁ", "Toko 24 jam (baru)", "O'Neil"] {
            assert!(is_valid(line), "{line}");
        }
    }

    #[test]
    fn what_is_empty_or_more_than_one_line_is_refused() {
        for text in [
            "",
            " ",
            "\u{a0}",
            "a\nb",
            "a\rb",
            "a\tb",
            "a\0b",
            "a\u{7f}b",
            "a\u{85}b",
            "a\u{2028}b",
            "a\u{202e}b",
        ] {
            assert_eq!(normalise(text), None, "{text:?}");
        }
        assert!(!is_valid(" a") && !is_valid("a ") && !is_valid("a\n"));
    }
}
