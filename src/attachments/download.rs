//! A file on its way out.

use actix_web::{HttpRequest, HttpResponse};

use super::payloads::Attachment;
use crate::{
    access::Access,
    error::{ApiError, Result},
    http::Download,
    records::Record,
};

pub async fn answer(access: &Access, attachment: &Attachment, request: &HttpRequest) -> Result<HttpResponse> {
    // Whoever may not know what a file is called may not know what is in it.
    if access.actor.hidden(Attachment::READ).contains(&"name") {
        return Err(ApiError::Forbidden(Attachment::READ));
    }
    let header =
        |name| request.headers().get(name).and_then(|value: &header::HeaderValue| value.to_str().ok());
    let etag = format!("\"{}\"", attachment.sha256);
    let size = u64::try_from(attachment.size_bytes).map_err(ApiError::internal)?;
    let known = header(header::IF_NONE_MATCH).is_some_and(|tags| tags.contains(&etag) || tags == "*");
    let unchanged = header(header::IF_RANGE).is_none_or(|tag| tag == etag);
    let range = header(header::RANGE).filter(|_| unchanged).and_then(|asked| rules::range(asked, size));
    let mut answer = HttpResponse::build(match range {
        _ if known => StatusCode::NOT_MODIFIED,
        Some(_) => StatusCode::PARTIAL_CONTENT,
        None => StatusCode::OK,
    });
    answer
        .insert_header((header::ETAG, etag))
        .insert_header((header::LAST_MODIFIED, HttpDate::from(SystemTime::from(attachment.created_at))))
        .insert_header((header::CACHE_CONTROL, "private, no-cache"))
        .insert_header((header::VARY, "Authorization"));
    if known {
        return Ok(answer.finish());
    }
    let (first, end) = range.map_or((0, size), |(first, last)| (first, last + 1));
    if let Some((first, last)) = range {
        answer.insert_header((header::CONTENT_RANGE, format!("bytes {first}-{last}/{size}")));
    }
    answer
        .insert_header((header::CONTENT_TYPE, attachment.media_type.as_str()))
        .insert_header(saved_as(&attachment.name))
        .insert_header((header::ACCEPT_RANGES, "bytes"))
        .insert_header((header::X_CONTENT_TYPE_OPTIONS, "nosniff"))
        .insert_header((header::CONTENT_SECURITY_POLICY, "sandbox; default-src 'none'"))
        // Compressed, a part would be a part of something else.
        .insert_header(ContentEncoding::Identity);
    let file = access.worker.files().get(attachment.id, range.map(|_| first..end)).await?;
    Ok(answer.body(SizedStream::new(end - first, file)))
}

fn saved_as(name: &str) -> ContentDisposition {
    let name = ExtendedValue {
        charset: Charset::Ext("UTF-8".into()),
        language_tag: None,
        value: name.as_bytes().to_vec(),
    };
    download.answer(request, async |range| access.worker.files().get(attachment.id, range).await).await
}
