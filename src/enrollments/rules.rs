//! The life of an enrollment. Nothing here touches HTTP or the database.

use chrono::NaiveDate;

use super::payloads::{
    Action::{self, *},
    Course, Enrollment, EnrollmentFields, MoveEnrollment,
    Status::{self, *},
};
use crate::{
    access::Permission::{AdmitEnrollments, LeaveEnrollments, VerifyEnrollments, WriteEnrollments},
    http::{Code, Flaw},
    lifecycle::{Lifecycle, Move, any, none},
    reference::Reference,
};

// The division admits with the board's minutes. Its row stands before the board's, whose permission it has
// too.
#[rustfmt::skip]
pub const LIFECYCLE: Lifecycle<Enrollment, Status, Action> = Lifecycle {
    resource: "enrollment",
    status: |enrollment| enrollment.course.status,
    objection: none,
    moves: &[
        Move { action: Apply,    from: &[Returned],                    to: Applied,   permission: WriteEnrollments,  needs: &[],              takes: &[],                                                           named: None, only: any },
        Move { action: Verify,   from: &[Applied],                     to: Verified,  permission: VerifyEnrollments, needs: &[],              takes: &[],                                                           named: None, only: any },
        Move { action: Return,   from: &[Applied, Verified],           to: Returned,  permission: VerifyEnrollments, needs: &["reason_code"], takes: &["missing"],                                                  named: None, only: any },
        Move { action: Admit,    from: &[Verified],                    to: Active,    permission: VerifyEnrollments, needs: &["evidence"],    takes: &["member_number", "joined_on", "principal_savings_paid_idr"], named: None, only: any },
        Move { action: Admit,    from: &[Verified],                    to: Active,    permission: AdmitEnrollments,  needs: &[],              takes: &["member_number", "joined_on", "principal_savings_paid_idr"], named: None, only: any },
        Move { action: Reject,   from: &[Applied, Verified, Returned], to: Rejected,  permission: VerifyEnrollments, needs: &["reason_code"], takes: &[],                                                           named: None, only: any },
        Move { action: Reject,   from: &[Verified],                    to: Rejected,  permission: AdmitEnrollments,  needs: &["reason_code"], takes: &[],                                                           named: None, only: any },
        Move { action: Withdraw, from: &[Applied, Verified, Returned], to: Withdrawn, permission: LeaveEnrollments,  needs: &[],              takes: &["reason_code"],                                              named: None, only: any },
        Move { action: Resign,   from: &[Active],                      to: Resigned,  permission: LeaveEnrollments,  needs: &["reason_code"], takes: &[],                                                           named: None, only: any },
        Move { action: End,      from: &[Active],                      to: Ended,     permission: AdmitEnrollments,  needs: &["reason_code"], takes: &[],                                                           named: None, only: any },
    ],
};

/// Those that are decided or lived in, of which a person has one in a cooperative.
pub const OPEN: &[Status] = &[Applied, Verified, Returned, Active];

/// Those that rest on a consent: what is not yet a membership.
pub const APPLICATIONS: &[Status] = &[Applied, Verified, Returned];

/// How far the enrollment has come once `step` is taken. `next_number` is the cooperative's.
pub fn course_after(
    course: &Course,
    step: &Move<Enrollment, Status, Action>,
    wanted: &MoveEnrollment,
    next_number: Option<String>,
    today: NaiveDate,
    reference: &Reference,
) -> Result<Course, Vec<Flaw>> {
    let flaws = flaws(wanted, today, reference);
    if !flaws.is_empty() {
        return Err(flaws);
    }
    let due_on = (step.to == Applied).then(|| due_on(today, reference));
    let moved = Course { status: step.to, due_on, missing: vec![], ..course.clone() };
    Ok(match step.action {
        Admit => Course {
            member_number: wanted.member_number.clone().or(next_number),
            joined_on: wanted.joined_on.or(Some(today)),
            ..moved
        },
        Return => Course { missing: wanted.missing.clone().unwrap_or_default(), ..moved },
        Apply | Verify | Reject | Withdraw | Resign | End => moved,
    })
}

fn flaws(wanted: &MoveEnrollment, today: NaiveDate, reference: &Reference) -> Vec<Flaw> {
    let documents: Vec<_> =
        reference.checklist("enrollment", "any", today).map(|item| item.document).collect();
    let missing = wanted.missing.iter().flatten().enumerate();
    let unknown = missing.filter(|(_, kind)| !documents.contains(&kind.as_str()));
    let mut flaws: Vec<_> = unknown
        .map(|(at, _)| Code::UnknownCode.expecting(format!("/missing/{at}"), "document-checklists"))
        .collect();
    let dates = [
        ("/joined_on", wanted.joined_on),
        ("/evidence/dated_on", wanted.evidence.as_ref().map(|evidence| evidence.dated_on)),
    ];
    let late = dates.into_iter().filter(|(_, date)| date.is_some_and(|date| date > today));
    flaws.extend(late.map(|(pointer, _)| Code::InTheFuture.at(pointer)));
    flaws
}

/// The last day on which an application is to be verified.
pub fn due_on(today: NaiveDate, reference: &Reference) -> NaiveDate {
    reference.due("enrollment_verify", today).unwrap_or(today)
}

/// The number after the largest of the cooperative's, in as many digits. Numbers with letters in them follow
/// no order that we could know.
pub fn next_number(taken: &[String]) -> String {
    let numbers = taken.iter().filter(|number| number.bytes().all(|byte| byte.is_ascii_digit()));
    let largest = numbers.filter_map(|number| Some((number.parse::<u64>().ok()?, number.len()))).max();
    let (largest, width) = largest.unwrap_or((0, 4));
    format!("{:0width$}", largest.saturating_add(1))
}

/// Who is to be a member, where and for which business, stays.
pub fn fixed(fields: &EnrollmentFields, before: &EnrollmentFields) -> Vec<Flaw> {
    let same = [
        ("/person_id", fields.person_id == before.person_id, before.person_id.to_string()),
        ("/business_id", fields.business_id == before.business_id, before.business_id.to_string()),
        (
            "/cooperative_id",
            fields.cooperative_id == before.cooperative_id,
            before.cooperative_id.to_string(),
        ),
    ];
    let changed = same.into_iter().filter(|(_, same, _)| !same);
    changed.map(|(pointer, _, before)| Code::NotAllowed.expecting(pointer, before)).collect()
}

#[cfg(test)]
mod tests {
    use std::sync::LazyLock;

    use proptest::{collection::vec, prelude::*, sample::select};

    use super::*;

    static REFERENCE: LazyLock<Reference> = LazyLock::new(|| Reference::shipped().unwrap());

    fn day(text: &str) -> NaiveDate {
        text.parse().unwrap()
    }

    fn wanted(action: Action) -> MoveEnrollment {
        MoveEnrollment {
            action,
            reason_code: None,
            note: None,
            missing: None,
            member_number: None,
            joined_on: None,
            principal_savings_paid_idr: None,
            evidence: None,
        }
    }

    fn applied() -> Course {
        let due_on = Some(due_on(day("2026-11-24"), &REFERENCE));
        Course { status: Applied, member_number: None, joined_on: None, missing: vec![], due_on }
    }

    #[test]
    fn an_application_is_due_in_five_working_days() {
        assert_eq!(applied().due_on, Some(day("2026-12-01")));
    }

    #[test]
    fn the_next_number_follows_the_largest_in_as_many_digits() {
        let next = |taken: &[&str]| next_number(&taken.iter().map(|&n| n.to_owned()).collect::<Vec<_>>());
        assert_eq!(next(&[]), "0001");
        assert_eq!(next(&["0009", "0117", "A-900"]), "0118");
        assert_eq!(next(&["99"]), "100");
    }

    #[test]
    fn what_is_missing_is_of_the_checklist() {
        let missing = Some(vec!["ktp".to_owned(), "npwp".to_owned()]);
        let flaws = flaws(&MoveEnrollment { missing, ..wanted(Return) }, day("2026-11-24"), &REFERENCE);
        assert_eq!(flaws, [Code::UnknownCode.expecting("/missing/1", "document-checklists")]);
    }

    proptest! {
        #[test]
        fn who_is_or_was_a_member_has_a_number_and_nobody_else(
            actions in vec(select(Action::ALL), 0..30),
        ) {
            let mut course = applied();
            let mut was_member = false;
            for action in actions {
                let step = LIFECYCLE.moves.iter().find(|step| step.action == action).unwrap();
                if !step.from.contains(&course.status) {
                    continue;
                }
                let (next, today) = (Some("0001".to_owned()), day("2026-11-24"));
                course = course_after(&course, step, &wanted(action), next, today, &REFERENCE).unwrap();
                was_member |= course.status == Active;
                prop_assert_eq!(course.member_number.is_some(), was_member);
                prop_assert_eq!(course.joined_on.is_some(), was_member);
                prop_assert_eq!(course.due_on.is_some(), course.status == Applied);
                prop_assert!(was_member || !matches!(course.status, Resigned | Ended));
            }
        }
    }
}
