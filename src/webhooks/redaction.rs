//! What is kept of an answer is read by people later. A receiver may well answer what it was sent, or the token that
//! it was asked with: neither is kept.

use std::sync::LazyLock;

use regex::Regex;
use serde_json::Value;

const INSTEAD: &str = "[…]";

/// Our secrets, tokens, and what addresses a person: e-mail addresses, telephone numbers, NIK.
static TELLING: LazyLock<Option<Regex>> = LazyLock::new(|| {
    Regex::new(
        r"(?x)
        (?:whsec_|whsk_|seribu_[a-z]+_)[A-Za-z0-9+/=_-]+
        | eyJ[\w-]+(?:\.[\w-]*){1,2}
        | (?i:bearer|basic)\s+[\w.~+/=-]+
        | v1a?,[A-Za-z0-9+/=]{20,}
        | [\w.+%-]+@[\w-]+(?:\.[\w-]+)+
        | \+?\d(?:[\s.()-]?\d){7,}",
    )
    .ok()
});

/// The beginning of an answer, without what it must not say; `sent` is what it answers to.
pub fn redacted(answer: &[u8], sent: &Value) -> Option<String> {
    let text = String::from_utf8_lossy(answer);
    let mut text: String =
        text.chars().filter(|letter| !letter.is_control() || letter.is_whitespace()).collect();
    let mut values = Vec::new();
    texts(sent, &mut values);
    // The longest first: one may be a part of another.
    values.sort_unstable_by_key(|value| std::cmp::Reverse(value.len()));
    for value in values {
        text = text.replace(value, INSTEAD).replace(&escaped(value), INSTEAD);
    }
    let text = TELLING.as_ref()?.replace_all(&text, INSTEAD);
    (!text.trim().is_empty()).then(|| text.into_owned())
}

/// Of a name at least three letters: shorter ones tell nothing and are everywhere.
fn texts<'a>(value: &'a Value, found: &mut Vec<&'a str>) {
    match value {
        Value::String(text) if text.chars().count() >= 3 => found.push(text),
        Value::Array(items) => items.iter().for_each(|item| texts(item, found)),
        Value::Object(members) => members.values().for_each(|member| texts(member, found)),
        _ => (),
    }
}

/// As the JSON of some languages has it: nothing but ASCII.
fn escaped(value: &str) -> String {
    let mut escaped = String::with_capacity(value.len());
    for letter in value.chars() {
        match letter {
            '"' | '\\' | '/' => escaped.extend(['\\', letter]),
            letter if letter.is_ascii() => escaped.push(letter),
            letter => {
                let units = letter
                    .encode_utf16(&mut [0; 2])
                    .iter()
                    .map(|unit| format!("\\u{unit:04x}"))
                    .collect::<String>();
                escaped.push_str(&units);
            }
        }
    }
    escaped
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn kept(answer: &str) -> String {
        redacted(answer.as_bytes(), &json!({})).unwrap_or_default()
    }

    #[test]
    fn no_secret_and_nothing_that_addresses_a_person_is_kept() {
        for telling in [
            "whsec_C2FVsBQIhrscChlQIMV+b5sSYspob7oD",
            "seribu_live_0123456789abcdefghjkmnpq",
            "seribu_refresh_0123456789abcdefghjkmnpq",
            "eyJhbGciOiJFZERTQSJ9.eyJzdWIiOiIxIn0.c2ln",
            "Bearer abc.def",
            "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=",
            "siti@kampus.example",
            "3674010101900001",
            "+62 812-3456-7890",
            "0812 3456 7890",
        ] {
            assert_eq!(kept(&format!("a {telling} b")), "a […] b");
        }
        assert_eq!(kept("500 at 12:30, see line 1234"), "500 at 12:30, see line 1234");
    }

    #[test]
    fn what_was_sent_is_not_kept_where_it_comes_back() {
        let sent =
            json!({ "data": { "after": { "name": "Dapur Bu Siti", "owner": ["Siti Aminah"], "n": 3 } } });
        let answer = "no place for Dapur Bu Siti of Siti Aminah";
        assert_eq!(redacted(answer.as_bytes(), &sent).as_deref(), Some("no place for […] of […]"));
        let sent = json!({ "name": "Kafé \"Ñ\"/1" });
        assert_eq!(
            redacted(br#"{"no": "Kaf\u00e9 \"\u00d1\"\/1"}"#, &sent).as_deref(),
            Some(r#"{"no": "[…]"}"#)
        );
    }

    #[test]
    fn what_is_no_text_is_kept_as_far_as_it_is() {
        assert_eq!(redacted(b"a\0b\xff\x1b[0m", &json!({})).as_deref(), Some("ab\u{fffd}[0m"));
        assert_eq!(redacted(b" \n", &json!({})), None);
    }
}
