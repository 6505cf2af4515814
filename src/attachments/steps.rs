//! Taking a file in, and deleting one.

use actix_web::{
    HttpRequest,
    http::header::{CONTENT_DISPOSITION, CONTENT_TYPE, ContentDisposition, HeaderMap},
    web::Payload,
};
use serde_json::json;

use super::{
    attachable::{self, Row, Seen},
    body,
    content::{self, MediaType},
    payloads::{Attachment, Upload, UploadQuery},
    rules,
    store::{self, Stored},
};
use crate::{
    access::{Access, Permission},
    digests::sha256,
    error::{ApiError, Result},
    http::{Answer, Code, Created, Flaw, IfMatch},
    identifiers::codes,
    ids::AttachmentId,
    log::Event,
    records::Tx,
};

const TAKEN: &str = "application/pdf, image/jpeg, image/png, image/webp, docx, xlsx, ods";

/// What an upload says of its file, in the address and in its headers.
///
/// # Errors
/// `UnsupportedMediaType` for a type that is not taken; `Invalid` with all else that is wrong.
pub fn described(query: UploadQuery, headers: &HeaderMap) -> Result<Upload> {
    let text = |name| headers.get(name).and_then(|value| value.to_str().ok());
    let media_type = text(CONTENT_TYPE).and_then(MediaType::parse);
    let media_type = media_type.ok_or(ApiError::UnsupportedMediaType { expected: TAKEN })?;
    let mut flaws: Vec<Flaw> = Vec::new();
    let name = name(headers).map_err(|flaw| flaws.push(flaw)).unwrap_or_default();
    match (query.resource, query.record_id, query.kind) {
        (Some(resource), Some(record_id), Some(kind)) if codes::is_code(&kind) && flaws.is_empty() => {
            let name = rules::shown_name(name.as_deref(), &kind, media_type);
            Ok(Upload { resource, record_id, kind, name, media_type })
        }
        (resource, record_id, kind) => {
            let missing = [
                ("resource", resource.is_none()),
                ("record_id", record_id.is_none()),
                ("kind", kind.is_none()),
            ];
            let missing = missing.into_iter().filter(|(_, missing)| *missing);
            flaws.extend(missing.map(|(name, _)| Code::Required.of_parameter(name, "")));
            let wrong = kind.is_some_and(|kind| !codes::is_code(&kind));
            flaws.extend(wrong.then(|| Code::BadFormat.of_parameter("kind", "code")));
            Err(ApiError::Invalid(flaws))
        }
    }
}

fn name(headers: &HeaderMap) -> Result<Option<String>, Flaw> {
    let Some(header) = headers.get(CONTENT_DISPOSITION) else { return Ok(None) };
    let header = ContentDisposition::from_raw(header);
    let header = header.map_err(|_| Code::Invalid.of_header("Content-Disposition"))?;
    let encoded = header.get_filename_ext().map(|name| String::from_utf8_lossy(&name.value).into_owned());
    Ok(encoded.or_else(|| header.get_filename().map(str::to_owned)))
}

/// The file first, then its row: what is acknowledged is there.
pub async fn upload(access: &Access, of: &Upload, request: &HttpRequest, body: Payload) -> Result<Answer> {
    let files = access.worker.files();
    body::refuse_too_large(request, files)?;
    // Whoever may not add to the record sends nothing for nothing.
    access.in_transaction(async |tx| record(tx, of).await.map(drop)).await?;
    let received = body::receive(request, body, files).await?;
    let sent_sha256 = sha256(&received.file);
    let file = content::examined(received.file, of.media_type).map_err(ApiError::invalid)?;
    let stored = Stored {
        id: AttachmentId::generate(),
        size_bytes: i64::try_from(file.len()).map_err(ApiError::internal)?,
        sha256: sha256(&file),
        sent_sha256,
    };
    files.put(stored.id, file).await?;
    drop(received.room);
    let same = json!([of.resource, of.record_id, of.kind, of.name, of.media_type, stored.sent_sha256]);
    let answer = access.write(&same, async |tx| {
        let seen = record(tx, of).await?;
        let attachment = store::insert(tx, of, &seen, &stored).await?;
        let event = event(&attachment, seen, Event::created(&*attachment))?;
        Ok((Created(attachment), event))
    });
    let answer = answer.await?;
    if answer.is_replay() {
        // The first one's file is there; where this cannot be removed now, it is swept later.
        let _ = files.remove(stored.id).await;
    }
    Ok(answer)
}

async fn record(tx: &Tx<'_>, of: &Upload) -> Result<Seen> {
    match attachable::record(tx, of.resource, of.record_id).await {
        Err(ApiError::NotFound) => Err(ApiError::invalid(Code::NoSuchRecord.of_parameter("record_id", ""))),
        found => found,
    }
}

/// The attachment out of sight, and the event of it.
///
/// # Errors
/// `Forbidden` for who only reads the record; `Blocked` where some evidence names it.
pub async fn delete(tx: &Tx<'_>, id: AttachmentId, read: &IfMatch) -> Result<Event> {
    let (resource, record) = store::record_of(tx, tx.reach, id).await?;
    let seen = match attachable::record(tx, resource, record).await {
        // It is seen, or its file would not be.
        Err(ApiError::NotFound) => {
            return Err(ApiError::Forbidden(Permission::WriteAttachments));
        }
        seen => seen?,
    };
    let before = store::lock(tx, tx.reach, id).await?;
    read.check(&before)?;
    if before.cited {
        return Err(ApiError::Blocked { code: "named_by_evidence", by: vec![] });
    }
    store::bury(tx, id).await?;
    event(&before, seen, Event::deleted(&before))
}

/// Told to whom the record is told.
fn event(attachment: &Attachment, seen: Seen, event: Event) -> Result<Event> {
    let row = Row::of(attachment.resource)?;
    Ok(event.through(seen.through).read_with(row.logged_as, row.read, seen.named))
}
