//! The life of an assessment, and what its answers must be.

use chrono::{DateTime, NaiveDate, Utc};

use super::payloads::{
    Action::{self, *},
    AnswerSheet, Assessment, AssessmentFields, Course, Kind,
    Status::{self, *},
};
use super::verdict::{Hearing, Objection};
use crate::{
    access::{
        Party,
        Permission::{
            ObjectToAssessments, OverrideAssessments, ReviewAssessments, ReviewSelfAssessments,
            SubmitAssessments, SubmitSelfAssessments,
        },
        token::Actor,
    },
    http::{Code, Flaw, flaw::pointer},
    ids::UserId,
    instruments::{Document, Explanation, Facts, InstrumentScore, explain, score},
    lifecycle::{Lifecycle, Move},
    mentorships::{Mentorship, Status as MentorshipStatus},
};

#[rustfmt::skip]
pub const LIFECYCLE: Lifecycle<Assessment, Status, Action> = Lifecycle {
    resource: "assessment",
    status: |assessment| assessment.course.status,
    objection,
    moves: &[
        Move { action: Submit, from: &[Draft, Returned], to: Submitted, permission: SubmitSelfAssessments, needs: &[],              takes: &[], named: None, only: by_the_owner },
        Move { action: Submit, from: &[Draft, Returned], to: Submitted, permission: SubmitAssessments,     needs: &[],              takes: &[], named: None, only: by_a_mentor },
        Move { action: Review, from: &[Submitted],       to: Reviewed,  permission: ReviewSelfAssessments, needs: &[],              takes: &[], named: None, only: by_the_owner },
        Move { action: Review, from: &[Submitted],       to: Reviewed,  permission: ReviewAssessments,     needs: &[],              takes: &[], named: None, only: by_a_mentor },
        Move { action: Return, from: &[Submitted],       to: Returned,  permission: ReviewSelfAssessments, needs: &["reason_code"], takes: &[], named: None, only: by_the_owner },
        Move { action: Return, from: &[Submitted],       to: Returned,  permission: ReviewAssessments,     needs: &["reason_code"], takes: &[], named: None, only: by_a_mentor },
        Move { action: Override,        from: &[Reviewed], to: Reviewed, permission: OverrideAssessments, needs: &["reason_code", "class"], takes: &[],        named: Some("overridden"),        only: by_a_mentor },
        Move { action: Object,          from: &[Reviewed], to: Reviewed, permission: ObjectToAssessments, needs: &["reason_code"],          takes: &[],        named: Some("objected"),          only: by_a_mentor },
        Move { action: DecideObjection, from: &[Reviewed], to: Reviewed, permission: OverrideAssessments, needs: &["reason_code"],          takes: &["class"], named: Some("objection_decided"), only: by_a_mentor },
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

/// Nobody judges what he submitted himself, whichever role he has now, nor an objection to what he decided.
fn objection(
    assessment: &Assessment,
    caller: &Actor,
    today: NaiveDate,
    action: Action,
) -> Option<&'static str> {
    let Course { submitted_by, reviewed_by, class_override, object_by, objection, .. } = &assessment.course;
    let own = *submitted_by == Some(caller.user);
    let open = objection.as_ref().is_some_and(Objection::is_open);
    let overrode = class_override.as_ref().is_some_and(|it| it.by == caller.user);
    match action {
        Submit => None,
        Object if open => Some("objection_open"),
        Object if objection.is_some() => Some("objection_decided"),
        Object if object_by.is_none_or(|last| last < today) => Some("too_late"),
        Object => None,
        _ if own => Some("own_assessment"),
        Override if open => Some("objection_open"),
        DecideObjection if !open => Some("no_objection"),
        DecideObjection if overrode || *reviewed_by == Some(caller.user) => Some("own_decision"),
        Review | Return | Override | DecideObjection => None,
    }
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
        let at = pointer(&["answers", code]);
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

/// What the instrument makes of the answers, or all that keeps them from being submitted.
pub fn scored(
    answers: &AnswerSheet,
    document: &Document,
    facts: &Facts,
    today: NaiveDate,
) -> Result<InstrumentScore, Vec<Flaw>> {
    let result = score(document, &answers.scores(), facts);
    let mut flaws = answer_flaws(answers, document, &facts.subsector, today);
    flaws.extend(result.missing.iter().map(|code| Code::Required.at(pointer(&["answers", code]))));
    if flaws.is_empty() { Ok(result) } else { Err(flaws) }
}

/// Why the result is what it is; `None` until there is one.
pub fn explained(assessment: &Assessment, document: &Document) -> Option<Explanation> {
    let facts = assessment.course.facts.as_ref()?;
    explain(document, &assessment.fields.answers.scores(), facts)
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
    before: &Assessment,
    step: &Move<Assessment, Status, Action>,
    Hearing { by, now, object_by, .. }: Hearing,
) -> Course {
    match step.to {
        Returned => unscored(Returned),
        to => Course {
            status: to,
            reviewed_at: Some(now),
            reviewed_by: Some(by),
            object_by: by_a_mentor(before).then_some(object_by),
            ..before.course.clone()
        },
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
        class_override: None,
        object_by: None,
        objection: None,
    }
}
