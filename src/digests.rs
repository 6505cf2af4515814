//! SHA-256, and bytes as people compare them.

use aws_lc_rs::digest::{SHA256, digest};

/// In hexadecimal, all of it.
pub fn sha256(bytes: &[u8]) -> String {
    hex(digest(&SHA256, bytes).as_ref())
}

/// The first `length` bytes of it.
pub fn short_sha256(bytes: &[u8], length: usize) -> String {
    sha256(bytes).chars().take(2 * length).collect()
}

pub fn hex(bytes: &[u8]) -> String {
    let digit = |four: u8| char::from_digit(four.into(), 16).unwrap_or_default();
    bytes.iter().flat_map(|byte| [digit(byte >> 4), digit(byte & 15)]).collect()
}
