//! Cursors: a place that a client keeps and sends back, signed for what it is bound to, so that it is good for
//! nobody and for nothing else.

use aws_lc_rs::{constant_time, hmac};
use base64::{Engine, prelude::BASE64_URL_SAFE_NO_PAD};

const TAG: usize = 16;

pub fn seal(key: &hmac::Key, bound_to: &str, place: &[u8]) -> String {
    BASE64_URL_SAFE_NO_PAD.encode([&tag(key, bound_to, place), place].concat())
}

/// `None` where it is none, or was given for something else.
pub fn open(key: &hmac::Key, bound_to: &str, cursor: &str) -> Option<Vec<u8>> {
    let sealed = BASE64_URL_SAFE_NO_PAD.decode(cursor).ok()?;
    let (given, place) = sealed.split_at_checked(TAG)?;
    constant_time::verify_slices_are_equal(given, &tag(key, bound_to, place)).ok()?;
    Some(place.to_vec())
}

fn tag(key: &hmac::Key, bound_to: &str, place: &[u8]) -> Vec<u8> {
    let mut context = hmac::Context::with_key(key);
    [bound_to.as_bytes(), &[0], place].into_iter().for_each(|part| context.update(part));
    context.sign().as_ref().iter().take(TAG).copied().collect()
}
