//! The body of an upload, taken as it comes and no further than it may.

use actix_web::{
    HttpRequest,
    http::header::CONTENT_LENGTH,
    web::{Bytes, BytesMut, Payload},
};
use futures_util::StreamExt;

use crate::{
    error::{ApiError, Result},
    files::{Files, Room},
    http::{Code, unread},
};

/// A file in memory, and the room that it takes there.
pub struct Received {
    pub file: Bytes,
    pub room: Room,
}

/// A body that says how large it is, and is too large, is refused unread.
pub fn refuse_too_large(request: &HttpRequest, files: &Files) -> Result<()> {
    let length = request.headers().get(CONTENT_LENGTH).and_then(|length| length.to_str().ok()?.parse().ok());
    if length.is_some_and(|length: usize| length > files.largest) { Err(too_large(files)) } else { Ok(()) }
}

/// The whole of it: what a file is shows at its beginning and, of some, at its end; and an image is kept
/// otherwise than it came. So nothing is stored before it is known to be right, and then at once.
pub async fn receive(request: &HttpRequest, mut body: Payload, files: &Files) -> Result<Received> {
    let (mut file, mut room) = (BytesMut::new(), files.room());
    while let Some(chunk) = body.next().await {
        let chunk = chunk.map_err(|error| ApiError::invalid(Code::Invalid.expecting("", error)))?;
        if file.len() + chunk.len() > files.largest {
            unread::leave(request, body);
            return Err(too_large(files));
        }
        room.take(chunk.len())?;
        file.extend_from_slice(&chunk);
    }
    Ok(Received { file: file.freeze(), room })
}

fn too_large(files: &Files) -> ApiError {
    ApiError::TooLarge(format!("{} bytes", files.largest))
}
