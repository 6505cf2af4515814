//! Ed25519 keys as text: private ones as PEM (PKCS#8), public ones as JSON Web Key (RFC 8037).

use aws_lc_rs::{
    digest::{SHA256, digest},
    signature::{Ed25519KeyPair, KeyPair},
};
use base64::{
    Engine,
    prelude::{BASE64_STANDARD, BASE64_URL_SAFE_NO_PAD},
};
use zeroize::Zeroizing;

const BEGIN: &str = "-----BEGIN PRIVATE KEY-----";
const END: &str = "-----END PRIVATE KEY-----";

/// One line of base64 between the marks: such a key is 48 bytes.
pub fn encode(pkcs8: &[u8]) -> String {
    format!("{BEGIN}\n{}\n{END}\n", BASE64_STANDARD.encode(pkcs8))
}

/// None when it is no PEM of a private key.
pub fn decode(pem: &str) -> Option<Zeroizing<Vec<u8>>> {
    let body = pem.trim().strip_prefix(BEGIN)?.strip_suffix(END)?;
    let body: Zeroizing<String> = Zeroizing::new(body.split_whitespace().collect());
    BASE64_STANDARD.decode(body.as_bytes()).ok().map(Zeroizing::new)
}

/// The member `x` of its JSON Web Key.
pub fn x(pair: &Ed25519KeyPair) -> String {
    BASE64_URL_SAFE_NO_PAD.encode(pair.public_key())
}

/// RFC 7638: the same for everyone who knows the public key.
pub fn thumbprint(pair: &Ed25519KeyPair) -> String {
    let canonical = format!(r#"{{"crv":"Ed25519","kty":"OKP","x":"{}"}}"#, x(pair));
    BASE64_URL_SAFE_NO_PAD.encode(digest(&SHA256, canonical.as_bytes()))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The key pair of RFC 8037, appendix A.1 to A.3: known to the whole world.
    #[test]
    fn the_published_example_has_its_published_thumbprint() {
        let seed = BASE64_URL_SAFE_NO_PAD.decode("nWGxne_9WmC6hEr0kuwsxERJxWl7MmkZcDusAxyuf2A").unwrap();
        let pair = Ed25519KeyPair::from_seed_unchecked(&seed).unwrap();
        assert_eq!(x(&pair), "11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo");
        assert_eq!(thumbprint(&pair), "kPrK_qmxVWaYVA9wwBF6Iuo3vVzz7TxHCTwXBygrS4k");
    }

    #[test]
    fn pem_is_read_back_with_any_line_ends_and_nothing_else_is_read() {
        let pem = encode(&[7; 48]);
        assert_eq!(decode(&pem).unwrap().as_slice(), [7; 48]);
        assert_eq!(decode(&pem.replace('\n', "\r\n")).unwrap().as_slice(), [7; 48]);
        for other in ["", "BwcH", &pem.replace("PRIVATE", "PUBLIC"), &pem.replace('B', "!")] {
            assert!(decode(other).is_none(), "{other}");
        }
    }
}
