//! The life of a session, and whether it counts. Nothing here touches HTTP or the database.

use std::collections::HashSet;

use chrono::{DateTime, Duration, NaiveDate, Utc};

use super::payloads::{
    Action::{self, *},
    ConfirmedVia, MoveSession, Report, Session,
    Status::{self, Cancelled, Confirmed, Held, Planned},
    Uncounted,
};
use crate::{
    access::{
        Party,
        Permission::{ConfirmSessions, DecideSessions, WriteSessions},
        token::Actor,
    },
    error::{ApiError, Result},
    http::{Code, Flaw},
    ids::SessionId,
    lifecycle::{self, Lifecycle, Move},
    reference::{Reference, lists},
};

#[rustfmt::skip]
pub const LIFECYCLE: Lifecycle<Session, Status, Action> = Lifecycle {
    resource: "session",
    status: |session| session.report.status,
    objection,
    moves: &[
        Move { action: Hold,    from: &[Planned, Held], to: Held,           permission: DecideSessions,  needs: &["held_at", "contact_minutes"], takes: REPORTED, named: None, only: lifecycle::any },
        Move { action: Confirm, from: &[Held],          to: Confirmed,      permission: ConfirmSessions, needs: &[],                             takes: &[],      named: None, only: lifecycle::any },
        Move { action: Confirm, from: &[Held],          to: Confirmed,      permission: DecideSessions,  needs: &[],                             takes: &["code", "evidence"], named: None, only: lifecycle::any },
        Move { action: Cancel,  from: &[Planned],       to: Cancelled,      permission: DecideSessions,  needs: &["reason_code"],                takes: &[],      named: None, only: lifecycle::any },
        Move { action: NoShow,  from: &[Planned],       to: Status::NoShow, permission: DecideSessions,  needs: &["reason_code"],                takes: &[],      named: None, only: lifecycle::any },
    ],
};

const REPORTED: &[&str] =
    &["preparation_minutes", "travel_minutes", "attendees", "topics", "summary", "agreed_actions", "place"];

/// A mentor reports his own work, also when another coaches now.
fn objection(session: &Session, caller: &Actor, _: NaiveDate, _: Action) -> Option<&'static str> {
    let other = matches!(caller.party, Party::Mentor(id) if id != session.mentor_id);
    other.then_some("other_mentor")
}

/// The same of what is planned.
pub fn is_own(session: &Session, party: Party) -> Result<()> {
    match party {
        Party::Mentor(id) if id != session.mentor_id => Err(ApiError::Forbidden(WriteSessions)),
        _ => Ok(()),
    }
}

/// A stretch of a mentor's time.
#[derive(Clone, Copy, Debug)]
pub struct Stretch {
    pub session_id: SessionId,
    pub from: DateTime<Utc>,
    pub minutes: i32,
    /// A mentor can meet several businesses at once.
    pub in_group: bool,
}

impl Stretch {
    fn to(self) -> DateTime<Utc> {
        self.from + Duration::minutes(self.minutes.into())
    }

    /// No minute of a mentor counts twice.
    pub fn flaw(self, others: &[Self]) -> Option<Flaw> {
        let clashes = |other: &&Self| {
            let together = self.in_group && other.in_group;
            !together
                && other.session_id != self.session_id
                && self.from < other.to()
                && other.from < self.to()
        };
        let other = others.iter().find(clashes)?;
        Some(Code::Conflict.expecting("/held_at", format!("session {}", other.session_id.0)))
    }
}

/// Why the session does not count, if so. What cannot be mended is said before what can.
/// `least` are the minutes that the rule of the day asks for.
pub fn uncounted(report: &Report, least: Option<i32>) -> Option<Uncounted> {
    let (Some(least), Held | Confirmed) = (least, report.status) else { return Some(Uncounted::NotHeld) };
    match () {
        () if report.contact_minutes.unwrap_or_default() < least => Some(Uncounted::TooShort),
        () if report.topics.is_empty() => Some(Uncounted::NoTopic),
        () if report.summary.is_none() => Some(Uncounted::NoSummary),
        () if report.status == Held => Some(Uncounted::NotConfirmed),
        () => None,
    }
}

/// The day and the hour, as the city has them.
#[derive(Clone, Copy)]
pub struct Today {
    pub now: DateTime<Utc>,
    pub date: NaiveDate,
}

/// All that is wrong with a report: it is of no day of the mentorship, or has not happened yet; topics that
/// are none, and actions done in the future.
pub fn flaws(
    wanted: &MoveSession,
    held_on: Option<NaiveDate>,
    (first, last): (Option<NaiveDate>, Option<NaiveDate>),
    reference: &Reference,
    today: Today,
) -> Vec<Flaw> {
    let mut flaws = Vec::new();
    match (held_on, first, last) {
        _ if wanted.held_at > Some(today.now) => flaws.push(Code::InTheFuture.at("/held_at")),
        (Some(day), Some(first), _) if day < first => {
            flaws.push(Code::TooEarly.expecting("/held_at", first));
        }
        (Some(day), _, Some(last)) if day > last => flaws.push(Code::TooLate.expecting("/held_at", last)),
        _ => (),
    }
    let mut seen = HashSet::new();
    for (at, topic) in wanted.topics.iter().flatten().enumerate() {
        if !reference.is_valid(&lists::TRAINING_TOPICS, topic, held_on.unwrap_or(today.date)) {
            flaws.push(Code::UnknownCode.expecting(format!("/topics/{at}"), "training-topics"));
        } else if !seen.insert(topic) {
            flaws.push(Code::Repeated.at(format!("/topics/{at}")));
        }
    }
    let done = wanted.agreed_actions.iter().flatten().enumerate();
    let to_come = done.filter(|(_, action)| action.done_on > Some(today.date));
    flaws.extend(to_come.map(|(at, _)| Code::InTheFuture.at(format!("/agreed_actions/{at}/done_on"))));
    flaws
}

/// How many days after a session its report is in time.
pub const REPORT_DAYS: i64 = 7;

/// The report once `step` is taken.
pub fn report_after(
    Session { report, .. }: &Session,
    step: &Move<Session, Status, Action>,
    wanted: &MoveSession,
    least: Option<i32>,
    now: DateTime<Utc>,
) -> Report {
    let moved = Report { status: step.to, ..report.clone() };
    let moved = match step.action {
        Hold => Report {
            held_at: wanted.held_at,
            contact_minutes: wanted.contact_minutes,
            preparation_minutes: wanted.preparation_minutes,
            travel_minutes: wanted.travel_minutes,
            attendees: wanted.attendees.clone().unwrap_or_default(),
            topics: wanted.topics.clone().unwrap_or_default(),
            summary: wanted.summary.clone(),
            reported_at: moved.reported_at.or(Some(now)),
            ..moved
        },
        Confirm => Report {
            confirmed_at: Some(now),
            confirmed_via: Some(match (&wanted.code, &wanted.evidence) {
                (Some(_), _) => ConfirmedVia::Code,
                (None, Some(_)) => ConfirmedVia::SignedSheet,
                (None, None) => ConfirmedVia::Account,
            }),
            confirmation_evidence: wanted.evidence.clone(),
            ..moved
        },
        Cancel | NoShow => moved,
    };
    let countable_reason = uncounted(&moved, least);
    Report { countable: countable_reason.is_none(), countable_reason, ..moved }
}

/// Before anything was reported.
pub fn planned() -> Report {
    Report {
        status: Planned,
        held_at: None,
        contact_minutes: None,
        preparation_minutes: None,
        travel_minutes: None,
        attendees: vec![],
        topics: vec![],
        summary: None,
        reported_at: None,
        confirmed_at: None,
        confirmed_via: None,
        confirmation_evidence: None,
        countable: false,
        countable_reason: Some(Uncounted::NotHeld),
    }
}

#[cfg(test)]
mod tests {
    use proptest::{option, prelude::*, sample::select};

    use super::*;

    fn confirmed() -> Report {
        Report {
            status: Confirmed,
            held_at: Some(DateTime::UNIX_EPOCH),
            contact_minutes: Some(30),
            topics: vec!["bookkeeping".into()],
            summary: Some("Buku kas dibuka.".into()),
            confirmed_at: Some(DateTime::UNIX_EPOCH),
            ..planned()
        }
    }

    const LEAST: Option<i32> = Some(30);

    #[test]
    fn a_session_of_thirty_minutes_with_topic_summary_and_confirmation_counts() {
        assert_eq!(uncounted(&confirmed(), LEAST), None);
        assert_eq!(uncounted(&planned(), None), Some(Uncounted::NotHeld));
        let short = Report { contact_minutes: Some(29), ..confirmed() };
        assert_eq!(uncounted(&short, LEAST), Some(Uncounted::TooShort));
        let no_topic = Report { topics: vec![], ..confirmed() };
        assert_eq!(uncounted(&no_topic, LEAST), Some(Uncounted::NoTopic));
        let no_summary = Report { summary: None, ..confirmed() };
        assert_eq!(uncounted(&no_summary, LEAST), Some(Uncounted::NoSummary));
        let held = Report { status: Held, ..confirmed() };
        assert_eq!(uncounted(&held, LEAST), Some(Uncounted::NotConfirmed));
    }

    #[test]
    fn two_sessions_of_a_mentor_may_touch_but_not_overlap_unless_both_are_in_a_group() {
        let stretch = |from, minutes, in_group| Stretch {
            session_id: SessionId::generate(),
            from: DateTime::UNIX_EPOCH + Duration::minutes(from),
            minutes,
            in_group,
        };
        let clash = |one: Stretch, other: Stretch| one.flaw(&[other]).is_some();
        assert!(clash(stretch(0, 60, false), stretch(59, 30, false)));
        assert!(clash(stretch(10, 10, true), stretch(0, 60, false)));
        assert!(!clash(stretch(0, 60, false), stretch(60, 30, false)));
        assert!(!clash(stretch(0, 60, true), stretch(30, 30, true)));
        let one = stretch(0, 60, false);
        assert!(!clash(one, one), "a session is reported again");
    }

    proptest! {
        #[test]
        fn what_counts_was_held_confirmed_long_enough_and_about_something(
            status in select(Status::ALL),
            contact_minutes in option::of(1..720),
            topics in select(vec![vec![], vec!["bookkeeping".to_owned()]]),
            summary in option::of("[a-z]{1,9}"),
        ) {
            let report = Report { status, contact_minutes, topics, summary, ..confirmed() };
            let counts = uncounted(&report, LEAST).is_none();
            let substantive = !report.topics.is_empty() && report.summary.is_some();
            prop_assert_eq!(counts, status == Confirmed && contact_minutes >= LEAST && substantive);
        }
    }
}
