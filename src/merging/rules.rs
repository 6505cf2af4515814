//! When a merge is undone, and what must hold of two records to be merged.

use chrono::{Duration, NaiveDate};

use super::payloads::{Action, Merge, MergeFields, Status};
use crate::{
    access::{Permission::DecideMerges, token::Actor},
    http::{Code, Flaw},
    lifecycle::{Lifecycle, Move, any},
};

/// How long a merge can be undone.
pub const TIME_TO_UNDO: Duration = Duration::days(30);

pub const LIFECYCLE: Lifecycle<Merge, Status, Action> = Lifecycle {
    resource: "merge",
    status: |merge| merge.status,
    objection: too_late,
    moves: &[Move {
        action: Action::Undo,
        from: &[Status::Done],
        to: Status::Undone,
        permission: DecideMerges,
        needs: &[],
        takes: &[],
        named: None,
        only: any,
    }],
};

fn too_late(merge: &Merge, _: &Actor, today: NaiveDate, _: Action) -> Option<&'static str> {
    (merge.undo_until.date_naive() < today).then_some("too_late")
}

pub fn flaws(fields: &MergeFields) -> Vec<Flaw> {
    let itself = fields.from_id == fields.into_id;
    itself.then(|| Code::Conflict.expecting("/into_id", "from_id")).into_iter().collect()
}
