//! The life of a plan. Nothing here touches HTTP or the database.

use std::collections::HashSet;

use chrono::{DateTime, NaiveDate, Utc};
use uuid::Uuid;

use super::payloads::{
    Action::{self, *},
    Course, Item, MovePlan, Plan, PlanFields,
    Status::{self, Accepted, Draft, Submitted},
};
use crate::{
    access::Permission::{AcceptPlans, SubmitPlans, WritePlans},
    error::{ApiError, Result},
    http::{Code, Flaw},
    lifecycle::{self, Lifecycle, Move},
    reference::Reference,
};

#[rustfmt::skip]
pub const LIFECYCLE: Lifecycle<Plan, Status, Action> = Lifecycle {
    resource: "plan",
    status: |plan| plan.course.status,
    objection: |plan, _, _, action| if action == Submit { missing_part(&plan.fields) } else { None },
    moves: &[
        Move { action: Submit, from: &[Draft],     to: Submitted, permission: SubmitPlans, needs: &[],          takes: &[], named: None, only: lifecycle::any },
        Move { action: Accept, from: &[Submitted], to: Accepted,  permission: AcceptPlans, needs: &[],          takes: &[], named: None, only: lifecycle::any },
        Move { action: Return, from: &[Submitted], to: Draft,     permission: AcceptPlans, needs: &["missing"], takes: &[], named: None, only: lifecycle::any },
        Move { action: Revise, from: &[Accepted],  to: Draft,     permission: WritePlans,  needs: &[],          takes: &[], named: Some("revised"), only: lifecycle::any },
    ],
};

pub fn must_be_draft(plan: &Plan) -> Result<()> {
    match plan.course.status {
        Draft => Ok(()),
        Submitted | Accepted => {
            Err(ApiError::NotPossible { action: "update", code: "wrong_status", possible: vec![] })
        }
    }
}

/// What it must say before it can be judged: for when, what for, by which steps, with which money.
fn missing_part(fields: &PlanFields) -> Option<&'static str> {
    match () {
        () if fields.period.is_none() => Some("period_missing"),
        () if fields.goals.is_none() => Some("goals_missing"),
        () if fields.items.is_empty() => Some("items_missing"),
        () if fields.finances.is_none() => Some("finances_missing"),
        () => None,
    }
}

/// What is needed beyond what the owner has.
pub fn capital_need(fields: &PlanFields) -> Option<i64> {
    fields.finances.as_ref().map(|it| it.needed_idr.saturating_sub(it.own_idr).max(0))
}

/// The fields as they are stored: each item keeps its id, a new one gets one from `make`.
pub fn checked(fields: PlanFields, before: &[Item], make: impl Fn() -> Uuid) -> Result<PlanFields> {
    let known: HashSet<_> = before.iter().filter_map(|item| item.id).collect();
    let (mut flaws, mut seen) = (Vec::new(), HashSet::new());
    let mut items = fields.items;
    for (at, item) in items.iter_mut().enumerate() {
        match item.id {
            Some(id) if !known.contains(&id) => {
                flaws.push(Code::NoSuchRecord.at(format!("/items/{at}/id")));
            }
            Some(id) if !seen.insert(id) => flaws.push(Code::Repeated.at(format!("/items/{at}/id"))),
            Some(_) => (),
            None => item.id = Some(make()),
        }
    }
    let begins = fields.period.as_ref().map(|period| period.from);
    for (at, item) in items.iter().enumerate() {
        if let Some(begins) = begins.filter(|begins| item.due_on.is_some_and(|due| due < *begins)) {
            flaws.push(Code::TooEarly.expecting(format!("/items/{at}/due_on"), begins));
        }
    }
    if let Some(period) = fields.period.as_ref().filter(|period| period.to < period.from) {
        flaws.push(Code::TooEarly.expecting("/period/to", period.from));
    }
    if flaws.is_empty() { Ok(PlanFields { items, ..fields }) } else { Err(ApiError::Invalid(flaws)) }
}

/// Each thing that is missing is one of the list, and what needs a note has one.
pub fn flaws_of_return(wanted: &MovePlan, reference: &Reference, today: NaiveDate) -> Vec<Flaw> {
    let mut flaws = Vec::new();
    for (at, code) in wanted.missing.iter().flatten().enumerate() {
        match reference.reason("plan", Return.as_str(), code, today) {
            None => flaws.push(Code::UnknownCode.expecting(format!("/missing/{at}"), "reason-codes")),
            Some(reason) if reason.note_required && wanted.note.is_none() => {
                flaws.push(Code::Required.at("/note"));
            }
            Some(_) => (),
        }
    }
    flaws
}

/// The course once `step` is taken.
pub fn course_after(
    Plan { course, .. }: &Plan,
    step: &Move<Plan, Status, Action>,
    wanted: &MovePlan,
    now: DateTime<Utc>,
) -> Course {
    let moved = Course { status: step.to, ..course.clone() };
    match step.action {
        Submit => Course { submitted_at: Some(now), missing: vec![], ..moved },
        Accept => Course { accepted_at: Some(now), ..moved },
        Return => Course { missing: wanted.missing.clone().unwrap_or_default(), ..moved },
        Revise => {
            Course { plan_version: course.plan_version + 1, submitted_at: None, accepted_at: None, ..moved }
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::{option, prelude::*};

    use super::*;
    use crate::mentorships::plan::payloads::{Finances, ItemStatus, Kind, Period};

    fn item(id: Option<Uuid>) -> Item {
        let (title, status) = ("Membeli oven kedua".into(), ItemStatus::Open);
        Item { id, title, kind: None, due_on: None, cost_idr: None, owner: None, status }
    }

    fn fields(items: Vec<Item>) -> PlanFields {
        PlanFields { kind: Kind::Work, period: None, goals: None, items, finances: None }
    }

    fn day(text: &str) -> NaiveDate {
        text.parse().unwrap()
    }

    #[test]
    fn an_item_keeps_its_id_and_a_new_one_gets_one() {
        let (old, new) = (Uuid::from_u128(1), Uuid::from_u128(2));
        let before = [item(Some(old))];
        let after = checked(fields(vec![item(None), item(Some(old))]), &before, || new).unwrap();
        assert_eq!(after.items.iter().map(|item| item.id).collect::<Vec<_>>(), [Some(new), Some(old)]);
    }

    #[test]
    fn an_id_is_one_of_the_plans_own_and_stands_once() {
        let (old, other) = (Uuid::from_u128(1), Uuid::from_u128(2));
        let before = [item(Some(old))];
        let items = vec![item(Some(old)), item(Some(old)), item(Some(other))];
        let period = Some(Period { from: day("2026-12-01"), to: day("2026-11-30") });
        let wrong = PlanFields { period, ..fields(items) };
        let Err(ApiError::Invalid(flaws)) = checked(wrong, &before, Uuid::now_v7) else { panic!() };
        let expected = [
            Code::Repeated.at("/items/1/id"),
            Code::NoSuchRecord.at("/items/2/id"),
            Code::TooEarly.expecting("/period/to", "2026-12-01"),
        ];
        assert_eq!(flaws, expected);
    }

    #[test]
    fn what_is_missing_comes_from_the_list_and_something_else_is_said_in_a_note() {
        let reference = Reference::shipped().unwrap();
        let flaws = |missing: &[&str], note: Option<&str>| {
            let missing = Some(missing.iter().map(|&code| code.to_owned()).collect());
            let wanted = MovePlan { action: Return, missing, note: note.map(str::to_owned) };
            flaws_of_return(&wanted, &reference, day("2026-11-24"))
        };
        assert_eq!(flaws(&["costs_missing"], None), []);
        assert_eq!(flaws(&["other"], Some("Lampirkan foto.")), []);
        assert_eq!(flaws(&["other"], None), [Code::Required.at("/note")]);
        let unknown = Code::UnknownCode.expecting("/missing/1", "reason-codes");
        assert_eq!(flaws(&["costs_missing", "arrears"], None), [unknown]);
    }

    proptest! {
        #[test]
        fn capital_is_needed_for_what_the_owner_does_not_have(
            finances in option::of((0..=9_007_199_254_740_991_i64, 0..=9_007_199_254_740_991_i64)),
        ) {
            let given = finances.map(|(needed_idr, own_idr)| Finances { needed_idr, own_idr });
            let need = capital_need(&PlanFields { finances: given, ..fields(vec![]) });
            prop_assert_eq!(need.is_some(), finances.is_some());
            if let (Some(need), Some((needed, own))) = (need, finances) {
                prop_assert!(need >= 0 && need <= needed && need + own >= needed);
            }
        }
    }
}
