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
    let download = Download {
        name: &attachment.name,
        media_type: attachment.media_type.as_str(),
        size: u64::try_from(attachment.size_bytes).map_err(ApiError::internal)?,
        sha256: &attachment.sha256,
        written_at: attachment.created_at,
    };
    download.answer(request, async |range| access.worker.files().get(attachment.id, range).await).await
}
