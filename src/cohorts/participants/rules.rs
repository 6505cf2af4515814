//! How a business comes to take part, and when not. Nothing here touches HTTP or the database.

use super::payloads::{
    Action::{self, Accept, Decline, Drop, Graduate},
    MoveParticipant, Participant,
    Status::{self, Accepted, Declined, Dropped, Graduated, Invited},
};
use crate::{
    access::{
        Permission::{AnswerParticipants, DecideParticipants},
        Role,
    },
    cohorts::{payloads::Cohort, rules::invites},
    error::{ApiError, Result},
    http::Code,
    ids::MentorshipId,
    lifecycle::{Lifecycle, Move, any, none},
};

#[rustfmt::skip]
pub const LIFECYCLE: Lifecycle<Participant, Status, Action> = Lifecycle {
    resource: "participant",
    status: |participant| participant.status,
    objection: none,
    moves: &[
        Move { action: Accept,   from: &[Invited],           to: Accepted,  permission: AnswerParticipants, needs: &[],              takes: &[], named: None, only: any },
        Move { action: Decline,  from: &[Invited],           to: Declined,  permission: AnswerParticipants, needs: &["reason_code"], takes: &[], named: None, only: any },
        Move { action: Drop,     from: &[Invited, Accepted], to: Dropped,   permission: DecideParticipants, needs: &["reason_code"], takes: &[], named: None, only: any },
        Move { action: Graduate, from: &[Accepted],          to: Graduated, permission: DecideParticipants, needs: &[],              takes: &[], named: None, only: any },
    ],
};

pub fn check_invitation(cohort: &Cohort) -> Result<()> {
    if invites(cohort.status) {
        return Ok(());
    }
    Err(ApiError::NotPossible { action: "invite", code: "cohort_not_open", possible: vec![] })
}

/// Whether the business can come in, when so many take part already. Who accepts for the owner says how he
/// said so.
pub fn check_acceptance(
    cohort: &Cohort,
    taking_part: i64,
    role: Role,
    wanted: &MoveParticipant,
) -> Result<()> {
    if role != Role::Business && wanted.note.is_none() {
        return Err(ApiError::invalid(Code::Required.at("/note")));
    }
    let is_full = cohort.fields.capacity.is_some_and(|capacity| taking_part >= i64::from(capacity));
    let refused = |code| Err(ApiError::NotPossible { action: "accept", code, possible: vec!["decline"] });
    match () {
        () if !invites(cohort.status) => refused("cohort_not_open"),
        () if is_full => refused("cohort_full"),
        () => Ok(()),
    }
}

/// What a business has done in its cohort.
pub struct Work {
    pub open_mentorships: Vec<MentorshipId>,
    pub completed_mentorship: bool,
    /// Whether the programme has reviewed a follow-up assessment.
    pub followed_up: bool,
}

/// Nobody is dropped while he is coached. Who graduates was coached to the end, which decides each objective,
/// and assessed again.
pub fn check_leaving(action: Action, work: &Work) -> Result<()> {
    let refused = |code| Err(ApiError::NotPossible { action: action.as_str(), code, possible: vec![] });
    match action {
        Accept | Decline => Ok(()),
        _ if !work.open_mentorships.is_empty() => {
            Err(ApiError::blocked("open_mentorships", "mentorship", work.open_mentorships.iter().copied()))
        }
        Graduate if !work.completed_mentorship => refused("no_mentorship_completed"),
        Graduate if !work.followed_up => refused("not_followed_up"),
        _ => Ok(()),
    }
}
