//! The life of a session, and whether it counts. Nothing here touches HTTP or the database.

use std::collections::HashSet;

use chrono::{DateTime, NaiveDate, Utc};

use super::payloads::{
    Action::{self, *},
    MoveSession, Report, Session,
    Status::{self, Cancelled, Confirmed, Held, Planned},
    Uncounted,
};
use crate::{
    access::Permission::{ConfirmSessions, DecideSessions},
    http::{Code, Flaw},
    lifecycle::{self, Lifecycle, Move},
    mentorships::payloads::Mentorship,
    reference::{Reference, lists},
};

#[rustfmt::skip]
pub const LIFECYCLE: Lifecycle<Session, Status, Action> = Lifecycle {
    resource: "session",
    status: |session| session.report.status,
    objection: lifecycle::none,
    moves: &[
        Move { action: Hold,    from: &[Planned, Held], to: Held,           permission: DecideSessions,  needs: &["held_at", "contact_minutes"], takes: REPORTED, only: lifecycle::any },
        Move { action: Confirm, from: &[Held],          to: Confirmed,      permission: ConfirmSessions, needs: &[],                             takes: &[],      only: lifecycle::any },
        Move { action: Cancel,  from: &[Planned],       to: Cancelled,      permission: DecideSessions,  needs: &["reason_code"],                takes: &[],      only: lifecycle::any },
        Move { action: NoShow,  from: &[Planned],       to: Status::NoShow, permission: DecideSessions,  needs: &["reason_code"],                takes: &[],      only: lifecycle::any },
    ],
};

const REPORTED: &[&str] =
    &["preparation_minutes", "travel_minutes", "attendees", "topics", "summary", "agreed_actions", "place"];

/// From a day on: how long a session must have lasted to count as coaching.
struct Counting {
    from: NaiveDate,
    contact_minutes: i32,
}

/// The programme's own rule; a later one is another row, the latest first.
const COUNTING: &[Counting] = &[Counting { from: NaiveDate::MIN, contact_minutes: 30 }];

/// Why the session does not count, if so. What cannot be mended is said before what can.
pub fn uncounted(report: &Report, held_on: Option<NaiveDate>) -> Option<Uncounted> {
    let rule = held_on.and_then(|day| COUNTING.iter().find(|rule| rule.from <= day));
    let (Some(rule), Held | Confirmed) = (rule, report.status) else { return Some(Uncounted::NotHeld) };
    match () {
        () if report.contact_minutes.unwrap_or_default() < rule.contact_minutes => Some(Uncounted::TooShort),
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
    mentorship: &Mentorship,
    reference: &Reference,
    today: Today,
) -> Vec<Flaw> {
    let mut flaws = Vec::new();
    let (first, last) = (mentorship.course.starts_on, mentorship.course.ends_on);
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
    held_on: Option<NaiveDate>,
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
            agreed_actions: wanted.agreed_actions.clone().unwrap_or_default(),
            reported_at: moved.reported_at.or(Some(now)),
            ..moved
        },
        Confirm => Report { confirmed_at: Some(now), ..moved },
        Cancel | NoShow => moved,
    };
    let countable_reason = uncounted(&moved, held_on);
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
        agreed_actions: vec![],
        reported_at: None,
        confirmed_at: None,
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

    fn day() -> Option<NaiveDate> {
        NaiveDate::from_ymd_opt(2026, 11, 24)
    }

    #[test]
    fn a_session_of_thirty_minutes_with_topic_summary_and_confirmation_counts() {
        assert_eq!(uncounted(&confirmed(), day()), None);
        assert_eq!(uncounted(&planned(), None), Some(Uncounted::NotHeld));
        let short = Report { contact_minutes: Some(29), ..confirmed() };
        assert_eq!(uncounted(&short, day()), Some(Uncounted::TooShort));
        let no_topic = Report { topics: vec![], ..confirmed() };
        assert_eq!(uncounted(&no_topic, day()), Some(Uncounted::NoTopic));
        let no_summary = Report { summary: None, ..confirmed() };
        assert_eq!(uncounted(&no_summary, day()), Some(Uncounted::NoSummary));
        let held = Report { status: Held, ..confirmed() };
        assert_eq!(uncounted(&held, day()), Some(Uncounted::NotConfirmed));
    }

    #[test]
    fn the_latest_counting_rule_stands_first_and_one_always_holds() {
        assert!(COUNTING.windows(2).all(|pair| pair[0].from > pair[1].from));
        assert_eq!(COUNTING.last().map(|rule| rule.from), Some(NaiveDate::MIN));
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
            let counts = uncounted(&report, day()).is_none();
            let substantive = !report.topics.is_empty() && report.summary.is_some();
            prop_assert_eq!(counts, status == Confirmed && contact_minutes >= Some(30) && substantive);
        }
    }
}
