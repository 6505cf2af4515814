//! The life of a referral. Nothing here touches HTTP or the database.

use chrono::{DateTime, NaiveDate, Utc};

use super::payloads::{
    Action::{self, *},
    Course, MoveReferral, Purpose, Referral, ReferralFields,
    Status::{self, *},
    Suggestion,
};
use crate::{
    access::{
        Permission::{DecideReferrals, ReviewReferrals, SubmitReferrals},
        token::Actor,
    },
    http::{Code, Flaw},
    ids::UserId,
    lifecycle::{Lifecycle, Move, any},
    reference::{Reference, lists},
};

// An officer may submit for the owner, and record what a lender without an account decided: then a paper
// proves it. These rows stand before those of the owner and the lender, whose permissions officers have too.
#[rustfmt::skip]
pub const LIFECYCLE: Lifecycle<Referral, Status, Action> = Lifecycle {
    resource: "capital_referral",
    status: |referral| referral.course.status,
    objection,
    moves: &[
        Move { action: Submit,       from: &[Draft, Returned],     to: Submitted,      permission: ReviewReferrals, needs: &["evidence"],                               takes: &[],              named: None, only: any },
        Move { action: Submit,       from: &[Draft, Returned],     to: Submitted,      permission: SubmitReferrals, needs: &[],                                         takes: &[],              named: None, only: any },
        Move { action: StartReview,  from: &[Submitted],           to: UnderReview,    permission: ReviewReferrals, needs: &[],                                         takes: &[],              named: None, only: any },
        Move { action: Return,       from: &[UnderReview],         to: Returned,       permission: ReviewReferrals, needs: &["missing"],                                takes: &["reason_code"], named: None, only: any },
        Move { action: Recommend,    from: &[UnderReview],         to: Recommended,    permission: ReviewReferrals, needs: &["amount_idr"],                             takes: &[],              named: None, only: any },
        Move { action: NotRecommend, from: &[UnderReview],         to: NotRecommended, permission: ReviewReferrals, needs: &["reason_code"],                            takes: &[],              named: None, only: any },
        Move { action: Forward,      from: &[Recommended],         to: Forwarded,      permission: ReviewReferrals, needs: &["lender_id"],                              takes: &[],              named: None, only: any },
        Move { action: Approve,      from: &[Forwarded],           to: Approved,       permission: ReviewReferrals, needs: &["amount_idr", "evidence"],                 takes: &[],              named: None, only: any },
        Move { action: Approve,      from: &[Forwarded],           to: Approved,       permission: DecideReferrals, needs: &["amount_idr"],                             takes: &[],              named: None, only: any },
        Move { action: Reject,       from: &[Forwarded],           to: Rejected,       permission: ReviewReferrals, needs: &["reason_code", "evidence"],                takes: &[],              named: None, only: any },
        Move { action: Reject,       from: &[Forwarded],           to: Rejected,       permission: DecideReferrals, needs: &["reason_code"],                            takes: &[],              named: None, only: any },
        Move { action: Disburse,     from: &[Approved, Disbursed], to: Disbursed,      permission: ReviewReferrals, needs: &["amount_idr", "disbursed_on", "evidence"], takes: &[],              named: None, only: any },
        Move { action: Disburse,     from: &[Approved, Disbursed], to: Disbursed,      permission: DecideReferrals, needs: &["amount_idr", "disbursed_on"],             takes: &[],              named: None, only: any },
        Move { action: Close,        from: &[Disbursed],           to: Closed,         permission: ReviewReferrals, needs: &["evidence"],                               takes: &["reason_code"], named: None, only: any },
        Move { action: Close,        from: &[Disbursed],           to: Closed,         permission: DecideReferrals, needs: &[],                                         takes: &["reason_code"], named: None, only: any },
        Move { action: Withdraw,     from: &[Draft, Submitted, UnderReview, Returned, Recommended, Forwarded], to: Withdrawn, permission: SubmitReferrals, needs: &[],   takes: &["reason_code"], named: None, only: any },
    ],
};

/// Why this caller may not take an action that table and permission allow.
fn objection(referral: &Referral, actor: &Actor, _: NaiveDate, action: Action) -> Option<&'static str> {
    why_not(referral, actor.user, action)
}

fn why_not(referral: &Referral, user: UserId, action: Action) -> Option<&'static str> {
    let reviews = matches!(action, StartReview | Return | Recommend | NotRecommend | Forward);
    let course = &referral.course;
    match action {
        _ if reviews && is_own(referral, user) => Some("own_referral"),
        Disburse if course.approved_idr == Some(course.disbursed_idr) => Some("fully_disbursed"),
        _ => None,
    }
}

/// Whether the user wrote or submitted it, ever.
pub fn is_own(referral: &Referral, user: UserId) -> bool {
    referral.writer_ids.contains(&user) || referral.course.submitter_ids.contains(&user)
}

/// Who moves it, and when.
pub struct Circumstances<'a> {
    pub user: UserId,
    pub now: DateTime<Utc>,
    pub today: NaiveDate,
    pub reference: &'a Reference,
}

/// How far the referral has come once `step` is taken. No amount passes the one before it.
pub fn course_after(
    Referral { fields, course, .. }: &Referral,
    step: &Move<Referral, Status, Action>,
    wanted: &MoveReferral,
    by: &Circumstances<'_>,
) -> Result<Course, Vec<Flaw>> {
    let dates = [
        ("/disbursed_on", wanted.disbursed_on),
        ("/evidence/dated_on", wanted.evidence.as_ref().map(|evidence| evidence.dated_on)),
    ];
    let late = dates.into_iter().filter(|(_, date)| date.is_some_and(|date| date > by.today));
    let mut flaws: Vec<_> = late.map(|(pointer, _)| Code::InTheFuture.at(pointer)).collect();
    let amount = wanted.amount_idr.unwrap_or_default();
    let left = course.approved_idr.unwrap_or_default() - course.disbursed_idr;
    let limit = match step.action {
        Recommend | Approve => fields.amount_idr,
        Disburse => left,
        _ => i64::MAX,
    };
    if amount > limit {
        flaws.push(Code::TooLarge.expecting("/amount_idr", limit));
    }
    if !flaws.is_empty() {
        return Err(flaws);
    }
    let moved = Course { status: step.to, due_on: due_on(step.to, by), ..course.clone() };
    Ok(match step.action {
        Submit => Course { submitter_ids: with(&course.submitter_ids, by.user), ..moved },
        Recommend => Course { recommended_idr: Some(amount), ..moved },
        Forward => Course { lender_id: wanted.lender_id, ..moved },
        Approve => Course { approved_idr: Some(amount), ..moved },
        Disburse => Course { disbursed_idr: course.disbursed_idr + amount, ..moved },
        Close => Course { closed_at: Some(by.now), ..moved },
        StartReview | Return | NotRecommend | Reject | Withdraw => moved,
    })
}

/// Where a service target runs in the state: its last day.
fn due_on(status: Status, by: &Circumstances<'_>) -> Option<NaiveDate> {
    let code = match status {
        Submitted => "referral_review",
        UnderReview => "referral_recommendation",
        Returned => "referral_return_answer",
        _ => return None,
    };
    by.reference.due(code, by.today)
}

/// Everyone so far, and the user: each once.
pub fn with(users: &[UserId], user: UserId) -> Vec<UserId> {
    let new = (!users.contains(&user)).then_some(user);
    users.iter().copied().chain(new).collect()
}

/// The scheme that fits, by the list of that day. The shipped list has one for every amount.
pub fn suggest(amount_idr: i64, for_whom: &str, reference: &Reference, today: NaiveDate) -> Suggestion {
    let scheme = reference.financing_schemes_for(amount_idr, for_whom, today).next();
    Suggestion {
        scheme: scheme.map_or("lainnya", |scheme| scheme.code).to_owned(),
        version: scheme.map_or(1, |scheme| scheme.version),
        rule: "first_with_room".to_owned(),
        for_whom: for_whom.to_owned(),
    }
}

/// All that is wrong with the fields, given what was suggested, and what they were `before`.
pub fn flaws(
    fields: &ReferralFields,
    before: Option<&ReferralFields>,
    suggestion: &Suggestion,
    reference: &Reference,
    today: NaiveDate,
) -> Vec<Flaw> {
    let known = |code: &String| reference.is_valid(&lists::FINANCING_SCHEMES, code, today);
    let other = fields.scheme.as_ref().is_some_and(|scheme| *scheme != suggestion.scheme);
    let mut flaws = Vec::new();
    let mut unless = |right: bool, flaw: Flaw| {
        if !right {
            flaws.push(flaw);
        }
    };
    unless(
        fields.scheme.as_ref().is_none_or(known),
        Code::UnknownCode.expecting("/scheme", "financing-schemes"),
    );
    unless(!other || fields.scheme_reason.is_some(), Code::Required.at("/scheme_reason"));
    unless(
        fields.purpose != Purpose::Other || fields.purpose_note.is_some(),
        Code::Required.at("/purpose_note"),
    );
    if let Some(before) = before {
        let same = fields.business_id == before.business_id;
        unless(same, Code::NotAllowed.expecting("/business_id", before.business_id));
        let same = fields.hand_over_id == before.hand_over_id;
        let allowed = before.hand_over_id.map_or("null".to_owned(), |id| id.to_string());
        unless(same, Code::NotAllowed.expecting("/hand_over_id", allowed));
    }
    flaws
}

#[cfg(test)]
mod tests;
