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
            note: None,
        },
        requirements: Requirements::default(),
        course: PLANNED,
        version: 1,
        created_at: DateTime::UNIX_EPOCH,
        updated_at: DateTime::UNIX_EPOCH,
    }
}

fn granted(expires_on: Option<&str>, renew_from: Option<&str>, expiry: Option<Expiry>) -> Course {
    Course {
        status: Granted,
        expires_on: expires_on.map(day),
        renew_from: renew_from.map(day),
        expiry,
        ..PLANNED
    }
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
    let told = |course: Course, on: &str| expiry_to_tell(&course, day(on));
    let course = |expiry| granted(Some("2027-01-31"), Some("2026-08-04"), expiry);
    assert_eq!(told(course(None), "2026-08-03"), None);
    assert_eq!(told(course(None), "2026-08-04"), Some(Expiry::Expiring));
    assert_eq!(told(course(Some(Expiry::Expiring)), "2027-01-31"), None);
    assert_eq!(told(course(Some(Expiry::Expiring)), "2027-02-01"), Some(Expiry::Expired));
    assert_eq!(told(course(None), "2027-02-01"), Some(Expiry::Expired));
    for over in [Expiry::Expired, Expiry::Renewed] {
        assert_eq!(told(course(Some(over)), "2030-01-01"), None);
    }
    assert_eq!(told(granted(None, None, None), "2099-01-01"), None);
    assert_eq!(told(Course { status: Revoked, ..course(None) }, "2027-02-01"), None);
}

#[test]
fn a_kind_that_runs_out_is_granted_with_its_end_and_renewed_by_its_lead_days() {
    let mut applied = planned();
    applied.course = Course { status: Applied, applied_on: Some(day("2026-11-01")), ..PLANNED };
    let grant = LIFECYCLE.moves.iter().find(|step| step.action == Grant).unwrap();
    let try_it = |code: &str, on: &str, until: Option<&str>| {
        after(&applied, grant, &wanted(Grant, Some(day(on)), until.map(day)), &kind(code), day("2026-11-24"))
            .map(|(_, course)| (course.expires_on, course.renew_from))
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
            let Course { status, applied_on, granted_on, expires_on, renew_from, .. } = &certification.course;
            prop_assert_eq!(applied_on.is_none(), *status == Planned);
            prop_assert!(granted_on.is_none() || applied_on <= granted_on);
            prop_assert!(expires_on.is_none() || granted_on < expires_on);
            prop_assert_eq!(expires_on.is_none(), renew_from.is_none());
            let held = matches!(status, Granted | Revoked);
            prop_assert!(!held || granted_on.is_some() && certification.fields.number.is_some());
        }
    }
}
