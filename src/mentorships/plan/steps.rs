//! What a move of a plan does besides: codes are looked up, an accepted version is kept.

use super::{
    payloads::{Action, Course, MovePlan, Plan, Status},
    rules, store,
};
use crate::{
    error::{ApiError, Result},
    lifecycle::Move,
    records::Tx,
};

/// The course that the move leads to.
pub async fn take(
    tx: &Tx<'_>,
    before: &Plan,
    step: &Move<Plan, Status, Action>,
    wanted: &MovePlan,
) -> Result<Course> {
    let flaws = rules::flaws_of_return(wanted, &tx.worker.reference(), tx.today());
    ApiError::if_any(flaws)?;
    if step.action == Action::Revise {
        store::keep(tx, before).await?;
    }
    Ok(rules::course_after(before, step, wanted, tx.now))
}
