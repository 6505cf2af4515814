//! When what was not taken is tried again, and when no more.

use chrono::{DateTime, Duration, Utc};

/// After each attempt but the last: the specification's example, 75 hours and 35 minutes in all.
const PAUSES: &[Duration] = &[
    Duration::seconds(5),
    Duration::minutes(5),
    Duration::minutes(30),
    Duration::hours(2),
    Duration::hours(5),
    Duration::hours(10),
    Duration::hours(14),
    Duration::hours(20),
    Duration::hours(24),
];
/// A receiver that has too much to do gets so much time at least.
const BREATH: Duration = Duration::minutes(1);
/// Nobody puts us off for longer.
const LONGEST: Duration = Duration::hours(24);
/// So long nothing was taken: then nobody is there.
pub const UNTIL_DISABLED: Duration = Duration::days(5);

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Next {
    Again(DateTime<Utc>),
    /// It was the last attempt of the schedule.
    Never,
    /// The receiver wants no more, of anything.
    Gone,
}

/// What an answer, or none, says of the future.
pub struct Unsuccessful<'a> {
    /// The first is 1.
    pub attempt: i32,
    pub status: Option<u16>,
    pub retry_after: Option<&'a str>,
}

/// `chance` moves a pause by up to a tenth, so that what failed together does not come back together.
pub fn next(of: &Unsuccessful<'_>, now: DateTime<Utc>, chance: u8) -> Next {
    if of.status == Some(410) {
        return Next::Gone;
    }
    let done = usize::try_from(of.attempt - 1).unwrap_or_default();
    let Some(pause) = PAUSES.get(done) else { return Next::Never };
    let tenth = pause.num_milliseconds() / 10;
    let pause = *pause + Duration::milliseconds(tenth * (i64::from(chance) - 128) / 128);
    let breath = matches!(of.status, Some(429 | 502 | 504)).then_some(BREATH);
    let asked = of.retry_after.and_then(|text| put_off(text, now)).map(|asked| asked.min(LONGEST));
    let pauses = [Some(pause), breath, asked];
    Next::Again(now + pauses.into_iter().flatten().max().unwrap_or(pause))
}

/// RFC 9110: seconds, or a date.
fn put_off(text: &str, now: DateTime<Utc>) -> Option<Duration> {
    let seconds = text.trim().parse().ok().and_then(Duration::try_seconds);
    seconds.or_else(|| Some(DateTime::parse_from_rfc2822(text.trim()).ok()?.to_utc() - now))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn pause(attempt: i32, status: u16, retry_after: Option<&str>, chance: u8) -> Option<Duration> {
        let now = DateTime::UNIX_EPOCH;
        match next(&Unsuccessful { attempt, status: Some(status), retry_after }, now, chance) {
            Next::Again(at) => Some(at - now),
            Next::Never | Next::Gone => None,
        }
    }

    #[test]
    fn ten_attempts_are_made_in_three_days_and_a_little_more() {
        let pauses: Vec<_> = (1..).map_while(|attempt| pause(attempt, 500, None, 128)).collect();
        assert_eq!(pauses.len(), 9);
        let all = pauses.iter().sum::<Duration>();
        assert_eq!(all, Duration::hours(75) + Duration::minutes(35) + Duration::seconds(5));
    }

    #[test]
    fn a_pause_differs_by_a_tenth_at_most() {
        for chance in [0, 1, 127, 128, 255] {
            let seconds = pause(2, 500, None, chance).unwrap().num_seconds();
            assert!((270..=330).contains(&seconds), "{seconds}");
        }
        assert_ne!(pause(2, 500, None, 0), pause(2, 500, None, 255));
    }

    #[test]
    fn who_asks_for_time_gets_it_but_no_more_than_a_day() {
        assert_eq!(pause(1, 503, Some("120"), 128), Some(Duration::minutes(2)));
        assert_eq!(pause(1, 503, Some("Thu, 01 Jan 1970 01:00:00 GMT"), 128), Some(Duration::hours(1)));
        assert_eq!(pause(1, 503, Some("99999999999999999"), 128), Some(Duration::seconds(5)));
        assert_eq!(pause(1, 503, Some("999999"), 128), Some(Duration::hours(24)));
        for nothing in ["soon", "-5", "", "Wed, 31 Dec 1969 01:00:00 GMT"] {
            assert_eq!(pause(1, 503, Some(nothing), 128), Some(Duration::seconds(5)), "{nothing}");
        }
        for busy in [429, 502, 504] {
            assert_eq!(pause(1, busy, None, 128), Some(Duration::minutes(1)));
        }
        assert_eq!(pause(9, 500, Some("1"), 128), Some(Duration::hours(24)), "never sooner than planned");
    }

    #[test]
    fn who_is_gone_is_not_asked_again() {
        let of = Unsuccessful { attempt: 1, status: Some(410), retry_after: Some("5") };
        assert_eq!(next(&of, DateTime::UNIX_EPOCH, 0), Next::Gone);
        assert_eq!(
            next(&Unsuccessful { attempt: 10, status: None, retry_after: None }, DateTime::UNIX_EPOCH, 0),
            Next::Never
        );
    }
}
