//! What no order of actions may break.

use chrono::DateTime;
use proptest::{collection::vec, option, prelude::*, sample::select};

use super::*;
use crate::{
    certifications::requirements::Requirements,
    ids::{BusinessId, CertificationId},
    reference::Reference,
};

fn day(text: &str) -> NaiveDate {
    text.parse().unwrap()
}

fn kind(code: &str) -> CertificationKind {
    Reference::shipped().unwrap().certification_kind(code, day("2026-11-24")).unwrap()
}

fn planned() -> Certification {
    Certification {
        id: CertificationId::generate(),
        fields: CertificationFields {
            business_id: BusinessId::generate(),
            product_id: None,
            kind: "spp_irt".into(),
            renews_id: None,
            number: None,
            issuer: None,
            expires_on: None,
            note: None,
        },
        requirements: Requirements::default(),
        course: PLANNED,
        version: 1,
        created_at: DateTime::UNIX_EPOCH,
        updated_at: DateTime::UNIX_EPOCH,
    }
}

fn granted(expires_on: Option<&str>, renew_from: Option<&str>, expiry: Option<Expiry>) -> Certification {
    let mut certification = planned();
    certification.fields.expires_on = expires_on.map(day);
    certification.course = Course { status: Granted, renew_from: renew_from.map(day), expiry, ..PLANNED };
    certification
}

fn wanted(action: Action, granted_on: Option<NaiveDate>, expires_on: Option<NaiveDate>) -> MoveCertification {
    MoveCertification {
        action,
        reason_code: None,
        note: None,
        applied_on: None,
        number: Some("P-IRT 2063674010001-31".into()),
        issuer: None,
        granted_on,
        expires_on,
        evidence: None,
    }
}

#[test]
fn the_end_is_told_of_once_when_it_comes_near_and_once_when_it_has_passed() {
    let told = |it: Certification, on: &str| expiry_to_tell(&it, day(on));
    let until = |expiry| granted(Some("2027-01-31"), Some("2026-08-04"), expiry);
    assert_eq!(told(until(None), "2026-08-03"), None);
    assert_eq!(told(until(None), "2026-08-04"), Some(Expiry::Expiring));
    assert_eq!(told(until(Some(Expiry::Expiring)), "2027-01-31"), None);
    assert_eq!(told(until(Some(Expiry::Expiring)), "2027-02-01"), Some(Expiry::Expired));
    assert_eq!(told(until(None), "2027-02-01"), Some(Expiry::Expired));
    for over in [Expiry::Expired, Expiry::Renewed] {
        assert_eq!(told(until(Some(over)), "2030-01-01"), None);
    }
    assert_eq!(told(granted(None, None, None), "2099-01-01"), None);
    let mut revoked = until(None);
    revoked.course.status = Revoked;
    assert_eq!(told(revoked, "2027-02-01"), None);
}

#[test]
fn a_kind_that_runs_out_is_granted_with_its_end_and_renewed_by_its_lead_days() {
    let mut applied = planned();
    applied.course = Course { status: Applied, applied_on: Some(day("2026-11-01")), ..PLANNED };
    let grant = LIFECYCLE.moves.iter().find(|step| step.action == Grant).unwrap();
    let try_it = |code: &str, on: &str, until: Option<&str>| {
        after(&applied, grant, &wanted(Grant, Some(day(on)), until.map(day)), &kind(code), day("2026-11-24"))
            .map(|(fields, course)| (fields.expires_on, course.renew_from))
    };
    assert_eq!(try_it("spp_irt", "2026-11-20", None), Err(vec![Code::Required.at("/expires_on")]));
    assert_eq!(try_it("halal", "2026-11-20", None), Ok((None, None)));
    let dates = (Some(day("2031-11-20")), Some(day("2031-05-24")));
    assert_eq!(try_it("spp_irt", "2026-11-20", Some("2031-11-20")), Ok(dates));
    let early = vec![
        Code::TooEarly.expecting("/granted_on", "2026-11-01"),
        Code::TooEarly.expecting("/expires_on", "2026-11-01"),
    ];
    assert_eq!(try_it("spp_irt", "2026-10-31", Some("2026-10-31")), Err(early));
    let late = vec![Code::InTheFuture.at("/granted_on")];
    assert_eq!(try_it("spp_irt", "2026-11-25", Some("2031-11-20")), Err(late));
}

#[test]
fn another_end_is_told_of_anew_unless_it_was_renewed() {
    let spp_irt = kind("spp_irt");
    for (told, then) in
        [(Expiry::Expiring, None), (Expiry::Expired, None), (Expiry::Renewed, Some(Expiry::Renewed))]
    {
        let before = granted(Some("2027-01-31"), Some("2026-08-04"), Some(told));
        let after = ending_on(before.course, Some(day("2030-01-31")), &spp_irt);
        assert_eq!((after.renew_from, after.expiry), (Some(day("2029-08-04")), then), "{told}");
    }
}

#[test]
fn a_new_one_is_the_only_one_of_its_kind_or_renews_what_was_granted() {
    let (mut latest, mut new) = (planned(), planned().fields);
    assert_eq!(place(None, &new), Place::Free);
    new.renews_id = Some(latest.id);
    assert_eq!(place(None, &new), Place::NotRenewable);
    for (status, expected) in
        [(Planned, Place::Taken), (Applied, Place::Taken), (Rejected, Place::Taken), (Granted, Place::Free)]
    {
        latest.course.status = status;
        assert_eq!(place(Some(&latest), &new), expected, "{status}");
    }
    new.renews_id = Some(CertificationId::generate());
    assert_eq!(place(Some(&latest), &new), Place::Taken);
    new.renews_id = None;
    assert_eq!(place(Some(&latest), &new), Place::Taken);
}

proptest! {
    #[test]
    fn whatever_is_tried_the_dates_are_in_order_and_what_is_granted_has_a_number(
        tried in vec((select(Action::ALL), 0..40_u64, 0..40_u64, option::of(0..400_u64)), 0..12),
    ) {
        let kind = kind("spp_irt");
        let mut certification = planned();
        let mut today = day("2026-01-01");
        for (action, later, ago, lasts) in tried {
            today = today + Days::new(later);
            let on = today - Days::new(ago);
            let wanted = wanted(action, Some(on), lasts.map(|days| on + Days::new(days)));
            let step = LIFECYCLE.moves.iter().find(|step| step.action == action).unwrap();
            if !step.from.contains(&certification.course.status) {
                continue;
            }
            let Ok((fields, course)) = after(&certification, step, &wanted, &kind, today) else { continue };
            (certification.fields, certification.course) = (fields, course);
            let Course { status, applied_on, granted_on, renew_from, .. } = &certification.course;
            let expires_on = &certification.fields.expires_on;
            prop_assert_eq!(applied_on.is_none(), *status == Planned);
            prop_assert!(granted_on.is_none() || applied_on <= granted_on);
            prop_assert!(expires_on.is_none() || granted_on < expires_on);
            prop_assert_eq!(expires_on.is_none(), renew_from.is_none());
            let held = matches!(status, Granted | Revoked);
            prop_assert!(!held || granted_on.is_some() && certification.fields.number.is_some());
        }
    }
}
