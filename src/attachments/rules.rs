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

/// The first and the last byte that a `Range` asks for, of so many; none where it asks for something else than
/// one range that there is. Then the whole file is an answer too (RFC 9110, section 14.2).
pub fn range(asked: &str, size: u64) -> Option<(u64, u64)> {
    let (first, last) = asked.strip_prefix("bytes=")?.split_once('-')?;
    let end = size.checked_sub(1)?;
    let (first, last) = match (first.trim(), last.trim()) {
        ("", suffix) => (size.saturating_sub(suffix.parse().ok().filter(|count| *count > 0)?), end),
        (first, "") => (first.parse().ok()?, end),
        (first, last) => (first.parse().ok()?, last.parse::<u64>().ok()?.min(end)),
    };
    (first <= last).then_some((first, last))
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

    #[test]
    fn a_range_is_one_of_bytes_that_there_are() {
        assert_eq!(range("bytes=0-9", 100), Some((0, 9)));
        assert_eq!(range("bytes=90-", 100), Some((90, 99)));
        assert_eq!(range("bytes=-10", 100), Some((90, 99)));
        assert_eq!(range("bytes=-500", 100), Some((0, 99)));
        assert_eq!(range("bytes=50-500", 100), Some((50, 99)));
        for none in
            ["bytes=100-", "bytes=9-0", "bytes=0-1,5-6", "lines=0-1", "bytes=-0", "bytes=-", "bytes=a-b"]
        {
            assert_eq!(range(none, 100), None, "{none}");
        }
    }
}
