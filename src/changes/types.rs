//! What a follower asks for, in words: `business`, all that happens to one; `business.updated`, that alone.

use crate::{
    error::{ApiError, Result},
    http::Flaw,
    log::{RESOURCES, feed::Wanted},
    reference::{Reference, lists::EVENT_TYPES},
};

/// # Errors
/// `Invalid`, with the flaw of each word, by its place, that is neither.
pub fn wanted(reference: &Reference, words: Vec<String>, flaw: impl Fn(usize) -> Flaw) -> Result<Wanted> {
    let (mut wanted, mut wrong) = (Wanted::default(), Vec::new());
    for (at, word) in words.into_iter().enumerate() {
        if RESOURCES.iter().any(|(resource, _)| *resource == word) {
            wanted.resources.push(word);
        } else if reference.versions(&EVENT_TYPES, &word).next().is_some() {
            wanted.kinds.push(word);
        } else {
            wrong.push(flaw(at));
        }
    }
    ApiError::if_any(wrong)?;
    wanted.resources.sort_unstable();
    wanted.kinds.sort_unstable();
    Ok(wanted)
}
