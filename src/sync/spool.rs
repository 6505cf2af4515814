//! Takes a file in: to the disk, unpacked, hashed, no further than it may be. Nothing is done with it before all of it
//! is there.

use std::{
    fs::File,
    io::{self, BufReader, Read, Seek, Write},
    time::Duration,
};

use actix_web::{
    HttpRequest,
    http::header::{CONTENT_ENCODING, CONTENT_LENGTH},
    rt::{task::spawn_blocking, time::timeout},
    web::{Bytes, Payload},
};
use aws_lc_rs::digest::{Context, SHA256};
use flate2::read::MultiGzDecoder;
use futures_util::StreamExt;
use tokio::sync::mpsc;

use crate::{
    digests::hex,
    error::{ApiError, Result},
    http::{Code, unread},
};

/// As sent, and unpacked.
pub const LARGEST: u64 = 64 << 20;
/// Whoever sends nothing for so long is not waited for.
const PATIENCE: Duration = Duration::from_secs(30);

pub struct Spooled {
    pub file: File,
    pub size: u64,
    pub sha256: String,
}

pub async fn receive(request: &HttpRequest, mut body: Payload) -> Result<Spooled> {
    let header = |name| request.headers().get(name).and_then(|value| value.to_str().ok());
    if header(CONTENT_LENGTH)
        .and_then(|length| length.parse().ok())
        .is_some_and(|length: u64| length > LARGEST)
    {
        unread::leave(request, body);
        return Err(too_large());
    }
    let packed = match header(CONTENT_ENCODING) {
        None | Some("identity") => false,
        Some("gzip" | "x-gzip") => true,
        Some(_) => return Err(ApiError::UnsupportedMediaType { expected: "Content-Encoding: gzip" }),
    };
    let (send, receive) = mpsc::channel(16);
    let writing = spawn_blocking(move || write(Sent { receive, chunk: Bytes::new() }, packed));
    let mut left = LARGEST;
    loop {
        let chunk = match timeout(PATIENCE, body.next()).await {
            Err(_) => return Err(ApiError::invalid(Code::Invalid.expecting("", "timeout"))),
            Ok(None) => break,
            Ok(Some(chunk)) => {
                chunk.map_err(|error| ApiError::invalid(Code::Invalid.expecting("", error)))?
            }
        };
        let length = u64::try_from(chunk.len()).unwrap_or(u64::MAX);
        if length > left {
            unread::leave(request, body);
            return Err(too_large());
        }
        left -= length;
        if send.send(chunk).await.is_err() {
            // What was written is refused already: it says why.
            unread::leave(request, body);
            break;
        }
    }
    drop(send);
    writing.await.map_err(ApiError::internal)?
}

fn too_large() -> ApiError {
    ApiError::TooLarge(format!("{LARGEST} bytes"))
}

fn write(sent: Sent, packed: bool) -> Result<Spooled> {
    let mut unpacked: Box<dyn Read> =
        if packed { Box::new(MultiGzDecoder::new(BufReader::new(sent))) } else { Box::new(sent) };
    let mut file = tempfile::tempfile().map_err(ApiError::internal)?;
    let (mut hash, mut size, mut piece) = (Context::new(&SHA256), 0, vec![0; 64 << 10]);
    loop {
        let broken = |_| ApiError::invalid(Code::Invalid.of_header("Content-Encoding"));
        let length = unpacked.read(&mut piece).map_err(broken)?;
        let piece = piece.get(..length).unwrap_or_default();
        if piece.is_empty() {
            break;
        }
        size += u64::try_from(length).map_err(ApiError::internal)?;
        if size > LARGEST {
            return Err(too_large());
        }
        hash.update(piece);
        file.write_all(piece).map_err(ApiError::internal)?;
    }
    file.rewind().map_err(ApiError::internal)?;
    Ok(Spooled { file, size, sha256: hex(hash.finish().as_ref()) })
}

/// What comes in, for a thread that may wait.
struct Sent {
    receive: mpsc::Receiver<Bytes>,
    chunk: Bytes,
}

impl Read for Sent {
    fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
        while self.chunk.is_empty() {
            match self.receive.blocking_recv() {
                Some(chunk) => self.chunk = chunk,
                None => return Ok(0),
            }
        }
        let piece = self.chunk.split_to(self.chunk.len().min(into.len()));
        into.iter_mut().zip(piece.iter()).for_each(|(into, from)| *into = *from);
        Ok(piece.len())
    }
}
