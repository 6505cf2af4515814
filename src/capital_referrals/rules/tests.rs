//! What no order of actions may break.

use std::sync::LazyLock;

use proptest::{collection::vec, prelude::*, sample::select};

use super::*;
use crate::{
    capital_referrals::{documents::Documents, payloads::Disbursements},
    ids::{BusinessId, InstitutionId, ReferralId},
    records::Record,
};

static REFERENCE: LazyLock<Reference> = LazyLock::new(|| Reference::shipped().unwrap());

fn day(text: &str) -> NaiveDate {
    text.parse().unwrap()
}

fn by(user: UserId) -> Circumstances<'static> {
    let now = "2026-11-24T03:04:05Z".parse().unwrap();
    Circumstances { user, now, today: day("2026-11-24"), reference: &REFERENCE }
}

fn a_draft(amount_idr: i64, author: UserId) -> Referral {
    let fields = ReferralFields {
        business_id: BusinessId::generate(),
        hand_over_id: None,
        amount_idr,
        purpose: Purpose::Equipment,
        purpose_note: None,
        scheme: None,
        scheme_reason: None,
        plan_id: None,
    };
    Referral {
        id: ReferralId::generate(),
        number: "RJK-2026-000001".into(),
        suggestion: suggest(amount_idr, "person", &REFERENCE, day("2026-11-24")),
        fields,
        documents: Documents::default(),
        writer_ids: vec![author],
        course: Course {
            status: Draft,
            submitter_ids: vec![],
            lender_id: None,
            recommended_idr: None,
            approved_idr: None,
            disbursed_idr: 0,
            due_on: None,
            closed_at: None,
        },
        disbursements: Disbursements(vec![]),
        version: 1,
        created_at: DateTime::UNIX_EPOCH,
        updated_at: DateTime::UNIX_EPOCH,
    }
}

fn wanted(action: Action, amount_idr: i64) -> MoveReferral {
    MoveReferral {
        action,
        reason_code: None,
        note: None,
        amount_idr: Some(amount_idr),
        disbursed_on: Some(day("2026-11-24")),
        lender_id: Some(InstitutionId::generate()),
        missing: None,
        evidence: None,
    }
}

#[test]
fn every_action_leads_to_one_status_and_every_status_is_reached() {
    for action in Action::ALL {
        let mut to: Vec<_> =
            LIFECYCLE.moves.iter().filter(|step| step.action == *action).map(|step| step.to).collect();
        to.dedup();
        assert_eq!(to.len(), 1, "{action}");
    }
    for status in Status::ALL.iter().filter(|status| **status != Draft) {
        assert!(LIFECYCLE.moves.iter().any(|step| step.to == *status), "{status}");
    }
}

#[test]
fn the_scheme_is_the_first_with_room() {
    let of = |amount, whom| suggest(amount, whom, &REFERENCE, day("2026-11-24")).scheme;
    assert_eq!(of(10_000_000, "person"), "kur_super_mikro");
    assert_eq!(of(10_000_001, "person"), "kur_mikro");
    assert_eq!(of(500_000_001, "person"), "tjsl");
    assert_eq!(of(25_000_000, "cooperative"), "lpdb");
    assert_eq!(of(4_000_000_000, "cooperative"), "lainnya");
}

#[test]
fn each_step_of_the_division_and_the_owner_is_due_in_working_days() {
    let officer = UserId::generate();
    let due = |status| due_on(status, &by(officer));
    assert_eq!(due(Submitted), Some(day("2026-12-01")));
    assert_eq!(due(UnderReview), Some(day("2026-12-08")));
    assert_eq!((due(Draft), due(Approved)), (None, None));
}

proptest! {
    #[test]
    fn no_order_of_actions_by_four_people_breaks_a_promise(
        steps in vec((select(Action::ALL), 1..200_i64, 0..4_usize), 0..100),
    ) {
        let people = [UserId::generate(), UserId::generate(), UserId::generate(), UserId::generate()];
        let mut referral = a_draft(100, people[0]);
        let mut hands = vec![people[0]];
        let mut paid = Vec::new();
        for (action, amount, who) in steps {
            let who = people[who];
            let step = LIFECYCLE.moves.iter().find(|step| step.action == action).unwrap();
            let possible = step.from.contains(&referral.course.status);
            if !possible || why_not(&referral, who, action).is_some() {
                continue;
            }
            let Ok(course) = course_after(&referral, step, &wanted(action, amount), &by(who)) else { continue };
            match action {
                Submit => hands.push(who),
                StartReview | Return | Recommend | NotRecommend | Forward => prop_assert!(!hands.contains(&who)),
                Disburse => paid.push(amount),
                _ => (),
            }
            referral.course = course;
            let course = &referral.course;
            prop_assert_eq!(course.disbursed_idr, paid.iter().sum::<i64>());
            prop_assert!(course.disbursed_idr <= course.approved_idr.unwrap_or(0));
            prop_assert!(course.approved_idr.unwrap_or(0) <= referral.fields.amount_idr);
            prop_assert!(course.recommended_idr.unwrap_or(0) <= referral.fields.amount_idr);
            prop_assert!(paid.is_empty() || matches!(course.status, Disbursed | Closed));
            prop_assert!(!matches!(course.status, Closed) || !paid.is_empty());
            prop_assert_eq!(course.closed_at.is_some(), course.status == Closed);
            let shown = Status::WITH_THE_LENDER.contains(&course.status);
            prop_assert_eq!(!referral.named().is_empty(), shown);
        }
    }
}
