//! A file on its way out. It is offered for saving, never shown as a page of ours: whatever is in it, it runs
//! nowhere. What broke off goes on where it did: the `ETag` is the SHA-256, and ranges of it are answered.

use std::{ops::Range, time::SystemTime};

use actix_web::{
    HttpRequest, HttpResponse,
    body::SizedStream,
    http::{
        StatusCode,
        header::{
            self, Charset, ContentDisposition, ContentEncoding, DispositionParam, DispositionType,
            ExtendedValue, HeaderName, HttpDate,
        },
    },
};
use chrono::{DateTime, Utc};

use crate::{
    error::{ApiError, Result},
    files,
};

/// What is known of a file before it is opened.
pub struct Download<'a> {
    pub name: &'a str,
    pub media_type: &'a str,
    pub size: u64,
    pub sha256: &'a str,
    pub written_at: DateTime<Utc>,
}

impl Download<'_> {
    /// `open` answers the bytes of the range, or all.
    ///
    /// # Errors
    /// `OutOfRange` where there is nothing of what is asked for; what `open` says.
    pub async fn answer(
        &self,
        request: &HttpRequest,
        open: impl AsyncFnOnce(Option<Range<u64>>) -> Result<files::Stream>,
    ) -> Result<HttpResponse> {
        let header = |name: HeaderName| request.headers().get(name).and_then(|value| value.to_str().ok());
        let etag = format!("\"{}\"", self.sha256);
        let known = header(header::IF_NONE_MATCH).is_some_and(|tags| tags.contains(&etag) || tags == "*");
        let unchanged = header(header::IF_RANGE).is_none_or(|tag| tag == etag);
        let asked = header(header::RANGE).filter(|_| unchanged && !known);
        let range = match asked.map(|asked| range(asked, self.size)) {
            None | Some(Asked::Whole) => None,
            Some(Asked::Part(first, last)) => Some((first, last)),
            Some(Asked::Nothing) => return Err(ApiError::OutOfRange { size: self.size }),
        };
        let mut answer = HttpResponse::build(match range {
            _ if known => StatusCode::NOT_MODIFIED,
            Some(_) => StatusCode::PARTIAL_CONTENT,
            None => StatusCode::OK,
        });
        answer
            .insert_header((header::ETAG, etag))
            .insert_header((header::LAST_MODIFIED, HttpDate::from(SystemTime::from(self.written_at))))
            .insert_header((header::CACHE_CONTROL, "private, no-cache"))
            .insert_header((header::VARY, "Authorization"));
        if known {
            return Ok(answer.finish());
        }
        let (first, end) = range.map_or((0, self.size), |(first, last)| (first, last + 1));
        if let Some((first, last)) = range {
            answer.insert_header((header::CONTENT_RANGE, format!("bytes {first}-{last}/{}", self.size)));
        }
        answer
            .insert_header((header::CONTENT_TYPE, self.media_type))
            .insert_header(saved_as(self.name))
            .insert_header((header::ACCEPT_RANGES, "bytes"))
            .insert_header((header::X_CONTENT_TYPE_OPTIONS, "nosniff"))
            .insert_header((header::CONTENT_SECURITY_POLICY, "sandbox; default-src 'none'"))
            // Compressed, a part would be a part of something else.
            .insert_header(ContentEncoding::Identity);
        let file = open(range.map(|_| first..end)).await?;
        Ok(answer.body(SizedStream::new(end - first, file)))
    }
}

fn saved_as(name: &str) -> ContentDisposition {
    let name = ExtendedValue {
        charset: Charset::Ext("UTF-8".into()),
        language_tag: None,
        value: name.as_bytes().to_vec(),
    };
    ContentDisposition {
        disposition: DispositionType::Attachment,
        parameters: vec![DispositionParam::FilenameExt(name)],
    }
}

#[derive(Debug, PartialEq)]
enum Asked {
    /// Something else than one range: then the whole file is an answer too (RFC 9110, section 14.2).
    Whole,
    /// From the first byte to the last.
    Part(u64, u64),
    /// One that begins behind the end.
    Nothing,
}

/// What a `Range` asks for, of so many bytes.
fn range(asked: &str, size: u64) -> Asked {
    let bytes = asked.strip_prefix("bytes=").and_then(|rest| rest.split_once('-'));
    let Some((first, last)) = bytes else { return Asked::Whole };
    let number = |text: &str| text.trim().parse::<u64>().ok();
    let (first, last) = match (first.trim(), last.trim(), number(first), number(last)) {
        ("", _, _, Some(count)) => (if count == 0 { size } else { size.saturating_sub(count) }, u64::MAX),
        (_, "", Some(first), _) => (first, u64::MAX),
        (_, _, Some(first), Some(last)) if first <= last => (first, last),
        _ => return Asked::Whole,
    };
    match size.checked_sub(1) {
        Some(end) if first <= end => Asked::Part(first, last.min(end)),
        _ => Asked::Nothing,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_range_is_one_of_bytes_that_there_are() {
        for (asked, part) in [
            ("bytes=0-9", (0, 9)),
            ("bytes=90-", (90, 99)),
            ("bytes=-10", (90, 99)),
            ("bytes=-500", (0, 99)),
            ("bytes=50-500", (50, 99)),
            ("bytes=99-", (99, 99)),
        ] {
            assert_eq!(range(asked, 100), Asked::Part(part.0, part.1), "{asked}");
        }
        for asked in ["bytes=100-", "bytes=100-200", "bytes=-0"] {
            assert_eq!(range(asked, 100), Asked::Nothing, "{asked}");
        }
        for asked in ["bytes=9-0", "bytes=0-1,5-6", "lines=0-1", "bytes=-", "bytes=a-b", "bytes=1-b", ""] {
            assert_eq!(range(asked, 100), Asked::Whole, "{asked}");
        }
        assert_eq!(range("bytes=0-", 0), Asked::Nothing);
    }
}
