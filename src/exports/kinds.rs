//! What can be exported.

use futures_util::{StreamExt, future::LocalBoxFuture, stream::LocalBoxStream};
use serde_json::Value;
use utoipa::ToSchema;
use uuid::Uuid;

use super::columns::{self, Column};
use crate::{
    access::{Access, Permission},
    assessments::Assessment,
    businesses::{Business, BusinessRole, Snapshot},
    capital_referrals::Referral,
    certifications::Certification,
    cohorts::{Cohort, Participant},
    cooperatives::Cooperative,
    db::Connection,
    enrollments::Enrollment,
    error::Result,
    follow_ups::FollowUp,
    hand_overs::HandOver,
    http::view::View,
    institutions::Institution,
    mentors::Mentor,
    mentorships::{AgreedAction, Mentorship, Objective, Session},
    outcomes::Outcome,
    persons::Person,
    products::Product,
    records::Whole,
};

type Lines<'a> = LocalBoxStream<'a, Result<Vec<u8>>>;
type Shown<'a> = LocalBoxStream<'a, Result<Value>>;
type Versions<'a> = LocalBoxStream<'a, Result<(Uuid, i64)>>;

/// A kind of record, as an address and as the log name it, and how all of them are read.
pub struct Kind {
    pub name: &'static str,
    pub resource: &'static str,
    pub read: Permission,
    /// Each as its address answers it, in JSON.
    pub lines: for<'a> fn(&'a Access, &'a mut Connection) -> Lines<'a>,
    /// The same as values.
    pub shown: for<'a> fn(&'a Access, &'a mut Connection) -> Shown<'a>,
    pub columns: fn() -> Vec<Column>,
    pub count: for<'a> fn(&'a Access, &'a mut Connection) -> LocalBoxFuture<'a, Result<i64>>,
    pub versions: for<'a> fn(&'a Access, &'a mut Connection) -> Versions<'a>,
}

pub const KINDS: &[Kind] = &[
    Kind::of::<Institution>("institutions"),
    Kind::of::<Mentor>("mentors"),
    Kind::of::<Person>("persons"),
    Kind::of::<Business>("businesses"),
    Kind::of::<BusinessRole>("people"),
    Kind::of::<Snapshot>("snapshots"),
    Kind::of::<Product>("products"),
    Kind::of::<Certification>("certifications"),
    Kind::of::<Cohort>("cohorts"),
    Kind::of::<Participant>("participants"),
    Kind::of::<Mentorship>("mentorships"),
    Kind::of::<Objective>("objectives"),
    Kind::of::<Session>("sessions"),
    Kind::of::<AgreedAction>("agreed-actions"),
    Kind::of::<Assessment>("assessments"),
    Kind::of::<HandOver>("hand-overs"),
    Kind::of::<Referral>("capital-referrals"),
    Kind::of::<Cooperative>("cooperatives"),
    Kind::of::<Enrollment>("enrollments"),
    Kind::of::<Outcome>("outcomes"),
    Kind::of::<FollowUp>("follow-ups"),
];

impl Kind {
    pub fn named(name: &str) -> Option<&'static Self> {
        KINDS.iter().find(|kind| kind.name == name)
    }

    const fn of<T: Whole + ToSchema>(name: &'static str) -> Self {
        Self {
            name,
            resource: T::KIND,
            read: T::READ,
            lines: lines::<T>,
            shown: shown::<T>,
            columns: columns::of::<T>,
            count: T::count,
            versions: T::versions,
        }
    }
}

fn lines<'a, T: Whole>(access: &'a Access, sql: &'a mut Connection) -> Lines<'a> {
    let view = View::of::<T>(&access.actor);
    let line = move |record: Result<T>| {
        let mut line = Vec::with_capacity(1024);
        view.write(&record?, &mut line)?;
        line.push(b'\n');
        Ok(line)
    };
    T::all(access, sql).map(line).boxed_local()
}

fn shown<'a, T: Whole>(access: &'a Access, sql: &'a mut Connection) -> Shown<'a> {
    let view = View::of::<T>(&access.actor);
    T::all(access, sql).map(move |record| view.shown(&record?)).boxed_local()
}
