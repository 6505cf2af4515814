//! The life of an assessment, and what its answers must be.

use chrono::{DateTime, NaiveDate, Utc};

use super::payloads::{
    Action::{self, *},
    AnswerSheet, Assessment, AssessmentFields, Course, Kind,
    Status::{self, *},
};
use crate::{
    access::{
        Party,
        Permission::{ReviewAssessments, ReviewSelfAssessments, SubmitAssessments, SubmitSelfAssessments},
        token::Actor,
    },
    http::{Code, Flaw},
    ids::UserId,
    instruments::{Document, Facts, InstrumentScore, score},
    lifecycle::{Lifecycle, Move},
    mentorships::{Mentorship, Status as MentorshipStatus},
};

#[rustfmt::skip]
pub const LIFECYCLE: Lifecycle<Assessment, Status, Action> = Lifecycle {
    resource: "assessment",
    status: |assessment| assessment.course.status,
    objection,
    moves: &[
        Move { action: Submit, from: &[Draft, Returned], to: Submitted, permission: SubmitSelfAssessments, needs: &[],              takes: &[], only: by_the_owner },
        Move { action: Submit, from: &[Draft, Returned], to: Submitted, permission: SubmitAssessments,     needs: &[],              takes: &[], only: by_a_mentor },
        Move { action: Review, from: &[Submitted],       to: Reviewed,  permission: ReviewSelfAssessments, needs: &[],              takes: &[], only: by_the_owner },
        Move { action: Review, from: &[Submitted],       to: Reviewed,  permission: ReviewAssessments,     needs: &[],              takes: &[], only: by_a_mentor },
        Move { action: Return, from: &[Submitted],       to: Returned,  permission: ReviewSelfAssessments, needs: &["reason_code"], takes: &[], only: by_the_owner },
        Move { action: Return, from: &[Submitted],       to: Returned,  permission: ReviewAssessments,     needs: &["reason_code"], takes: &[], only: by_a_mentor },
    ],
};

/// Of a kind, in a mentorship, one at a time is in these.
pub const OPEN: &[Status] = &[Draft, Submitted, Returned];

/// While its answers can be changed.
pub const OPEN_TO_CHANGE: &[Status] = &[Draft, Returned];

fn by_the_owner(assessment: &Assessment) -> bool {
    assessment.fields.kind == Kind::Own
}

fn by_a_mentor(assessment: &Assessment) -> bool {
    !by_the_owner(assessment)
}

/// Nobody judges what he submitted himself, whichever role he has now.
fn objection(assessment: &Assessment, caller: &Actor, action: Action) -> Option<&'static str> {
    let own = assessment.course.submitted_by == Some(caller.user);
    (own && action != Submit).then_some("own_assessment")
}

/// Whether a party can write assessments of this kind at all.
pub fn writes(party: Party, kind: Kind) -> bool {
    match party {
        Party::Person(_) => kind == Kind::Own,
        Party::Mentor(_) => kind != Kind::Own,
        _ => false,
    }
}

/// The mentorship is one of the business, and runs.
pub fn misfits(fields: &AssessmentFields, mentorship: &Mentorship) -> Option<Flaw> {
    let runs = matches!(mentorship.course.status, MentorshipStatus::Accepted | MentorshipStatus::Active);
    match () {
        () if mentorship.fields.business_id != fields.business_id => {
            Some(Code::Conflict.expecting("/mentorship_id", "business_id"))
        }
        () if !runs => Some(Code::Conflict.expecting("/mentorship_id", mentorship.course.status)),
        () => None,
    }
}

/// What an assessment is of is fixed when it is drafted.
pub fn fixed(before: &AssessmentFields, after: &AssessmentFields) -> Vec<Flaw> {
    let fixed = [
        ("/business_id", before.business_id == after.business_id),
        ("/instrument_id", before.instrument_id == after.instrument_id),
        ("/kind", before.kind == after.kind),
        ("/mentorship_id", before.mentorship_id == after.mentorship_id),
    ];
    fixed.into_iter().filter(|(_, same)| !same).map(|(pointer, _)| Code::Fixed.at(pointer)).collect()
}

/// Each answer is to an item that is asked of the subsector, on the scale, with evidence that exists.
pub fn answer_flaws(
    answers: &AnswerSheet,
    document: &Document,
    subsector: &str,
    today: NaiveDate,
) -> Vec<Flaw> {
    let mut flaws = Vec::new();
    for (code, answer) in &answers.0 {
        let at = pointer(code);
        match document.items.iter().find(|item| item.code == *code) {
            None => flaws.push(Code::Unknown.at(&at)),
            Some(item) if !item.applies_to(subsector) => {
                flaws.push(Code::NotApplicable.expecting(&at, subsector));
            }
            Some(_) if answer.score > document.scale.max => {
                flaws.push(Code::TooLarge.expecting(format!("{at}/score"), document.scale.max));
            }
            Some(_) => (),
        }
        let evidence = answer.evidence.iter().enumerate();
        let to_come = evidence.filter(|(_, evidence)| evidence.dated_on > today);
        flaws.extend(to_come.map(|(n, _)| Code::InTheFuture.at(format!("{at}/evidence/{n}/dated_on"))));
    }
    flaws
}

/// RFC 6901: a client's unknown item may be called anything.
fn pointer(item: &str) -> String {
    format!("/answers/{}", item.replace('~', "~0").replace('/', "~1"))
}

/// What the instrument makes of the answers, or all that keeps them from being submitted.
pub fn scored(
    answers: &AnswerSheet,
    document: &Document,
    facts: &Facts,
    today: NaiveDate,
) -> Result<InstrumentScore, Vec<Flaw>> {
    let scores = answers.0.iter().map(|(code, answer)| (code.clone(), answer.score)).collect();
    let result = score(document, &scores, facts);
    let mut flaws = answer_flaws(answers, document, &facts.subsector, today);
    flaws.extend(result.missing.iter().map(|code| Code::Required.at(pointer(code))));
    if flaws.is_empty() { Ok(result) } else { Err(flaws) }
}

/// The course after a submission, with what was frozen.
pub fn submitted(facts: Facts, result: InstrumentScore, by: UserId, now: DateTime<Utc>) -> Course {
    Course {
        facts: Some(facts),
        result: Some(result),
        submitted_at: Some(now),
        submitted_by: Some(by),
        ..unscored(Submitted)
    }
}

/// The course after a review, or a return: then what was frozen no longer counts.
pub fn judged(
    before: &Course,
    step: &Move<Assessment, Status, Action>,
    by: UserId,
    now: DateTime<Utc>,
) -> Course {
    match step.to {
        Returned => unscored(Returned),
        to => Course { status: to, reviewed_at: Some(now), reviewed_by: Some(by), ..before.clone() },
    }
}

fn unscored(status: Status) -> Course {
    Course {
        status,
        facts: None,
        result: None,
        submitted_at: None,
        submitted_by: None,
        reviewed_at: None,
        reviewed_by: None,
    }
}
