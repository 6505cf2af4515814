//! What has to be unguessable and is read by people: invitation codes, client secrets, passwords, addresses.

use aws_lc_rs::rand::{SecureRandom, SystemRandom};

use super::Result;

/// Crockford's base 32: digits and capitals without I, L, O and U.
const SYMBOLS: &[u8; 32] = b"0123456789ABCDEFGHJKMNPQRSTVWXYZ";
const CONSONANTS: &[u8; 16] = b"bdfghjklmnprstvz";
const VOWELS: &[u8; 4] = b"aiou";

/// What client secrets begin with, so that scanners know one in a repository.
pub const LIVE: &str = "seribu_live_";
pub const TEST: &str = "seribu_test_";

pub fn bytes<const N: usize>() -> Result<[u8; N]> {
    let mut drawn = [0; N];
    SystemRandom::new().fill(&mut drawn)?;
    Ok(drawn)
}

/// `length` symbols of 5 bits each, grouped for paper: `K7QM-2XTD-9RWA`.
pub fn code(length: usize) -> Result<String> {
    Ok(grouped(&symbols(length)?))
}

/// A code as `code` wrote it, from what a person typed: any case, dashes and blanks anywhere, O for 0, I or
/// L for 1. None when it can't be a code.
pub fn normalise_code(typed: &str) -> Option<String> {
    let meant = typed.chars().filter(|c| !c.is_whitespace() && !matches!(c, '-' | '\u{2010}'..='\u{2015}'));
    let symbols = meant.map(|character| match character.to_ascii_uppercase() {
        'O' => Some('0'),
        'I' | 'L' => Some('1'),
        other => SYMBOLS.iter().any(|symbol| char::from(*symbol) == other).then_some(other),
    });
    symbols.collect::<Option<String>>().filter(|symbols| !symbols.is_empty()).map(|symbols| grouped(&symbols))
}

/// A client secret: the prefix (`LIVE` or `TEST`) and 260 random bits in one word.
pub fn secret(prefix: &str) -> Result<String> {
    Ok(format!("{prefix}{}", symbols(52)?.to_ascii_lowercase()))
}

/// The secret part of an address: 160 random bits in one word.
pub fn link() -> Result<String> {
    Ok(symbols(32)?.to_ascii_lowercase())
}

/// Five pronounceable words of 16 bits each: `lusab-babad-gutih-tugad-hihib`.
pub fn password() -> Result<String> {
    let words = bytes::<10>()?;
    let words =
        words.chunks_exact(2).map(|pair| word(pair.iter().fold(0, |sum, byte| sum << 8 | u16::from(*byte))));
    Ok(words.collect::<Vec<_>>().join("-"))
}

/// Consonant, vowel, consonant, vowel, consonant: 4 + 2 + 4 + 2 + 4 bits.
fn word(bits: u16) -> String {
    let consonant = |shift: u16| CONSONANTS.get(usize::from(bits >> shift & 15));
    let vowel = |shift: u16| VOWELS.get(usize::from(bits >> shift & 3));
    let letters = [consonant(12), vowel(10), consonant(6), vowel(4), consonant(0)];
    letters.into_iter().flatten().copied().map(char::from).collect()
}

/// Every symbol is equally likely: 32 divides the 256 values of a byte.
fn symbols(length: usize) -> Result<String> {
    let mut drawn = vec![0; length];
    SystemRandom::new().fill(&mut drawn)?;
    let symbols = drawn.iter().filter_map(|byte| SYMBOLS.get(usize::from(byte % 32)));
    Ok(symbols.copied().map(char::from).collect())
}

fn grouped(symbols: &str) -> String {
    let symbols: Vec<_> = symbols.chars().collect();
    symbols.chunks(4).map(String::from_iter).collect::<Vec<_>>().join("-")
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use proptest::prelude::*;

    use super::*;

    #[test]
    fn a_code_is_grouped_for_paper_and_found_again_however_it_is_typed() -> Result<()> {
        let code = code(12)?;
        assert_eq!(code.split('-').map(str::len).collect::<Vec<_>>(), [4, 4, 4]);
        let typed = code.replace('-', " ").to_lowercase().replace('0', "o").replace('1', "l");
        assert_eq!(normalise_code(&typed).as_ref(), Some(&code));
        assert_eq!(normalise_code(&code.replace('-', "\u{2013}").replace('1', "I")), Some(code));
        Ok(())
    }

    #[test]
    fn what_has_other_characters_is_no_code() {
        for typed in ["", " - ", "K7QM-2XTU", "K7QM_2XTD", "K7QM-2XT\u{c9}"] {
            assert_eq!(normalise_code(typed), None, "{typed}");
        }
    }

    #[test]
    fn a_secret_has_its_prefix_and_more_than_256_bits_in_one_word() -> Result<()> {
        let secret = secret(LIVE)?;
        let word = secret.strip_prefix("seribu_live_").expect("a prefix");
        assert!(word.len() * 5 >= 256 && word.chars().all(|character| character.is_ascii_alphanumeric()));
        Ok(())
    }

    #[test]
    fn a_password_has_five_words_and_each_word_says_16_bits() -> Result<()> {
        assert_eq!(password()?.split('-').map(str::len).collect::<Vec<_>>(), [5; 5]);
        let words: HashSet<_> = (0..=u16::MAX).map(word).collect();
        assert_eq!(words.len(), 65_536);
        Ok(())
    }

    #[test]
    fn nothing_drawn_comes_twice_and_every_symbol_comes() -> Result<()> {
        let codes = (0..1_000).map(|_| code(12)).collect::<Result<HashSet<_>>>()?;
        let passwords = (0..1_000).map(|_| password()).collect::<Result<HashSet<_>>>()?;
        assert_eq!((codes.len(), passwords.len()), (1_000, 1_000));
        let used: HashSet<_> = codes.iter().flat_map(|code| code.bytes()).collect();
        assert!(SYMBOLS.iter().all(|symbol| used.contains(symbol)));
        Ok(())
    }

    proptest! {
        #[test]
        fn normalising_a_code_twice_changes_nothing_more(typed in "[\\PC]{0,24}|[0-9a-zA-Z -]{0,24}") {
            if let Some(code) = normalise_code(&typed) {
                prop_assert_eq!(normalise_code(&code), Some(code));
            }
        }
    }
}
