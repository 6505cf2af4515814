//! What an objective must be. Nothing here touches HTTP or the database.

use chrono::NaiveDate;

use super::payloads::{Objective, ObjectiveFields, Status};
use crate::http::{Code, Flaw};

/// How many may be in focus at once.
pub const FOCUS: usize = 3;

/// What has an end.
pub const DECIDED: &[Status] = &[Status::Achieved, Status::Dropped];

/// All that is wrong beyond the form: achieved without evidence, dropped without a note, evidence to come.
pub fn flaws(fields: &ObjectiveFields, today: NaiveDate) -> Vec<Flaw> {
    let mut flaws = Vec::new();
    if fields.status == Status::Achieved && fields.evidence.is_none() {
        flaws.push(Code::Required.at("/evidence"));
    }
    if fields.status == Status::Dropped && fields.note.is_none() {
        flaws.push(Code::Required.at("/note"));
    }
    if fields.evidence.as_ref().is_some_and(|evidence| evidence.dated_on > today) {
        flaws.push(Code::InTheFuture.at("/evidence/dated_on"));
    }
    flaws
}

/// Whether it takes room in the focus: what is decided does not.
pub fn in_focus(fields: &ObjectiveFields) -> bool {
    fields.focus && !DECIDED.contains(&fields.status)
}

/// Whether there is room for this beside the others.
pub fn fits_focus(fields: &ObjectiveFields, others: &[Objective]) -> bool {
    !in_focus(fields) || others.iter().filter(|other| in_focus(&other.fields)).count() < FOCUS
}

#[cfg(test)]
mod tests {
    use chrono::DateTime;
    use proptest::{collection::vec, prelude::*, sample::select};

    use super::*;
    use crate::{
        ids::{BusinessId, MentorId, MentorshipId, ObjectiveId},
        mentorships::objectives::payloads::Kind,
        records::Evidence,
    };

    fn day(text: &str) -> NaiveDate {
        text.parse().unwrap()
    }

    fn fields(status: Status, focus: bool) -> ObjectiveFields {
        ObjectiveFields {
            kind: Kind::AccountingSystem,
            title: "Buku kas harian".into(),
            baseline: None,
            target: None,
            due_on: None,
            focus,
            status,
            evidence: None,
            note: None,
        }
    }

    fn objective(fields: ObjectiveFields) -> Objective {
        let at = DateTime::UNIX_EPOCH;
        Objective {
            id: ObjectiveId::generate(),
            mentorship_id: MentorshipId::generate(),
            business_id: BusinessId::generate(),
            mentor_id: MentorId::generate(),
            mentor_ids: vec![],
            fields,
            version: 1,
            created_at: at,
            updated_at: at,
        }
    }

    #[test]
    fn an_end_needs_its_reason() {
        let today = day("2026-11-24");
        let evidence = |on: &str| {
            Some(Evidence {
                kind: "photo".into(),
                reference: "Map 1".into(),
                dated_on: day(on),
                attachment_id: None,
            })
        };
        assert_eq!(flaws(&fields(Status::Open, true), today), []);
        assert_eq!(flaws(&fields(Status::Achieved, true), today), [Code::Required.at("/evidence")]);
        assert_eq!(flaws(&fields(Status::Dropped, true), today), [Code::Required.at("/note")]);
        let achieved = |on| ObjectiveFields { evidence: evidence(on), ..fields(Status::Achieved, true) };
        assert_eq!(flaws(&achieved("2026-11-24"), today), []);
        assert_eq!(flaws(&achieved("2026-11-25"), today), [Code::InTheFuture.at("/evidence/dated_on")]);
    }

    proptest! {
        #[test]
        fn never_more_than_three_undecided_are_in_focus(
            tried in vec((select(Status::ALL), any::<bool>()), 0..12),
        ) {
            let mut kept: Vec<Objective> = Vec::new();
            for (status, focus) in tried {
                let fields = fields(status, focus);
                if fits_focus(&fields, &kept) {
                    kept.push(objective(fields));
                }
            }
            prop_assert!(kept.iter().filter(|it| in_focus(&it.fields)).count() <= FOCUS);
        }
    }
}
