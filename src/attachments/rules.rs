//! What is decided about a file before it is looked into. Nothing here touches HTTP or the database.

use super::content::MediaType;
use crate::identifiers::single_line;

const LONGEST_NAME: usize = 120;

/// A file's name as it is shown and offered to whoever saves it: of what was sent the last part, in one line,
/// without what file systems or terminals take for something else, and with an ending that its content has.
pub fn shown_name(sent: Option<&str>, kind: &str, media_type: MediaType) -> String {
    let last = sent.unwrap_or_default().rsplit(['/', '\\']).next().unwrap_or_default();
    let clean: String = last.chars().map(|letter| if disturbs(letter) { '_' } else { letter }).collect();
    let clean: String = clean.trim_matches(['.', ' ']).chars().take(LONGEST_NAME).collect();
    let stem = if clean.trim().is_empty() { kind } else { clean.trim() };
    let ending = stem.rsplit_once('.').map(|(_, ending)| ending.to_ascii_lowercase());
    let endings = media_type.endings();
    match (ending, endings.first()) {
        (Some(ending), _) if endings.contains(&ending.as_str()) => stem.to_owned(),
        (_, Some(ending)) => format!("{stem}.{ending}"),
        (_, None) => stem.to_owned(),
    }
}

fn disturbs(letter: char) -> bool {
    let blank = letter == ' ';
    matches!(letter, '<' | '>' | ':' | '"' | '|' | '?' | '*')
        || !blank && !single_line::is_valid(letter.encode_utf8(&mut [0; 4]))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_is_one_line_of_a_file_with_an_ending_that_its_content_has() {
        let name = |sent: &str| shown_name(Some(sent), "photo", MediaType::Jpeg);
        assert_eq!(name("KTP Bu Siti.JPG"), "KTP Bu Siti.JPG");
        assert_eq!(name("../../etc/passwd"), "passwd.jpg");
        assert_eq!(name("C:\\foto\\dapur.jpeg"), "dapur.jpeg");
        assert_eq!(name("gambar.exe"), "gambar.exe.jpg");
        assert_eq!(name("a\u{202e}gpj.exe\n"), "a_gpj.exe_.jpg");
        assert_eq!(name("..."), "photo.jpg");
        assert_eq!(shown_name(None, "signed_form", MediaType::Pdf), "signed_form.pdf");
        assert!(name(&"x".repeat(500)).len() <= 130);
    }
}
