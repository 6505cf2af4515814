//! E-mail addresses, as far as a form can judge them: only a letter that arrives proves one.

/// RFC 5321: a path of 256 characters less its two brackets.
const LONGEST: usize = 254;

/// As `normalise` accepts it.
pub fn is_valid(text: &str) -> bool {
    normalise(text).is_some()
}

/// Without blanks around it and in lower case, as it is compared: no provider tells capitals apart.
pub fn normalise(text: &str) -> Option<String> {
    let address = text.trim_matches(' ');
    let (mailbox, domain) = address.split_once('@')?;
    let right = address.len() <= LONGEST && is_mailbox(mailbox) && is_domain(domain);
    right.then(|| address.to_ascii_lowercase())
}

/// What mailboxes are called in practice: RFC 5322's dot-atom, without quoting and comments.
fn is_mailbox(text: &str) -> bool {
    let fits = |byte: u8| byte.is_ascii_alphanumeric() || b"!#$%&'*+-/=?^_`{|}~".contains(&byte);
    text.len() <= 64 && text.split('.').all(|part| !part.is_empty() && part.bytes().all(fits))
}

/// Two labels at least; names beyond ASCII in their `xn--` form.
fn is_domain(text: &str) -> bool {
    let fits = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'-';
    let is_label = |label: &str| {
        (1..=63).contains(&label.len())
            && label.bytes().all(fits)
            && !label.starts_with('-')
            && !label.ends_with('-')
    };
    let top = text.rsplit('.').next().unwrap_or_default();
    text.contains('.') && text.split('.').all(is_label) && !top.bytes().all(|byte| byte.is_ascii_digit())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_are_compared_in_lower_case() {
        for (given, compared) in [
            ("siti@contoh.id", "siti@contoh.id"),
            (" Siti.Aminah+Usaha@Contoh.CO.ID ", "siti.aminah+usaha@contoh.co.id"),
            ("o'neil_7@a-b.example", "o'neil_7@a-b.example"),
            ("x@xn--bcher-kva.example", "x@xn--bcher-kva.example"),
        ] {
            assert_eq!(normalise(given).as_deref(), Some(compared), "{given}");
        }
        let longest =
            format!("a@{}.{}.{}.{}.id", "b".repeat(63), "c".repeat(63), "d".repeat(63), "e".repeat(57));
        assert_eq!(longest.len(), 254);
        assert!(is_valid(&longest));
        assert!(!is_valid(&longest.replacen('e', "ee", 1)));
    }

    #[test]
    fn what_only_resembles_an_address_is_none() {
        for text in [
            "",
            "@",
            "siti",
            "siti@",
            "@contoh.id",
            "siti@contoh",
            "siti@@contoh.id",
            "siti@rumah@contoh.id",
            "siti@.id",
            "siti@contoh.",
            "siti@contoh..id",
            "siti@-contoh.id",
            "siti@contoh-.id",
            "siti@10.0.0.1",
            ".siti@contoh.id",
            "siti.@contoh.id",
            "si..ti@contoh.id",
            "si ti@contoh.id",
            "siti@contoh.id\r\nBcc: x@contoh.id",
            "siti@contoh.id\n",
            "siti,ani@contoh.id",
            "Siti <siti@contoh.id>",
            "\"siti\"@contoh.id",
            "s\u{ed}ti@contoh.id",
            "siti@c\u{f6}ntoh.id",
        ] {
            assert_eq!(normalise(text), None, "{text}");
        }
        assert!(!is_valid(&format!("{}@contoh.id", "a".repeat(65))));
    }
}
