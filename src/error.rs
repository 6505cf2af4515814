//! Everything that can go wrong for a caller. How each looks is one table, in `problems`.

use std::borrow::Cow;

use actix_web::{HttpResponse, ResponseError, http::StatusCode};
use diesel::result::{DatabaseErrorKind, Error as DbError};
use serde_json::{Value, json};
use uuid::Uuid;

use crate::{
    access::Permission,
    http::flaw::{Code, Flaw},
};

pub type Result<T, E = ApiError> = std::result::Result<T, E>;

#[derive(Debug, thiserror::Error)]
pub enum ApiError {
    #[error("{0}")]
    NotJson(String),
    #[error("Idempotency-Key: 1-255 printable ASCII characters")]
    BadIdempotencyKey,
    /// OAuth's own errors (RFC 6749, section 5.2) at the token endpoint.
    #[error("{0}")]
    BadTokenRequest(&'static str),
    /// The client of a token request is unknown, or its secret is wrong: OAuth's `invalid_client`.
    #[error("invalid_client")]
    UnknownClient,
    /// No account has these; which of them is wrong is not said.
    #[error("")]
    WrongCredentials,
    #[error("{0}")]
    Unauthenticated(&'static str),
    #[error("{}", .0.scope())]
    Forbidden(Permission),
    #[error("")]
    NotFound,
    #[error("{allow}")]
    MethodNotAllowed { allow: String },
    #[error("application/json")]
    NotAcceptable,
    /// The lifecycle does not allow this now; `possible` are the actions that it does.
    #[error("{action}: {code} ({})", possible.join(", "))]
    NotPossible { action: &'static str, code: &'static str, possible: Vec<&'static str> },
    /// What stands in the way, as a code and the records that do.
    #[error("{code}")]
    Blocked { code: &'static str, by: Vec<Value> },
    /// What is the same, and the path of the record that has it, where the caller may see it.
    #[error("{what}")]
    Duplicate { what: String, of: Option<String> },
    #[error("Idempotency-Key")]
    InProgress,
    #[error("ETag {current}")]
    Stale { current: String },
    /// It was merged into another, and is found at that path.
    #[error("{to}")]
    Moved { to: String },
    /// What was there and is no more: a place in the feed, a file; where to begin anew.
    #[error("{restart}")]
    Gone { restart: &'static str },
    #[error("{0}")]
    TooLarge(String),
    /// Of a file of so many bytes.
    #[error("{size}")]
    OutOfRange { size: u64 },
    #[error("{expected}")]
    UnsupportedMediaType { expected: &'static str },
    #[error("")]
    Invalid(Vec<Flaw>),
    /// The account may be several things, and which of them the token is for was not said.
    #[error("")]
    ChooseGrant { flaw: Flaw, grants: Vec<Value> },
    #[error("Idempotency-Key")]
    KeyReused,
    #[error("If-Match")]
    PreconditionRequired,
    #[error("{retry_after} s")]
    TooMany { retry_after: u64 },
    #[error("{0}")]
    Unavailable(Cow<'static, str>),
    #[error("{0}")]
    Internal(String),
}

impl ApiError {
    /// Whether its text may leave the service: what a client sent may, what our machinery says may not.
    pub fn is_ours(&self) -> bool {
        matches!(self, Self::Unavailable(_) | Self::Internal(_))
    }

    /// The same failure, for another caller who waited for the same query.
    pub fn again(&self) -> Self {
        match self {
            Self::Unavailable(why) => Self::Unavailable(why.clone()),
            other => Self::Internal(other.to_string()),
        }
    }

    /// # Errors
    /// `Invalid`, with all that is wrong, if anything is.
    pub fn if_any(flaws: Vec<Flaw>) -> Result<()> {
        if flaws.is_empty() { Ok(()) } else { Err(Self::Invalid(flaws)) }
    }

    pub fn invalid(flaw: Flaw) -> Self {
        Self::Invalid(vec![flaw])
    }

    /// Of looking for a record that the body names at `pointer`.
    pub fn in_body(self, pointer: &str) -> Self {
        match self {
            Self::NotFound => Self::invalid(Code::NoSuchRecord.at(pointer)),
            other => other,
        }
    }

    /// The same, where what is wrong stood inside a larger body: a person given inline, at `/owner`.
    pub fn under(self, pointer: &str) -> Self {
        match self {
            Self::Invalid(flaws) => {
                Self::Invalid(flaws.into_iter().map(|flaw| flaw.under(pointer)).collect())
            }
            other => other,
        }
    }

    /// `kind` as in events: the records of that kind stand in the way.
    pub fn blocked(code: &'static str, kind: &'static str, by: impl IntoIterator<Item: Into<Uuid>>) -> Self {
        let by = by.into_iter().map(|id| json!({ "type": kind, "id": Into::<Uuid>::into(id) }));
        Self::Blocked { code, by: by.collect() }
    }

    pub fn internal(error: impl ToString) -> Self {
        Self::Internal(error.to_string())
    }

    pub fn duplicate(what: &str) -> Self {
        Self::Duplicate { what: what.to_owned(), of: None }
    }
}

/// A bare status: `problem::render` writes the body, because it knows the request's language.
impl ResponseError for ApiError {
    fn status_code(&self) -> StatusCode {
        StatusCode::from_u16(crate::http::problems::look(self).status)
            .unwrap_or(StatusCode::INTERNAL_SERVER_ERROR)
    }

    fn error_response(&self) -> HttpResponse {
        HttpResponse::new(self.status_code())
    }
}

/// What a body names at `pointer`; or flaws, where the caller cannot see it or it does not serve: then all
/// that is wrong with a body comes in one answer.
pub fn named<T>(found: Result<T>, pointer: &str, flaws: &mut Vec<Flaw>) -> Result<Option<T>> {
    match found {
        Err(ApiError::NotFound) => flaws.push(Code::NoSuchRecord.at(pointer)),
        Err(ApiError::Invalid(more)) => flaws.extend(more),
        found => return found.map(Some),
    }
    Ok(None)
}

impl From<DbError> for ApiError {
    fn from(error: DbError) -> Self {
        match error {
            DbError::NotFound => Self::NotFound,
            DbError::DatabaseError(DatabaseErrorKind::UniqueViolation, about) => {
                Self::duplicate(about.constraint_name().unwrap_or_default())
            }
            DbError::DatabaseError(DatabaseErrorKind::ClosedConnection, _) => {
                Self::Unavailable("the database closed the connection".into())
            }
            DbError::DatabaseError(_, about) if is_passing(about.message()) => {
                Self::Unavailable(about.message().to_owned().into())
            }
            other => Self::Internal(other.to_string()),
        }
    }
}

/// What goes away by itself, by PostgreSQL's words: tokio-postgres has no codes for some of it.
fn is_passing(message: &str) -> bool {
    const PASSING: &[&str] = &[
        "connection closed",
        "error communicating with the server",
        "the database system is",
        "terminating connection",
        "canceling statement due to lock timeout",
        "canceling statement due to statement timeout",
        "deadlock detected",
        "too many clients",
    ];
    PASSING.iter().any(|words| message.contains(words))
}

impl From<diesel::ConnectionError> for ApiError {
    fn from(error: diesel::ConnectionError) -> Self {
        Self::Unavailable(error.to_string().into())
    }
}
