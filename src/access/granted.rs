//! `Granted<P>`: proof that a caller holds permission `P`, and the only way to the database.

use std::{
    future::{Ready, ready},
    marker::PhantomData,
    ops::Deref,
    rc::Rc,
};

use actix_web::{
    FromRequest, HttpMessage, HttpRequest,
    dev::Payload,
    http::header::{AUTHORIZATION, HeaderMap},
    web::Data,
};
use chrono::{DateTime, Datelike, NaiveDate, SubsecRound, Utc};
use diesel::{BoxableExpression, pg::Pg, sql_types::Bool};

use crate::{
    access::{
        permission::{Grant, Permission, Rows},
        role::Party,
        token::Actor,
    },
    error::{ApiError, Result},
    http::{Code, request_id::RequestId},
    ids::EventId,
    worker::Worker,
};

/// The records that a caller may see: what `visible_to` in each store turns into SQL.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Reach {
    All,
    /// Those that name the party.
    Own(Party),
    /// Those of businesses that are shared with the party.
    Shared(Party),
}

/// A store's answer to which rows of `Table` a `Reach` covers.
pub type Visible<Table> = Box<dyn BoxableExpression<Table, Pg, SqlType = Bool>>;

/// What set the work off.
#[derive(Clone)]
pub enum Origin {
    Request(HttpRequest),
    /// A reader of the log at work on an event, or a job.
    Service {
        name: &'static str,
        cause: Option<EventId>,
    },
}

/// What a handler needs to know of the request it answers.
#[derive(Clone)]
pub struct Access {
    pub actor: Rc<Actor>,
    pub reach: Reach,
    pub worker: Data<Worker>,
    pub now: DateTime<Utc>,
    pub origin: Origin,
}

impl Access {
    /// For what the service does by itself.
    pub fn of_service(worker: &Data<Worker>, name: &'static str, cause: Option<EventId>) -> Self {
        Self {
            actor: Rc::new(Actor::service()),
            reach: Reach::All,
            now: worker.clock.now(),
            worker: worker.clone(),
            origin: Origin::Service { name, cause },
        }
    }

    /// For what a caller asked for earlier, with the rows that the permission reaches now.
    ///
    /// # Errors
    /// `Forbidden` where there are none.
    pub fn of_earlier(
        worker: &Data<Worker>,
        name: &'static str,
        actor: Rc<Actor>,
        permission: Permission,
    ) -> Result<Self> {
        let reach = reach(&actor, permission).ok_or(ApiError::Forbidden(permission))?;
        Ok(Self { actor, reach, ..Self::of_service(worker, name, None) })
    }

    /// The same question that `Granted` asks, for what needs a second permission.
    pub fn reach_of(&self, permission: Permission) -> Result<Reach> {
        if matches!(self.origin, Origin::Service { .. }) {
            return Ok(Reach::All);
        }
        reach(&self.actor, permission).ok_or(ApiError::Forbidden(permission))
    }

    /// The same caller, with the rows that another permission reaches.
    pub fn over(&self, permission: Permission) -> Result<Self> {
        Ok(Self { reach: self.reach_of(permission)?, ..self.clone() })
    }

    /// The same caller, by now: for work that takes its time.
    pub fn by_now(&self) -> Self {
        Self { now: self.worker.clock.now(), ..self.clone() }
    }

    /// Today in the city.
    pub fn today(&self) -> NaiveDate {
        self.worker.date(self.now)
    }

    /// The last day for what begins today and has that service target.
    ///
    /// # Errors
    /// `Internal` where the list has lost the target.
    pub fn due(&self, target: &str) -> Result<NaiveDate> {
        let due = self.worker.reference().due(target, self.today());
        due.ok_or_else(|| ApiError::internal(format!("no service target {target}")))
    }

    /// What was asked for; nothing, of what the service does by itself.
    pub fn path(&self) -> &str {
        match &self.origin {
            Origin::Request(request) => request.path(),
            Origin::Service { .. } => "",
        }
    }

    pub fn request_id(&self) -> String {
        match &self.origin {
            Origin::Request(request) => {
                request.extensions().get::<RequestId>().map(ToString::to_string).unwrap_or_default()
            }
            Origin::Service { name, .. } => (*name).to_owned(),
        }
    }
}

/// A handler that takes one cannot run without the permission.
pub struct Granted<P> {
    access: Access,
    permission: PhantomData<P>,
}

impl<P> Deref for Granted<P> {
    type Target = Access;

    fn deref(&self) -> &Access {
        &self.access
    }
}

impl<P: Grant> FromRequest for Granted<P> {
    type Error = ApiError;
    type Future = Ready<Result<Self>>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        ready(grant(request, P::PERMISSION).map(|access| Self { access, permission: PhantomData }))
    }
}

/// Who is signed in, for the routes that ask for nothing more: `/v1/me`.
pub struct SignedIn(pub Access);

impl FromRequest for SignedIn {
    type Error = ApiError;
    type Future = Ready<Result<Self>>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        ready(identify(request).map(Self))
    }
}

fn grant(request: &HttpRequest, permission: Permission) -> Result<Access> {
    let mut access = identify(request)?;
    access.reach = access.reach_of(permission)?;
    Ok(access)
}

fn identify(request: &HttpRequest) -> Result<Access> {
    let worker: &Data<Worker> =
        request.app_data().ok_or_else(|| ApiError::Internal("the service has no worker".into()))?;
    let now = worker.clock.now();
    let token = bearer(request.headers()).ok_or(ApiError::Unauthenticated("missing_token"))?;
    let actor = worker.verifier.verify(token, now.timestamp())?;
    let now = match worker.sandbox() {
        Some(_) => moved_clock(request.headers())?.unwrap_or(now),
        None => now,
    };
    let reach = Reach::Own(actor.party);
    // For what depends on the caller and is read or written after this: a cursor, a record's fields.
    request.extensions_mut().insert(actor.clone());
    Ok(Access { actor, reach, worker: worker.clone(), now, origin: Origin::Request(request.clone()) })
}

/// In a sandbox a request may say what time it is for it. Elsewhere that is a header like any that nobody knows.
fn moved_clock(headers: &HeaderMap) -> Result<Option<DateTime<Utc>>> {
    let Some(said) = headers.get("x-seribu-now") else { return Ok(None) };
    let time = said.to_str().ok().and_then(|text| DateTime::parse_from_rfc3339(text).ok());
    let time = time.filter(|time| (2000..2100).contains(&time.year()));
    let time = time.ok_or_else(|| ApiError::invalid(Code::BadFormat.of_header("X-Seribu-Now")))?;
    Ok(Some(time.to_utc().trunc_subsecs(6)))
}

fn reach(actor: &Actor, permission: Permission) -> Option<Reach> {
    match actor.rows(permission) {
        Rows::None => None,
        Rows::Own => Some(Reach::Own(actor.party)),
        Rows::Shared => Some(Reach::Shared(actor.party)),
        Rows::All => Some(Reach::All),
    }
}

fn bearer(headers: &HeaderMap) -> Option<&str> {
    // Two credentials are no credential: nobody can say which one was meant.
    if headers.get_all(AUTHORIZATION).count() > 1 {
        return None;
    }
    let (scheme, token) = headers.get(AUTHORIZATION)?.to_str().ok()?.split_once(' ')?;
    scheme.eq_ignore_ascii_case("bearer").then_some(token)
}
