//! When a hand-over is needed, and its life. Nothing here touches HTTP or the database.

use chrono::NaiveDate;
use serde::Deserialize;

use super::payloads::{
    Action::{self, *},
    Course, HandOver, MoveHandOver, ResultKind,
    Status::{self, Declined, Open, Taken},
};
use crate::{
    access::{Division, Party, Permission::DecideHandOvers, token::Actor},
    http::{Code, Flaw},
    ids::UserId,
    lifecycle::{Lifecycle, Move, any},
};

#[rustfmt::skip]
pub const LIFECYCLE: Lifecycle<HandOver, Status, Action> = Lifecycle {
    resource: "hand_over",
    status: |hand_over| hand_over.course.status,
    objection,
    moves: &[
        Move { action: Take,    from: &[Open],        to: Taken,        permission: DecideHandOvers, needs: &[],              takes: &[], named: None, only: any },
        Move { action: Assign,  from: &[Open, Taken], to: Taken,        permission: DecideHandOvers, needs: &["user_id"],     takes: &[], named: None, only: any },
        Move { action: Done,    from: &[Taken],       to: Status::Done, permission: DecideHandOvers, needs: &["result"],      takes: &[], named: None, only: any },
        Move { action: Release, from: &[Taken],       to: Open,         permission: DecideHandOvers, needs: &["reason_code"], takes: &[], named: None, only: any },
        Move { action: Decline, from: &[Open, Taken], to: Declined,     permission: DecideHandOvers, needs: &["reason_code"], takes: &[], named: None, only: any },
    ],
};

/// The programme sees those of all divisions, and answers its own.
fn objection(hand_over: &HandOver, actor: &Actor, _: NaiveDate, _: Action) -> Option<&'static str> {
    (actor.party != Party::of(hand_over.division)).then_some("other_division")
}

/// How far the hand-over has come once `step` is taken; the dossier is added by who can read.
pub fn course_after(
    HandOver { division, course, .. }: &HandOver,
    step: &Move<HandOver, Status, Action>,
    wanted: &MoveHandOver,
    user: UserId,
) -> Result<Course, Flaw> {
    let moved = Course { status: step.to, ..course.clone() };
    Ok(match step.action {
        Take => Course { taken_by: Some(user), ..moved },
        Assign => Course { taken_by: wanted.user_id, ..moved },
        Release => Course { taken_by: None, ..moved },
        Decline => moved,
        Done => match &wanted.result {
            Some(result) if !results_of(*division).contains(&result.kind) => {
                let kinds: Vec<_> = results_of(*division).iter().map(|kind| kind.as_str()).collect();
                return Err(Code::NotAllowed.expecting("/result/kind", kinds.join(", ")));
            }
            result => Course { result: result.clone(), ..moved },
        },
    })
}

/// What each division can make of a hand-over.
fn results_of(division: Division) -> &'static [ResultKind] {
    match division {
        Division::Facilitation => &[ResultKind::CapitalReferral],
        Division::Cooperatives => &[ResultKind::Enrollment],
        Division::Standardisation => &[ResultKind::Certification, ResultKind::Objective],
        Division::Programme => &[ResultKind::Mentorship, ResultKind::Objective, ResultKind::Participant],
    }
}

/// A division, and the rules by which it is needed.
pub type Need = (Division, Vec<String>);

/// What a reviewed assessment concludes, as its event says it.
#[derive(Deserialize)]
pub struct Conclusion {
    kind: String,
    recommendations: Vec<Recommendation>,
}

#[derive(Deserialize)]
struct Recommendation {
    code: String,
    kind: String,
    target: String,
}

impl Conclusion {
    /// The referrals to a division, of an assessment by somebody else than the owner.
    pub fn needs(&self) -> Vec<Need> {
        let mut needs: Vec<Need> = Vec::new();
        let judged = ["mentor", "follow_up"].contains(&self.kind.as_str());
        for recommended in self.recommendations.iter().filter(|it| judged && it.kind == "referral") {
            let target = |division: &&Division| division.as_str() == recommended.target;
            let Some(division) = Division::ALL.iter().find(target) else { continue };
            match needs.iter_mut().find(|need| need.0 == *division) {
                Some(need) => need.1.push(recommended.code.clone()),
                None => needs.push((*division, vec![recommended.code.clone()])),
            }
        }
        needs
    }
}

/// Who is in a cooperative, or is one, is not to join one.
pub fn fit_for(needs: Vec<Need>, is_cooperative: bool, is_member: bool) -> Vec<Need> {
    let fits = |need: &Need| need.0 != Division::Cooperatives || !(is_cooperative || is_member);
    needs.into_iter().filter(fits).collect()
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn conclusion(kind: &str) -> Conclusion {
        let recommended = |(code, kind, target)| json!({ "code": code, "kind": kind, "target": target });
        let recommendations = [
            ("no_nib", "licensing_help", "programme"),
            ("bookkeeping_setup", "mentoring_module", "mentor"),
            ("product_permit", "referral", "standardisation"),
            ("capital_referral", "referral", "facilitation"),
            ("halal", "referral", "standardisation"),
        ];
        let recommendations = recommendations.map(recommended);
        serde_json::from_value(json!({ "kind": kind, "recommendations": recommendations })).unwrap()
    }

    #[test]
    fn only_referrals_to_a_division_are_handed_over_and_all_to_one_together() {
        let codes = |codes: &[&str]| codes.iter().map(|&code| code.to_owned()).collect::<Vec<_>>();
        for kind in ["mentor", "follow_up"] {
            assert_eq!(
                conclusion(kind).needs(),
                [
                    (Division::Standardisation, codes(&["product_permit", "halal"])),
                    (Division::Facilitation, codes(&["capital_referral"])),
                ]
            );
        }
    }

    #[test]
    fn a_self_assessment_hands_nothing_over() {
        for kind in ["self", "test"] {
            assert_eq!(conclusion(kind).needs(), []);
        }
    }

    #[test]
    fn who_is_in_a_cooperative_or_is_one_is_not_to_join_one() {
        let needs = vec![(Division::Cooperatives, vec![]), (Division::Facilitation, vec![])];
        let others = [(Division::Facilitation, vec![])];
        assert_eq!(fit_for(needs.clone(), true, false), others);
        assert_eq!(fit_for(needs.clone(), false, true), others);
        assert_eq!(fit_for(needs.clone(), false, false), needs);
    }

    #[test]
    fn every_division_can_finish_with_something() {
        for division in Division::ALL {
            assert!(!results_of(*division).is_empty(), "{division}");
        }
    }
}
