//! What a cooperative's fields must be, and its short life.

use std::collections::HashSet;

use chrono::NaiveDate;

use super::payloads::{Action, Cooperative, CooperativeFields, Status};
use crate::{
    access::Permission,
    error::{ApiError, Result},
    http::Code,
    lifecycle::{self, Lifecycle, Move},
    reference::{Reference, lists},
};

#[rustfmt::skip]
pub const LIFECYCLE: Lifecycle<Cooperative, Status, Action> = Lifecycle {
    resource: "cooperative",
    status: |cooperative| cooperative.status,
    objection: lifecycle::none,
    moves: &[
        Move { action: Action::Dissolve, from: &[Status::Active], to: Status::Dissolved, permission: Permission::WriteCooperatives, needs: &["reason_code"], takes: &[], named: None, only: lifecycle::any },
    ],
};

/// All that is wrong with the fields beyond their form: villages that are none, a founding to come.
pub fn check(fields: &CooperativeFields, reference: &Reference, today: NaiveDate) -> Result<()> {
    let is_village = |code: &str| reference.is_valid(&lists::VILLAGES, code, today);
    let mut flaws = Vec::new();
    let mut seen = HashSet::new();
    for (at, code) in fields.service_area.iter().enumerate() {
        let pointer = format!("/service_area/{at}");
        if !is_village(code) {
            flaws.push(Code::UnknownCode.expecting(pointer, "villages"));
        } else if !seen.insert(code) {
            flaws.push(Code::Repeated.at(pointer));
        }
    }
    if !is_village(&fields.village_code) {
        flaws.push(Code::UnknownCode.expecting("/village_code", "villages"));
    }
    if fields.founded_on.is_some_and(|day| day > today) {
        flaws.push(Code::InTheFuture.at("/founded_on"));
    }
    flaws.extend(fields.external_ids.flaws());
    ApiError::if_any(flaws)
}
