//! The life of an outcome. Nothing here touches HTTP or the database.

use chrono::{DateTime, NaiveDate, Utc};

use super::payloads::{
    Action::{self, *},
    Attribution, Course, Kind, MoveOutcome, Outcome, OutcomeFields,
    Status::{self, *},
    Unit, Verification,
};
use crate::{
    access::{
        Party,
        Permission::{ConfirmOutcomes, VerifyOutcomes},
        token::Actor,
    },
    http::{Code, Flaw},
    ids::UserId,
    lifecycle::{Lifecycle, Move, any},
};

#[rustfmt::skip]
pub const LIFECYCLE: Lifecycle<Outcome, Status, Action> = Lifecycle {
    resource: "outcome",
    status: |outcome| outcome.course.status,
    objection,
    moves: &[
        Move { action: Confirm, from: &[Claimed],                  to: ClientConfirmed, permission: ConfirmOutcomes, needs: &["attribution"], takes: &[], named: None, only: any },
        Move { action: Verify,  from: &[ClientConfirmed],          to: Verified,        permission: VerifyOutcomes,  needs: &["evidence"],    takes: &[], named: None, only: any },
        Move { action: Reject,  from: &[Claimed, ClientConfirmed], to: Rejected,        permission: VerifyOutcomes,  needs: &["reason_code"], takes: &[], named: None, only: any },
    ],
};

/// Nobody verifies what he claimed.
fn objection(outcome: &Outcome, caller: &Actor, _: NaiveDate, action: Action) -> Option<&'static str> {
    (action == Verify && outcome.claimed_by == caller.user).then_some("own_claim")
}

/// What each kind counts.
pub fn unit_of(kind: Kind) -> Unit {
    match kind {
        Kind::RevenueChange | Kind::CapitalObtained => Unit::Idr,
        Kind::JobsCreated | Kind::JobsRetained => Unit::Persons,
        Kind::SizeClassUp | Kind::BookkeepingUp => Unit::Level,
        Kind::BusinessStarted
        | Kind::Formalised
        | Kind::CertificationGranted
        | Kind::CooperativeJoined
        | Kind::NewMarket => Unit::Count,
    }
}

/// Kinds that say by how much.
fn is_measured(kind: Kind) -> bool {
    !matches!(unit_of(kind), Unit::Count)
}

/// All that is wrong with a claim.
pub fn flaws(fields: &OutcomeFields, today: NaiveDate) -> Vec<Flaw> {
    let mut flaws = Vec::new();
    if fields.occurred_on > today {
        flaws.push(Code::InTheFuture.at("/occurred_on"));
    }
    if fields.unit != unit_of(fields.kind) {
        flaws.push(Code::NotAllowed.expecting("/unit", unit_of(fields.kind)));
    }
    if is_measured(fields.kind) && fields.after.is_none() {
        flaws.push(Code::Required.at("/after"));
    }
    let rises = !matches!(fields.kind, Kind::RevenueChange | Kind::JobsRetained);
    let not_risen = |(before, after): &(i64, i64)| rises && after <= before;
    if let Some((before, _)) = fields.before.zip(fields.after).filter(not_risen) {
        flaws.push(Code::TooSmall.expecting("/after", before.saturating_add(1)));
    }
    flaws
}

/// What it is a claim of stays.
pub fn fixed(before: &OutcomeFields, after: &OutcomeFields) -> Option<Flaw> {
    (before.kind != after.kind).then(|| Code::Fixed.at("/kind"))
}

/// The programme that answers for an owner says how it knows.
pub fn answer_flaws(wanted: &MoveOutcome, party: Party, today: NaiveDate) -> Vec<Flaw> {
    let for_the_owner = wanted.action == Confirm && !matches!(party, Party::Person(_));
    let unsaid = (for_the_owner && wanted.note.is_none()).then(|| Code::Required.at("/note"));
    let to_come = wanted.evidence.as_ref().filter(|evidence| evidence.dated_on > today);
    unsaid.into_iter().chain(to_come.map(|_| Code::InTheFuture.at("/evidence/dated_on"))).collect()
}

/// How far it has come once `step` is taken.
pub fn course_after(
    course: &Course,
    step: &Move<Outcome, Status, Action>,
    wanted: &MoveOutcome,
    (by, at): (UserId, DateTime<Utc>),
) -> Course {
    let moved = Course { status: step.to, ..course.clone() };
    match step.action {
        Confirm => {
            let note = wanted.note.clone();
            Course {
                attribution: wanted.attribution.map(|share| Attribution { share, by, at, note }),
                ..moved
            }
        }
        Verify => {
            let evidence = wanted.evidence.clone();
            Course { verification: evidence.map(|evidence| Verification { by, at, evidence }), ..moved }
        }
        Reject => moved,
    }
}
