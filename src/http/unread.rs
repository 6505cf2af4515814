//! A body of a request that is not read to its end. Dropped, one that comes in chunks would be read and thrown
//! away for as long as it goes on. Held until the answer is sent, it is not: then the server closes the
//! connection.

use std::{
    convert::Infallible,
    mem,
    pin::Pin,
    task::{Context, Poll},
};

use actix_web::{
    HttpMessage, HttpRequest,
    body::{BodySize, MessageBody},
    web::{Bytes, Payload},
};

struct Unread {
    _body: Payload,
}

/// Holds the rest of a body that was too large.
pub fn leave(request: &HttpRequest, body: Payload) {
    request.extensions_mut().insert(Unread { _body: body });
}

/// An answer, and what it leaves unread.
pub struct Last {
    answer: Bytes,
    _unread: Option<Unread>,
}

impl Last {
    pub fn answer(request: &HttpRequest, answer: Vec<u8>) -> Self {
        Self { answer: answer.into(), _unread: request.extensions_mut().remove() }
    }
}

impl MessageBody for Last {
    type Error = Infallible;

    fn size(&self) -> BodySize {
        self.answer.size()
    }

    fn poll_next(self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<Option<Result<Bytes, Infallible>>> {
        let answer = mem::take(&mut self.get_mut().answer);
        Poll::Ready((!answer.is_empty()).then_some(Ok(answer)))
    }
}
