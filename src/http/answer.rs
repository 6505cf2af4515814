//! Answers that carry one record: its version as `ETag`, `Last-Modified`, 304 where the client has it.

use std::{rc::Rc, time::SystemTime};

use actix_web::{
    HttpRequest, HttpResponse, Responder,
    body::BoxBody,
    http::{
        StatusCode,
        header::{self, HttpDate},
    },
};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::{
    access::Access,
    error::{ApiError, Result},
    http::{page, view::View},
    records::Record,
};

/// 200 with the record, or 304 when `If-None-Match` names its version.
pub struct Versioned<T>(pub Rc<T>);

/// 201 with the record and its `Location`.
pub struct Created<T>(pub Rc<T>);

/// 201 with a record that stands elsewhere than where it was sent to: in the collection at the path.
pub struct CreatedAt<T>(pub &'static str, pub Rc<T>);

/// 202 with a record of long work, which stands in the collection at the path.
pub struct Accepted<T>(pub &'static str, pub Rc<T>);

/// 201 with a record that was put into the collection at the path, or 200 with the one that was there.
pub struct Put<T> {
    pub collection: &'static str,
    pub record: Rc<T>,
    pub created: bool,
}

/// 200 with what was worked out from records at the time: it has no version.
pub struct Derived<T>(pub T);

/// 201 with a record that stands where it was sent to: the one of its kind below another.
pub struct CreatedHere<T>(pub Rc<T>);

/// 201 with something that is shown this once: a code, a secret. It is no record, and has no version;
/// `of` is the new record that it belongs to.
pub struct Shown<T> {
    pub of: Option<Uuid>,
    pub once: T,
}

/// 204: it is gone.
pub struct Deleted;

/// 204: it is done, and there is nothing to show.
pub struct Done;

/// A finished answer to a write, as it is sent and as an idempotency key keeps it.
#[derive(Serialize, Deserialize)]
pub struct Answer {
    status: u16,
    headers: Vec<(String, String)>,
    body: String,
    #[serde(skip)]
    replayed: bool,
}

impl Answer {
    pub fn is_replay(&self) -> bool {
        self.replayed
    }

    pub fn replayed(self) -> Self {
        Self { replayed: true, ..self }
    }
}

pub trait IntoAnswer {
    fn into_answer(self, access: &Access) -> Result<Answer>;
}

fn last_modified<T: Record>(record: &T) -> HttpDate {
    HttpDate::from(SystemTime::from(record.updated_at()))
}

impl<T: Record> Responder for Versioned<T> {
    type Body = BoxBody;

    fn respond_to(self, request: &HttpRequest) -> HttpResponse {
        versioned(&*self.0, request).unwrap_or_else(HttpResponse::from_error)
    }
}

fn versioned<T: Record>(record: &T, request: &HttpRequest) -> Result<HttpResponse> {
    let view = View::of_caller::<T>(request)?;
    let etag = view.etag(record);
    let known = request.headers().get(header::IF_NONE_MATCH).and_then(|value| value.to_str().ok());
    let same = |tag: &str| tag == "*" || tag.trim_start_matches("W/") == etag;
    let fresh = known.is_some_and(|known| known.split(',').map(str::trim).any(same));
    let mut answer = HttpResponse::build(if fresh { StatusCode::NOT_MODIFIED } else { StatusCode::OK });
    answer.insert_header((header::ETAG, etag)).insert_header((header::LAST_MODIFIED, last_modified(record)));
    answer.insert_header((header::CACHE_CONTROL, "private, no-cache"));
    answer.insert_header((header::VARY, "Authorization, Accept-Language"));
    if fresh {
        return Ok(answer.finish());
    }
    let mut body = Vec::with_capacity(1024);
    view.write(record, &mut body)?;
    Ok(answer.content_type("application/json").body(body))
}

impl<T: Record> IntoAnswer for Versioned<T> {
    fn into_answer(self, access: &Access) -> Result<Answer> {
        answer(200, &*self.0, access, None)
    }
}

impl<T: Record> IntoAnswer for Created<T> {
    fn into_answer(self, access: &Access) -> Result<Answer> {
        let location = location(access, self.0.id().into());
        answer(201, &*self.0, access, Some(location))
    }
}

impl<T: Record> IntoAnswer for CreatedAt<T> {
    fn into_answer(self, access: &Access) -> Result<Answer> {
        let location = format!("{}/{}", self.0, self.1.id().into());
        answer(201, &*self.1, access, Some(("location".into(), location)))
    }
}

impl<T: Record> IntoAnswer for Accepted<T> {
    fn into_answer(self, access: &Access) -> Result<Answer> {
        let location = format!("{}/{}", self.0, self.1.id().into());
        answer(202, &*self.1, access, Some(("location".into(), location)))
    }
}

impl<T: Record> IntoAnswer for Put<T> {
    fn into_answer(self, access: &Access) -> Result<Answer> {
        match self.created {
            true => CreatedAt(self.collection, self.record).into_answer(access),
            false => Versioned(self.record).into_answer(access),
        }
    }
}

impl<T: Serialize> Responder for Derived<T> {
    type Body = BoxBody;

    fn respond_to(self, request: &HttpRequest) -> HttpResponse {
        match serde_json::to_vec(&self.0) {
            Ok(body) => page::answer(request, body, None),
            Err(error) => HttpResponse::from_error(ApiError::internal(error)),
        }
    }
}

impl IntoAnswer for Done {
    fn into_answer(self, _: &Access) -> Result<Answer> {
        Ok(Answer { status: 204, headers: vec![], body: String::new(), replayed: false })
    }
}

impl IntoAnswer for Deleted {
    fn into_answer(self, access: &Access) -> Result<Answer> {
        Done.into_answer(access)
    }
}

impl<T: Record> IntoAnswer for CreatedHere<T> {
    fn into_answer(self, access: &Access) -> Result<Answer> {
        answer(201, &*self.0, access, Some(("location".into(), path(access).to_owned())))
    }
}

fn location(access: &Access, id: Uuid) -> (String, String) {
    ("location".into(), format!("{}/{id}", path(access)))
}

fn path(access: &Access) -> &str {
    access.path().trim_end_matches('/')
}

impl<T: Serialize> IntoAnswer for Shown<T> {
    fn into_answer(self, access: &Access) -> Result<Answer> {
        let mut headers = vec![
            ("content-type".into(), "application/json".into()),
            ("cache-control".into(), "no-store".into()),
        ];
        headers.extend(self.of.map(|id| location(access, id)));
        let body = serde_json::to_string(&self.once).map_err(ApiError::internal)?;
        Ok(Answer { status: 201, headers, body, replayed: false })
    }
}

fn answer<T: Record>(
    status: u16,
    record: &T,
    access: &Access,
    location: Option<(String, String)>,
) -> Result<Answer> {
    let view = View::of::<T>(&access.actor);
    let mut body = Vec::with_capacity(1024);
    view.write(record, &mut body)?;
    let mut headers = vec![
        ("content-type".into(), "application/json".into()),
        ("etag".into(), view.etag(record)),
        ("last-modified".into(), last_modified(record).to_string()),
        ("cache-control".into(), "private, no-cache".into()),
        ("vary".into(), "Authorization, Accept-Language".into()),
    ];
    headers.extend(location);
    let body = String::from_utf8(body).map_err(ApiError::internal)?;
    Ok(Answer { status, headers, body, replayed: false })
}

impl Responder for Answer {
    type Body = BoxBody;

    fn respond_to(self, _: &HttpRequest) -> HttpResponse {
        let mut response = HttpResponse::build(StatusCode::from_u16(self.status).unwrap_or_default());
        for header in self.headers {
            response.insert_header(header);
        }
        if self.replayed {
            response.insert_header(("idempotent-replayed", "true"));
        }
        response.body(self.body)
    }
}
