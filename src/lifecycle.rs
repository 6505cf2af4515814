//! State machines as tables. A feature writes one `Lifecycle`; what is possible, why something is
//! not, which fields a move needs, and the published description all come from it.

use actix_web::{HttpRequest, HttpResponse, Responder, body::BoxBody};
use chrono::NaiveDate;
use serde::Serialize;
use utoipa::ToSchema;

use crate::{
    access::{Access, Permission, token::Actor},
    error::{ApiError, Result},
    http::{Code, Query, page},
    log::{
        EventOut, HistoryFilter,
        event::kind,
        history::{self},
    },
    records::Record,
};

/// `action` leads from any of `from` to `to`, for who has `permission`, given the fields it `needs`.
pub struct Move<R: 'static, S: 'static, A> {
    pub action: A,
    pub from: &'static [S],
    pub to: S,
    pub permission: Permission,
    pub needs: &'static [&'static str],
    /// Fields that it may be given besides; a note may always be added.
    pub takes: &'static [&'static str],
    /// What its event is called, where that is not the state reached: mostly because the state stays.
    pub named: Option<&'static str>,
    /// For which records this row of the table is meant; an action can have several rows.
    pub only: fn(&R) -> bool,
}

impl<R, S: Copy + Into<&'static str>, A> Move<R, S, A> {
    pub fn event(&self) -> &'static str {
        self.named.unwrap_or(self.to.into())
    }
}

pub struct Lifecycle<R: 'static, S: 'static, A: 'static> {
    /// The kind of the record, as in its events and in the reason codes.
    pub resource: &'static str,
    pub status: fn(&R) -> S,
    /// The feature's own reason against an action that table and permission allow, today.
    pub objection: fn(&R, &Actor, NaiveDate, A) -> Option<&'static str>,
    pub moves: &'static [Move<R, S, A>],
}

/// What a caller could do with the record now, or why not.
#[derive(Serialize, ToSchema)]
pub struct AvailableAction {
    #[schema(example = "approve")]
    action: &'static str,
    allowed: bool,
    /// `not_permitted`, `wrong_status`, or a reason of the resource's own.
    #[schema(example = "wrong_status")]
    why_not: Option<&'static str>,
    #[schema(example = json!(["amount_idr"]))]
    needs: &'static [&'static str],
    #[schema(example = json!([]))]
    takes: &'static [&'static str],
}

/// Where a record stands, what its reader could do, and the moves that led here, the latest first.
#[derive(Serialize, ToSchema)]
pub struct Transitions {
    #[schema(example = "draft")]
    status: &'static str,
    available_actions: Vec<AvailableAction>,
    data: Vec<EventOut>,
    next_cursor: Option<String>,
}

impl Responder for Transitions {
    type Body = BoxBody;

    fn respond_to(self, request: &HttpRequest) -> HttpResponse {
        match serde_json::to_vec(&self) {
            Ok(body) => page::answer(request, body, self.next_cursor.as_deref()),
            Err(error) => HttpResponse::from_error(ApiError::internal(error)),
        }
    }
}

/// For a table's rows that are meant for every record, and lifecycles without an objection of their own.
pub const fn any<R>(_: &R) -> bool {
    true
}

pub fn none<R, A>(_: &R, _: &Actor, _: NaiveDate, _: A) -> Option<&'static str> {
    None
}

impl<R, S, A> Lifecycle<R, S, A>
where
    R: Record,
    S: Copy + PartialEq + Into<&'static str>,
    A: Copy + PartialEq + Into<&'static str>,
{
    /// The move that `action` makes, or the error that says why it cannot.
    pub fn decide(
        &self,
        access: &Access,
        record: &R,
        action: A,
        body: &impl Serialize,
    ) -> Result<&Move<R, S, A>> {
        let wanted = self.row(access, record, action).ok_or(ApiError::NotPossible {
            action: action.into(),
            code: "not_for_this_kind",
            possible: self.possible(access, record),
        })?;
        match self.why_not(access, record, wanted) {
            None => self.fields_fit(access, wanted, body).map(|()| wanted),
            Some("not_permitted") => Err(ApiError::Forbidden(wanted.permission)),
            Some(code) => {
                let possible = self.possible(access, record);
                Err(ApiError::NotPossible { action: action.into(), code, possible })
            }
        }
    }

    /// Whether the record stands where its fields may be changed; otherwise the error that says it does not.
    pub fn may_change(&self, access: &Access, record: &R, in_states: &[S]) -> Result<()> {
        if in_states.contains(&(self.status)(record)) {
            return Ok(());
        }
        let possible = self.possible(access, record);
        Err(ApiError::NotPossible { action: "update", code: "wrong_status", possible })
    }

    /// For `GET …/{id}/transitions`.
    pub async fn transitions(
        &self,
        access: &Access,
        record: &R,
        list: &Query<HistoryFilter>,
    ) -> Result<Transitions> {
        let kinds = self.moves.iter().map(|step| kind::<R>(step.event())).collect();
        let moves = history::of_kinds(access, record, kinds, list).await?;
        let entry = |step: &Move<R, S, A>| {
            let why_not = self.why_not(access, record, step);
            let (needs, takes) = (step.needs, step.takes);
            AvailableAction { action: step.action.into(), allowed: why_not.is_none(), why_not, needs, takes }
        };
        Ok(Transitions {
            status: (self.status)(record).into(),
            available_actions: self.offered(access, record).map(entry).collect(),
            data: moves.data,
            next_cursor: moves.next_cursor,
        })
    }

    fn rows(&self, record: &R) -> impl Iterator<Item = &'static Move<R, S, A>> {
        self.moves.iter().filter(|step| (step.only)(record))
    }

    /// Of an action's rows, the first of those that the caller may take, and that start where the record
    /// stands.
    fn row(&self, access: &Access, record: &R, action: A) -> Option<&'static Move<R, S, A>> {
        self.rows(record).filter(|step| step.action == action).min_by_key(|step| {
            let may = access.reach_of(step.permission).is_ok();
            (!may, !step.from.contains(&(self.status)(record)))
        })
    }

    /// Each action once, by the row that it would take.
    fn offered(&self, access: &Access, record: &R) -> impl Iterator<Item = &'static Move<R, S, A>> {
        let is_taken = |step: &&'static Move<R, S, A>| {
            self.row(access, record, step.action).is_some_and(|row| std::ptr::eq(row, *step))
        };
        self.rows(record).filter(is_taken)
    }

    fn possible(&self, access: &Access, record: &R) -> Vec<&'static str> {
        let free = |step: &&Move<R, S, A>| self.why_not(access, record, step).is_none();
        self.offered(access, record).filter(free).map(|step| step.action.into()).collect()
    }

    fn why_not(&self, access: &Access, record: &R, step: &Move<R, S, A>) -> Option<&'static str> {
        match () {
            () if access.reach_of(step.permission).is_err() => Some("not_permitted"),
            () if !step.from.contains(&(self.status)(record)) => Some("wrong_status"),
            () => (self.objection)(record, &access.actor, access.today(), step.action),
        }
    }

    /// Each field that the move needs is there, and no other; a reason is one of the action's, and has a
    /// note where the list asks for one.
    fn fields_fit(&self, access: &Access, step: &Move<R, S, A>, body: &impl Serialize) -> Result<()> {
        let body = serde_json::to_value(body).map_err(ApiError::internal)?;
        let given = |name: &str| body.get(name).is_some_and(|value| !value.is_null());
        let missing = step.needs.iter().filter(|name| !given(name));
        let mut flaws: Vec<_> = missing.map(|name| Code::Required.at(format!("/{name}"))).collect();
        let fits = |name: &str| {
            ["action", "note"].contains(&name) || step.needs.contains(&name) || step.takes.contains(&name)
        };
        let names = body.as_object().into_iter().flat_map(|body| body.keys());
        let surplus = names.filter(|name| given(name) && !fits(name));
        flaws.extend(surplus.map(|name| Code::Unknown.at(format!("/{name}"))));
        let reason = body.get("reason_code").filter(|_| fits("reason_code"));
        if let Some(code) = reason.and_then(|code| code.as_str()) {
            match access.worker.reference().reason(self.resource, step.action.into(), code, access.today()) {
                None => flaws.push(Code::UnknownCode.expecting("/reason_code", "reason-codes")),
                Some(reason) if reason.note_required && !given("note") => {
                    flaws.push(Code::Required.at("/note"));
                }
                Some(_) => (),
            }
        }
        ApiError::if_any(flaws)
    }

    pub fn published(&self) -> LifecycleOut {
        let entry = |step: &Move<R, S, A>| MoveOut {
            action: step.action.into(),
            from: step.from.iter().map(|&status| status.into()).collect(),
            to: step.to.into(),
            scope: step.permission.scope(),
            needs: step.needs,
            takes: step.takes,
        };
        LifecycleOut { resource: self.resource, moves: self.moves.iter().map(entry).collect() }
    }
}

#[derive(Serialize, ToSchema)]
#[schema(as = Lifecycle)]
pub struct LifecycleOut {
    #[schema(example = "capital_referral")]
    resource: &'static str,
    moves: Vec<MoveOut>,
}

#[derive(Serialize, ToSchema)]
#[schema(as = Move)]
struct MoveOut {
    #[schema(example = "approve")]
    action: &'static str,
    #[schema(example = json!(["forwarded"]))]
    from: Vec<&'static str>,
    #[schema(example = "approved")]
    to: &'static str,
    #[schema(example = "capital_referrals:decide")]
    scope: &'static str,
    #[schema(example = json!(["amount_idr"]))]
    needs: &'static [&'static str],
    #[schema(example = json!([]))]
    takes: &'static [&'static str],
}
