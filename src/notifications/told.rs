//! Who is told of what: those who act next, or whose matter was decided.

use crate::access::Division::{self, *};

/// Some of the parties that see the record after the event.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Who {
    /// The people who see the business: its owner, or the contact of a coached cooperative.
    Owner,
    /// Who coaches the business, or does what the event is of.
    Mentor,
    /// The mentor who is asked to take over.
    Asked,
    /// Who reviews an assessment: the mentor an owner's, the programme a mentor's.
    Reviewer,
    /// Whose assessment it is, by who returns it.
    Author,
    Staff,
    Desk(Division),
    /// The division that a hand-over goes to.
    Receiver,
    Lender,
    Cooperative,
}

use Who::*;

macro_rules! told {
    ($($kind:literal => [$($who:expr),+],)+) => {
        const TOLD: &[(&str, &[Who])] = &[$(($kind, &[$($who),+])),+];

        /// The kinds of events that anybody is told of.
        pub const OF: &[&str] = &[$($kind),+];
    };
}

told! {
    "participant.created" => [Owner],
    "participant.accepted" => [Staff],
    "participant.declined" => [Staff],
    "mentorship.created" => [Mentor],
    "mentorship.accepted" => [Owner, Staff],
    "mentorship.declined" => [Staff],
    "mentorship.expired" => [Staff],
    "mentorship.transfer_proposed" => [Asked],
    "mentorship.transferred" => [Owner, Mentor, Staff],
    "mentorship.transfer_declined" => [Staff],
    "mentorship.completed" => [Owner, Mentor],
    "mentorship.terminated" => [Owner, Mentor],
    "session.created" => [Owner],
    "session.held" => [Owner],
    "session.confirmed" => [Mentor],
    "session.cancelled" => [Owner],
    "agreed_action.due" => [Owner, Mentor],
    "plan.submitted" => [Mentor],
    "plan.draft" => [Owner],
    "plan.accepted" => [Owner],
    "assessment.submitted" => [Reviewer],
    "assessment.returned" => [Author],
    "assessment.reviewed" => [Owner],
    "assessment.overridden" => [Owner, Mentor],
    "assessment.objected" => [Staff],
    "assessment.objection_decided" => [Owner, Mentor],
    "hand_over.created" => [Receiver],
    "capital_referral.submitted" => [Desk(Facilitation)],
    "capital_referral.returned" => [Owner, Mentor],
    "capital_referral.recommended" => [Owner],
    "capital_referral.not_recommended" => [Owner],
    "capital_referral.forwarded" => [Lender, Owner],
    "capital_referral.approved" => [Owner, Desk(Facilitation)],
    "capital_referral.rejected" => [Owner, Desk(Facilitation)],
    "capital_referral.disbursed" => [Owner, Desk(Facilitation)],
    "enrollment.created" => [Desk(Cooperatives)],
    "enrollment.applied" => [Desk(Cooperatives)],
    "enrollment.verified" => [Cooperative],
    "enrollment.returned" => [Owner],
    "enrollment.active" => [Owner],
    "enrollment.rejected" => [Owner],
    "certification.granted" => [Owner],
    "certification.expiring" => [Owner, Desk(Standardisation)],
    "certification.expired" => [Owner, Desk(Standardisation)],
    "outcome.created" => [Owner],
    "outcome.client_confirmed" => [Staff],
    "mentor.on_leave" => [Staff],
    "mentor.ending" => [Staff],
    "mentor_qualification.expiring" => [Mentor],
    "mentor_qualification.expired" => [Mentor],
    "follow_up.created" => [Owner, Mentor],
}

/// Who is told of an event of the kind.
pub fn of(kind: &str) -> &'static [Who] {
    TOLD.iter().find(|(told, _)| *told == kind).map_or(&[], |(_, who)| who)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::reference::{Reference, lists};

    #[test]
    fn each_kind_is_told_of_once_and_has_words() {
        let reference = Reference::shipped().unwrap();
        for (at, (kind, who)) in TOLD.iter().enumerate() {
            assert!(!who.is_empty() && !TOLD[..at].iter().any(|(other, _)| other == kind), "{kind}");
            assert!(reference.all_rows(&lists::EVENT_TYPES).iter().any(|row| row.key == *kind), "{kind}");
        }
    }
}
