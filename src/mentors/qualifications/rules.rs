//! What must hold of a qualification, and what is told of its end. Nothing here touches HTTP or the database.

use chrono::{Days, NaiveDate};

use super::payloads::{Expiry, Qualification, QualificationFields};
use crate::http::{Code, Flaw};

/// How long before its end the log says that it comes.
pub const LEAD: Days = Days::new(90);

/// All that is wrong beyond the form.
pub fn flaws(fields: &QualificationFields, today: NaiveDate) -> Vec<Flaw> {
    let mut flaws = Vec::new();
    if fields.issued_on > today {
        flaws.push(Code::InTheFuture.at("/issued_on"));
    }
    if fields.expires_on.is_some_and(|end| end <= fields.issued_on) {
        flaws.push(Code::TooEarly.expecting("/expires_on", fields.issued_on + Days::new(1)));
    }
    let units = fields.units.iter().enumerate();
    let again = units.filter(|(at, unit)| fields.units.iter().take(*at).any(|earlier| earlier == *unit));
    flaws.extend(again.map(|(at, _)| Code::Repeated.at(format!("/units/{at}"))));
    flaws
}

/// What was told of another end is not said of this one.
pub fn told_still(before: &Qualification, fields: &QualificationFields) -> Option<Expiry> {
    before.expiry.filter(|_| before.fields.expires_on == fields.expires_on)
}

/// What is to be told of the end, if it was not told yet.
pub fn expiry_to_tell(qualification: &Qualification, today: NaiveDate) -> Option<Expiry> {
    let end = qualification.fields.expires_on?;
    match qualification.expiry {
        None | Some(Expiry::Expiring) if end < today => Some(Expiry::Expired),
        None if end <= today + LEAD => Some(Expiry::Expiring),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use chrono::DateTime;

    use super::*;
    use crate::ids::{MentorId, QualificationId};

    fn day(text: &str) -> NaiveDate {
        text.parse().unwrap()
    }

    fn until(expires_on: Option<&str>, expiry: Option<Expiry>) -> Qualification {
        Qualification {
            id: QualificationId::generate(),
            mentor_id: MentorId::generate(),
            institution_id: None,
            fields: QualificationFields {
                scheme: "SKKNI 181/2017".into(),
                level: None,
                certificate_number: None,
                issuer: "LSP".into(),
                units: vec![],
                issued_on: day("2024-03-01"),
                expires_on: expires_on.map(day),
            },
            expiry,
            version: 1,
            created_at: DateTime::UNIX_EPOCH,
            updated_at: DateTime::UNIX_EPOCH,
        }
    }

    #[test]
    fn the_end_is_told_of_ninety_days_ahead_and_when_it_has_passed() {
        let told = |expiry, on: &str| expiry_to_tell(&until(Some("2027-03-01"), expiry), day(on));
        assert_eq!(told(None, "2026-11-30"), None);
        assert_eq!(told(None, "2026-12-01"), Some(Expiry::Expiring));
        assert_eq!(told(Some(Expiry::Expiring), "2027-03-01"), None);
        assert_eq!(told(Some(Expiry::Expiring), "2027-03-02"), Some(Expiry::Expired));
        assert_eq!(told(Some(Expiry::Expired), "2028-03-02"), None);
        assert_eq!(expiry_to_tell(&until(None, None), day("2099-01-01")), None);
    }

    #[test]
    fn another_end_is_told_of_anew() {
        let before = until(Some("2027-03-01"), Some(Expiry::Expiring));
        assert_eq!(told_still(&before, &before.fields), Some(Expiry::Expiring));
        assert_eq!(told_still(&before, &until(Some("2030-03-01"), None).fields), None);
    }
}
