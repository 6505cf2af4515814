//! How a mentor's year is counted. Nothing here touches HTTP or the database.

use chrono::{DateTime, Datelike, Duration, NaiveDate, Utc};

use super::{
    payloads::{Mentorships, Minutes, Objectives, Sessions},
    store::{MentorshipFacts, SessionFacts},
};
use crate::mentorships::{
    objectives::Status as ObjectiveStatus,
    payloads::Status,
    sessions::{REPORT_DAYS, Status as SessionStatus},
};

/// A year of the city: from the beginning of its first day to that of the next year's.
pub struct Span {
    pub year: i32,
    pub begins: DateTime<Utc>,
    pub ends: DateTime<Utc>,
}

impl Span {
    fn holds(&self, at: DateTime<Utc>) -> bool {
        self.begins <= at && at < self.ends
    }

    fn has_day(&self, day: Option<NaiveDate>) -> bool {
        day.is_some_and(|day| day.year() == self.year)
    }
}

pub fn mentorships(all: &[MentorshipFacts], span: &Span) -> Mentorships {
    let count = |is: &dyn Fn(&MentorshipFacts) -> bool| number(all.iter().filter(|it| is(it)).count());
    let ended_as = |status: Status| {
        count(&|it| it.status == status && it.starts_on.is_some() && span.has_day(it.ends_on))
    };
    Mentorships {
        proposed: count(&|it| span.holds(it.created_at)),
        accepted: count(&|it| it.accepted_at.is_some_and(|at| span.holds(at))),
        started: count(&|it| span.has_day(it.starts_on)),
        completed: ended_as(Status::Completed),
        terminated: ended_as(Status::Terminated),
    }
}

pub fn sessions(all: &[SessionFacts], span: &Span) -> (Sessions, Minutes) {
    let held: Vec<_> = all.iter().filter(|it| was_held(it, span)).collect();
    let count = |is: &dyn Fn(&SessionFacts) -> bool| number(held.iter().filter(|it| is(it)).count());
    let sum = |minutes: &dyn Fn(&SessionFacts) -> Option<i32>| {
        held.iter().filter_map(|it| minutes(it)).map(i64::from).sum()
    };
    let sessions = Sessions {
        planned: number(all.iter().filter(|it| span.holds(it.planned_at)).count()),
        held: number(held.len()),
        confirmed: count(&|it| it.status == SessionStatus::Confirmed),
        countable: count(&|it| it.countable),
        reported_in_time: count(&in_time),
    };
    let minutes = Minutes {
        contact: sum(&|it| it.contact_minutes),
        preparation: sum(&|it| it.preparation_minutes),
        travel: sum(&|it| it.travel_minutes),
    };
    (sessions, minutes)
}

fn was_held(session: &SessionFacts, span: &Span) -> bool {
    let held = matches!(session.status, SessionStatus::Held | SessionStatus::Confirmed);
    held && session.held_at.is_some_and(|at| span.holds(at))
}

fn in_time(session: &SessionFacts) -> bool {
    let (held, reported) = (session.held_at, session.reported_at);
    held.zip(reported).is_some_and(|(held, reported)| reported - held <= Duration::days(REPORT_DAYS))
}

pub fn objectives(all: &[ObjectiveStatus]) -> Objectives {
    let count = |status| number(all.iter().filter(|it| **it == status).count());
    Objectives {
        set: number(all.len()),
        achieved: count(ObjectiveStatus::Achieved),
        dropped: count(ObjectiveStatus::Dropped),
    }
}

fn number(count: usize) -> i64 {
    i64::try_from(count).unwrap_or(i64::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ids::MentorshipId;

    fn at(text: &str) -> DateTime<Utc> {
        text.parse().unwrap()
    }

    /// In Jakarta, seven hours ahead.
    fn of_2026() -> Span {
        Span { year: 2026, begins: at("2025-12-31T17:00:00Z"), ends: at("2026-12-31T17:00:00Z") }
    }

    fn session(held_at: &str, reported_at: &str) -> SessionFacts {
        SessionFacts {
            planned_at: at(held_at),
            status: SessionStatus::Confirmed,
            held_at: Some(at(held_at)),
            contact_minutes: Some(60),
            preparation_minutes: Some(20),
            travel_minutes: None,
            countable: true,
            reported_at: Some(at(reported_at)),
        }
    }

    #[test]
    fn a_session_belongs_to_the_citys_year_in_which_it_was_held() {
        let on = |held: &str| {
            let (sessions, minutes) = sessions(&[session(held, held)], &of_2026());
            (sessions.held, minutes.contact)
        };
        assert_eq!(on("2025-12-31T16:59:59Z"), (0, 0));
        assert_eq!(on("2025-12-31T17:00:00Z"), (1, 60));
        assert_eq!(on("2026-12-31T16:59:59Z"), (1, 60));
        assert_eq!(on("2026-12-31T17:00:00Z"), (0, 0));
    }

    #[test]
    fn a_report_of_the_seventh_day_is_in_time_and_one_a_second_later_is_not() {
        let reported =
            |at: &str| sessions(&[session("2026-11-02T02:00:00Z", at)], &of_2026()).0.reported_in_time;
        assert_eq!(reported("2026-11-09T02:00:00Z"), 1);
        assert_eq!(reported("2026-11-09T02:00:01Z"), 0);
    }

    #[test]
    fn what_was_only_planned_or_fell_through_adds_no_minutes() {
        let held = session("2026-11-02T02:00:00Z", "2026-11-02T05:00:00Z");
        let cancelled = SessionFacts { status: SessionStatus::Cancelled, ..held.clone() };
        let unconfirmed = SessionFacts { status: SessionStatus::Held, countable: false, ..held.clone() };
        let (sessions, minutes) = sessions(&[held, cancelled, unconfirmed], &of_2026());
        assert_eq!([sessions.planned, sessions.held, sessions.confirmed, sessions.countable], [3, 2, 1, 1]);
        assert_eq!([minutes.contact, minutes.preparation, minutes.travel], [120, 40, 0]);
    }

    #[test]
    fn a_mentorship_counts_in_each_year_for_what_happened_in_it() {
        let day = |text: &str| Some(text.parse().unwrap());
        let facts = MentorshipFacts {
            id: MentorshipId::generate(),
            created_at: at("2025-11-01T00:00:00Z"),
            accepted_at: Some(at("2025-11-02T00:00:00Z")),
            starts_on: day("2026-01-01"),
            ends_on: day("2026-12-31"),
            status: Status::Completed,
        };
        let terminated = MentorshipFacts { status: Status::Terminated, ..facts.clone() };
        let never_began = MentorshipFacts { starts_on: None, ..terminated.clone() };
        let counted = mentorships(&[facts, terminated, never_began], &of_2026());
        assert_eq!([counted.proposed, counted.accepted, counted.started], [0, 0, 2]);
        assert_eq!([counted.completed, counted.terminated], [1, 1]);
    }
}
