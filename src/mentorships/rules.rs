//! The life of a mentorship. Nothing here touches HTTP or the database.

use chrono::{DateTime, Duration, NaiveDate, Utc};

use super::payloads::{
    Action::{self, *},
    Assignment, Course, Mentorship, MentorshipFields, MoveMentorship,
    Status::{self, *},
};
use crate::{
    access::{
        Party,
        Permission::{AnswerMentorships, DecideMentorships},
        token::Actor,
    },
    cohorts::{self, Cohort, Participant, ParticipantStatus},
    error::{ApiError, Result},
    http::{Code, Flaw},
    ids::MentorId,
    lifecycle::{self, Lifecycle, Move},
    mentors::{self, Mentor},
    records::Record,
};

#[rustfmt::skip]
pub const LIFECYCLE: Lifecycle<Mentorship, Status, Action> = Lifecycle {
    resource: "mentorship",
    status: |mentorship| mentorship.course.status,
    objection,
    moves: &[
        Move { action: Accept,    from: &[Proposed],                   to: Accepted,   permission: AnswerMentorships, needs: &[],              takes: &[],            named: None, only: lifecycle::any },
        Move { action: Decline,   from: &[Proposed],                   to: Declined,   permission: AnswerMentorships, needs: &["reason_code"], takes: &[],            named: None, only: lifecycle::any },
        Move { action: Start,     from: &[Accepted],                   to: Active,     permission: AnswerMentorships, needs: &[],              takes: &["starts_on"], named: None, only: lifecycle::any },
        Move { action: Complete,  from: &[Active],                     to: Completed,  permission: DecideMentorships, needs: &[],              takes: &[],            named: None, only: lifecycle::any },
        Move { action: Transfer,        from: &[Accepted], to: Accepted, permission: DecideMentorships, needs: &["reason_code", "mentor_id"], takes: &[], named: Some("transfer_proposed"), only: lifecycle::any },
        Move { action: Transfer,        from: &[Active],   to: Active,   permission: DecideMentorships, needs: &["reason_code", "mentor_id"], takes: &[], named: Some("transfer_proposed"), only: lifecycle::any },
        Move { action: AcceptTransfer,  from: &[Accepted], to: Accepted, permission: AnswerMentorships, needs: &[],                           takes: &[], named: Some("transferred"),       only: lifecycle::any },
        Move { action: AcceptTransfer,  from: &[Active],   to: Active,   permission: AnswerMentorships, needs: &[],                           takes: &[], named: Some("transferred"),       only: lifecycle::any },
        Move { action: DeclineTransfer, from: &[Accepted], to: Accepted, permission: AnswerMentorships, needs: &["reason_code"],              takes: &[], named: Some("transfer_declined"), only: lifecycle::any },
        Move { action: DeclineTransfer, from: &[Active],   to: Active,   permission: AnswerMentorships, needs: &["reason_code"],              takes: &[], named: Some("transfer_declined"), only: lifecycle::any },
        Move { action: Terminate, from: &[Proposed, Accepted, Active], to: Terminated, permission: DecideMentorships, needs: &["reason_code"], takes: &[],            named: None, only: lifecycle::any },
    ],
};

/// Each answers what he was asked: the present mentor the proposal, another the transfer.
fn objection(
    mentorship: &Mentorship,
    caller: &Actor,
    today: NaiveDate,
    action: Action,
) -> Option<&'static str> {
    let transfer = mentorship.course.transfer.as_ref();
    match action {
        AcceptTransfer | DeclineTransfer => match transfer {
            Some(transfer) if caller.party != Party::Mentor(transfer.mentor_id) => Some("other_mentor"),
            Some(transfer) if action == AcceptTransfer && transfer.expires_on < today => Some("expired"),
            Some(_) => None,
            None => Some("no_transfer"),
        },
        Accept | Decline | Start if caller.party != Party::Mentor(mentorship.fields.mentor_id) => {
            Some("other_mentor")
        }
        Transfer | Complete if transfer.is_some() => Some("transfer_open"),
        _ => None,
    }
}

/// How long a mentor still sees the business after completion, to finish the reports.
pub const GRACE: Duration = Duration::days(7);

impl Mentorship {
    /// Objectives, sessions and plan are worked on while it is accepted or active.
    pub fn must_run(&self) -> Result<()> {
        match self.course.status {
            Accepted | Active => Ok(()),
            _ => Err(ApiError::blocked("mentorship_not_running", "mentorship", [self.id])),
        }
    }

    /// Whether the mentor may report a session of his: while he coaches, and in the days of grace after.
    pub fn takes_reports(&self, mentor: MentorId, now: DateTime<Utc>, today: NaiveDate) -> bool {
        if let Some(past) = self.past_of(mentor) {
            return today - past.to <= GRACE;
        }
        self.course.status == Active || self.course.completed_at.is_some_and(|at| now < at + GRACE)
    }

    /// The days on which the mentor coached.
    pub fn days_of(&self, mentor: MentorId) -> (Option<NaiveDate>, Option<NaiveDate>) {
        let (from, to) = match self.past_of(mentor) {
            Some(past) => (Some(past.from), Some(past.to)),
            None => (self.course.assignments.last().map(|last| last.to), self.course.ends_on),
        };
        (self.course.starts_on.map(|first| from.map_or(first, |from| first.max(from))), to)
    }

    /// When a mentor coached who no longer does; the last time, if it was twice.
    fn past_of(&self, mentor: MentorId) -> Option<&Assignment> {
        let mut pasts = self.course.assignments.iter().rev();
        pasts.find(|past| past.mentor_id == mentor && mentor != self.fields.mentor_id)
    }
}

/// A proposal is for who takes part in a cohort that is open or running, to a mentor who is at work.
pub fn may_propose(cohort: &Cohort, participant: Option<&Participant>, mentor: &Mentor) -> Result<()> {
    let is_open = matches!(cohort.status, cohorts::Status::Open | cohorts::Status::Running);
    match participant {
        _ if !is_open => Err(ApiError::blocked("cohort_not_open", Cohort::KIND, [cohort.id])),
        None => Err(ApiError::blocked("not_a_participant", Cohort::KIND, [cohort.id])),
        Some(it) if it.status != ParticipantStatus::Accepted => {
            Err(ApiError::blocked("participant_not_accepted", Participant::KIND, [it.id]))
        }
        _ if mentor.status != mentors::Status::Active => {
            Err(ApiError::blocked("mentor_not_active", Mentor::KIND, [mentor.id]))
        }
        Some(_) => Ok(()),
    }
}

/// Who coaches whom, and where, is what was proposed: another is another proposal.
pub fn keeps_its_parties(before: &MentorshipFields, after: &MentorshipFields) -> Result<()> {
    let parties = [
        ("/cohort_id", before.cohort_id == after.cohort_id),
        ("/business_id", before.business_id == after.business_id),
        ("/mentor_id", before.mentor_id == after.mentor_id),
    ];
    let changed = parties.into_iter().filter(|(_, same)| !same);
    let flaws: Vec<_> = changed.map(|(pointer, _)| Code::Fixed.at(pointer)).collect();
    ApiError::if_any(flaws)
}

/// The course once `action` is taken today. `cohort_starts_on` is the first day on which coaching in the
/// cohort can have begun.
pub fn course_after(
    Mentorship { course, .. }: &Mentorship,
    step: &Move<Mentorship, Status, Action>,
    wanted: &MoveMentorship,
    (now, today): (DateTime<Utc>, NaiveDate),
    cohort_starts_on: NaiveDate,
) -> Result<Course, Flaw> {
    let moved = Course { status: step.to, ..course.clone() };
    Ok(match step.action {
        Accept => Course { accepted_at: Some(now), ..moved },
        Start => {
            let day = wanted.starts_on.unwrap_or(today);
            let starts_on = Some(between(day, cohort_starts_on, today)?);
            Course { starts_on, ..moved }
        }
        Complete => Course { ends_on: Some(today), completed_at: Some(now), ..moved },
        // What never began has no last day.
        Terminate => Course { ends_on: course.starts_on.map(|_| today), transfer: None, ..moved },
        Decline => moved,
        // `transfer` says what these come to.
        Transfer | AcceptTransfer | DeclineTransfer => moved,
    })
}

fn between(day: NaiveDate, first: NaiveDate, today: NaiveDate) -> Result<NaiveDate, Flaw> {
    match () {
        () if day > today => Err(Code::InTheFuture.at("/starts_on")),
        () if day < first => Err(Code::TooEarly.expecting("/starts_on", first)),
        () => Ok(day),
    }
}

#[cfg(test)]
mod tests {
    use proptest::{collection::vec, prelude::*, sample::select};

    use super::*;
    use crate::{
        ids::{BusinessId, CohortId, MentorId, MentorshipId},
        mentorships::payloads::MentorshipFields,
    };

    fn day(text: &str) -> NaiveDate {
        text.parse().unwrap()
    }

    fn a_proposal() -> Mentorship {
        let at = DateTime::UNIX_EPOCH;
        Mentorship {
            id: MentorshipId::generate(),
            fields: MentorshipFields {
                cohort_id: CohortId::generate(),
                business_id: BusinessId::generate(),
                mentor_id: MentorId::generate(),
                letter: None,
                note: None,
            },
            institution_id: None,
            business_name: "Dapur Bu Siti".into(),
            expires_on: day("1970-01-08"),
            course: Course {
                status: Proposed,
                accepted_at: None,
                starts_on: None,
                ends_on: None,
                completed_at: None,
                transfer: None,
                assignments: vec![],
                mentor_ids: vec![],
                institution_ids: vec![],
            },
            version: 1,
            created_at: at,
            updated_at: at,
        }
    }

    fn wanted(action: Action, starts_on: Option<NaiveDate>) -> MoveMentorship {
        MoveMentorship { action, reason_code: None, note: None, mentor_id: None, starts_on }
    }

    /// As `Lifecycle::decide` would, for who may do everything.
    fn take(mentorship: &mut Mentorship, action: Action, on: NaiveDate) -> bool {
        let at = on.and_time(chrono::NaiveTime::MIN).and_utc();
        let mut steps = LIFECYCLE.moves.iter().filter(|step| step.action == action);
        let Some(step) = steps.find(|step| step.from.contains(&mentorship.course.status)) else {
            return false;
        };
        let first = day("1970-01-01");
        let course = course_after(mentorship, step, &wanted(action, None), (at, on), first).unwrap();
        mentorship.course = course;
        true
    }

    #[test]
    fn coaching_begins_on_a_day_of_the_cohort_that_has_come() {
        let mut mentorship = a_proposal();
        mentorship.course.status = Accepted;
        let start = LIFECYCLE.moves.iter().find(|step| step.action == Start).unwrap();
        let today = (DateTime::UNIX_EPOCH, day("2026-11-24"));
        let begin = |on: Option<&str>| {
            let wanted = wanted(Start, on.map(day));
            course_after(&mentorship, start, &wanted, today, day("2026-11-01")).map(|course| course.starts_on)
        };
        assert_eq!(begin(None), Ok(Some(day("2026-11-24"))));
        assert_eq!(begin(Some("2026-11-01")), Ok(Some(day("2026-11-01"))));
        assert_eq!(begin(Some("2026-11-25")), Err(Code::InTheFuture.at("/starts_on")));
        assert_eq!(begin(Some("2026-10-31")), Err(Code::TooEarly.expecting("/starts_on", "2026-11-01")));
    }

    #[test]
    fn reports_are_taken_while_it_is_active_and_seven_days_longer() {
        let at: DateTime<Utc> = "2026-11-24T03:00:00Z".parse().unwrap();
        let mut mentorship = a_proposal();
        let takes = |mentorship: &Mentorship, at: DateTime<Utc>| {
            mentorship.takes_reports(mentorship.fields.mentor_id, at, at.date_naive())
        };
        assert!(!takes(&mentorship, at));
        mentorship.course.status = Active;
        assert!(takes(&mentorship, at));
        (mentorship.course.status, mentorship.course.completed_at) = (Completed, Some(at));
        assert!(takes(&mentorship, at + GRACE - Duration::seconds(1)));
        assert!(!takes(&mentorship, at + GRACE));
        mentorship.course.completed_at = None;
        mentorship.course.status = Terminated;
        assert!(!takes(&mentorship, at));
    }

    #[test]
    fn a_former_mentor_reports_for_seven_days_and_coached_on_his_own_days() {
        let (mut mentorship, old) = (a_proposal(), MentorId::generate());
        let present = mentorship.fields.mentor_id;
        mentorship.course.status = Active;
        mentorship.course.starts_on = Some(day("2026-11-01"));
        let (from, to) = (day("2026-10-25"), day("2026-11-20"));
        mentorship.course.assignments = vec![Assignment { mentor_id: old, institution_id: None, from, to }];
        let at = DateTime::UNIX_EPOCH;
        assert!(mentorship.takes_reports(old, at, day("2026-11-27")));
        assert!(!mentorship.takes_reports(old, at, day("2026-11-28")));
        assert_eq!(mentorship.days_of(old), (Some(day("2026-11-01")), Some(to)));
        assert_eq!(mentorship.days_of(present), (Some(to), None));
    }

    proptest! {
        #[test]
        fn whatever_is_tried_its_dates_fit_its_status(tried in vec((select(Action::ALL), 0..30u64), 0..12)) {
            let mut mentorship = a_proposal();
            let mut on = day("1970-01-01");
            for (action, later) in tried {
                on = on + chrono::Days::new(later);
                let (before, ended) = (mentorship.course.status, !matches!(mentorship.course.status, Proposed | Accepted | Active));
                prop_assert!(!(take(&mut mentorship, action, on) && ended), "{before} moved by {action}");
                let Course { status, accepted_at, starts_on, ends_on, completed_at, .. } = &mentorship.course;
                prop_assert!(accepted_at.is_some() || !matches!(status, Accepted | Active | Completed));
                prop_assert!(starts_on.is_some() || !matches!(status, Active | Completed));
                prop_assert_eq!(completed_at.is_some(), *status == Completed);
                prop_assert!(ends_on.is_none() || starts_on <= ends_on);
            }
        }
    }
}
