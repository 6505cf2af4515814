//! What must hold of a snapshot. Nothing here touches HTTP or the database.

use chrono::NaiveDate;

use super::payloads::{
    SnapshotFields,
    Source::{self, Mentor, OwnAccount, Visit},
};
use crate::{
    access::Role,
    http::{Code, Flaw},
};

/// All that is wrong with the fields, from who gives them; `at` points to where they stand in the body.
pub fn flaws(fields: &SnapshotFields, role: Role, today: NaiveDate, at: &str) -> Vec<Flaw> {
    let mut flaws = Vec::new();
    let mut unless = |right: bool, flaw: Flaw| {
        if !right {
            flaws.push(flaw)
        }
    };
    unless(fields.taken_on <= today, Code::InTheFuture.at(format!("{at}/taken_on")));
    if let Some(period) = &fields.period {
        unless(
            period.end <= fields.taken_on,
            Code::TooLate.expecting(format!("{at}/period/end"), fields.taken_on),
        );
    }
    let own = sources(role);
    let names: Vec<_> = own.iter().map(|source| source.as_str()).collect();
    unless(
        own.contains(&fields.source),
        Code::NotAllowed.expecting(format!("{at}/source"), names.join(", ")),
    );
    flaws
}

/// An owner speaks for himself, a mentor of what he saw; the department may enter what anyone said.
fn sources(role: Role) -> &'static [Source] {
    match role {
        Role::Business => &[OwnAccount],
        Role::Mentor => &[Mentor, Visit],
        _ => Source::ALL,
    }
}
