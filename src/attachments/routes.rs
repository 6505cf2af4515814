//! The addresses of attachments.

use actix_web::{
    HttpRequest, HttpResponse, delete, get, post,
    web::{Path, Payload},
};
use utoipa_actix_web::{scope, service_config::ServiceConfig};

use super::{
    download,
    payloads::{Attachment, AttachmentFilter, UploadQuery},
    steps, store,
};
use crate::{
    access::{
        Granted,
        may::{ReadAttachments, WriteAttachments},
    },
    error::Result,
    http::{Answer, Deleted, IfMatch, Page, Parameters, Query, Versioned},
    ids::AttachmentId,
    log::{self, EventOut, HistoryFilter},
};

pub fn routes(config: &mut ServiceConfig<'_>) {
    let attachments = scope("/attachments").service(list_attachments).service(upload_attachment);
    let attachments = attachments.service(get_attachment).service(get_attachment_content);
    config.service(attachments.service(delete_attachment).service(list_attachment_history));
}

/// List attachments.
///
/// The newest first, of all records that you may read: narrow them by `resource` and `record_id`, or by
/// `business_id`.
#[utoipa::path(params(AttachmentFilter), responses((status = 200, body = Page<Attachment>)))]
#[get("")]
async fn list_attachments(
    granted: Granted<ReadAttachments>,
    query: Query<AttachmentFilter>,
) -> Result<Page<Attachment>> {
    store::list(&granted, query).await
}

/// Get what is known of an attachment.
///
/// The file itself is at `…/content`.
#[utoipa::path(responses((status = 200, body = Attachment)))]
#[get("/{id}")]
async fn get_attachment(
    granted: Granted<ReadAttachments>,
    id: Path<AttachmentId>,
) -> Result<Versioned<Attachment>> {
    Ok(Versioned(store::find(&granted, *id).await?))
}

/// Get the file of an attachment.
///
/// As it was sent, but for what an image had in it besides the picture. A `Range` is answered in part; the
/// `ETag` is the SHA-256.
#[utoipa::path(responses(
    (status = 200, body = Vec<u8>, content_type = "application/octet-stream"),
    (status = 206, description = "The part that was asked for"),
    (status = 416, description = "There is nothing of what was asked for"),
))]
#[get("/{id}/content")]
async fn get_attachment_content(
    granted: Granted<ReadAttachments>,
    id: Path<AttachmentId>,
    request: HttpRequest,
) -> Result<HttpResponse> {
    download::answer(&granted, &*store::find(&granted, *id).await?, &request).await
}

/// Upload a file to a record.
///
/// The body is the file itself, of at most 10 MiB, and its `Content-Type` one of those named here, which must
/// be what the file is. Its name may stand in `Content-Disposition: attachment; filename*=UTF-8''foto.jpg`.
/// What an image has in it besides the picture, such as where it was taken, is removed; that of other files
/// is not. Whoever writes the record or answers for it may add files to it.
#[utoipa::path(
    params(UploadQuery, (
        "Content-Disposition" = Option<String>, Header,
        description = "The file's name: `attachment; filename*=UTF-8''foto.jpg`",
    )),
    request_body(content(
        (Vec<u8> = "application/pdf"),
        (Vec<u8> = "image/jpeg"),
        (Vec<u8> = "image/png"),
        (Vec<u8> = "image/webp"),
        (Vec<u8> = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"),
        (Vec<u8> = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
        (Vec<u8> = "application/vnd.oasis.opendocument.spreadsheet"),
    )),
    responses((status = 201, body = Attachment)),
)]
#[post("")]
async fn upload_attachment(
    granted: Granted<WriteAttachments>,
    request: HttpRequest,
    Parameters(query): Parameters<UploadQuery>,
    body: Payload,
) -> Result<Answer> {
    let upload = steps::described(query, request.headers())?;
    steps::upload(&granted, &upload, &request, body).await
}

/// Delete an attachment.
///
/// It is out of sight at once; its file is destroyed after the retention time, 30 days where nothing else is
/// set. One that some evidence names stays.
#[utoipa::path(responses((status = 204)))]
#[delete("/{id}")]
async fn delete_attachment(
    granted: Granted<WriteAttachments>,
    id: Path<AttachmentId>,
    read: IfMatch,
) -> Result<Answer> {
    granted.write(&(), async |tx| Ok((Deleted, steps::delete(tx, *id, &read).await?))).await
}

/// List what happened to an attachment.
///
/// The latest first. Once it is deleted, the record that it belonged to tells of it.
#[utoipa::path(params(HistoryFilter), responses((status = 200, body = Page<EventOut>)))]
#[get("/{id}/history")]
async fn list_attachment_history(
    granted: Granted<ReadAttachments>,
    id: Path<AttachmentId>,
    query: Query<HistoryFilter>,
) -> Result<Page<EventOut>> {
    log::history(&granted, &*store::find(&granted, *id).await?, &query).await
}
