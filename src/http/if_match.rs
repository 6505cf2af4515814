//! `IfMatch`: which version of a record a change was made to.

use std::future::{Ready, ready};

use actix_web::{FromRequest, HttpRequest, dev::Payload, http::header};

use crate::{
    error::{ApiError, Result},
    records::Record,
};

/// A handler that takes one cannot be called without `If-Match` (428); one that takes an `Option`
/// honours it where it is sent. The version is compared, not the view that the tag names besides.
pub struct IfMatch(String);

impl IfMatch {
    /// 412 unless `record` is still what the caller has read.
    pub fn check<T: Record>(&self, record: &T) -> Result<()> {
        let current = record.version().to_string();
        let version = |tag: &str| tag.trim_matches('"').split('-').next().map(str::to_owned);
        let same =
            self.0.split(',').map(str::trim).any(|tag| tag == "*" || version(tag).as_ref() == Some(&current));
        if same { Ok(()) } else { Err(ApiError::Stale { current: format!("\"{current}\"") }) }
    }

    /// The same, where it was sent at all.
    pub fn check_if_sent<T: Record>(sent: Option<&Self>, record: &T) -> Result<()> {
        sent.map_or(Ok(()), |sent| sent.check(record))
    }
}

impl FromRequest for IfMatch {
    type Error = ApiError;
    type Future = Ready<Result<Self>>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        let sent = request.headers().get(header::IF_MATCH).ok_or(ApiError::PreconditionRequired);
        // What cannot be read names no version: it is stale, not absent.
        ready(sent.map(|tags| Self(tags.to_str().unwrap_or_default().to_owned())))
    }
}
