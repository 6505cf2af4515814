//! How a business has come along: its assessments side by side, what changed between them, how the owner
//! sees it and how the mentor does, and the figures of those days.
//!
//! Only assessments with the same version of an instrument are compared: a change of the questions is no
//! change of the business.

use std::{collections::BTreeMap, rc::Rc};

use actix_web::{get, web::Path};
use chrono::{DateTime, Utc};
use serde::Serialize;
use serde_json::Value;
use utoipa::ToSchema;
use utoipa_actix_web::{scope, service_config::ServiceConfig};

use super::{
    payloads::{Assessment, Kind, Status},
    store,
};
use crate::{
    access::{Access, Granted, Permission, may::ReadAssessments},
    businesses::{self, Snapshot},
    error::Result,
    http::{Derived, view::View},
    ids::{AssessmentId, BusinessId, InstrumentId},
};

pub fn routes(config: &mut ServiceConfig<'_>) {
    config.service(scope("/businesses/{id}/progress").service(get_business_progress));
}

#[derive(Serialize, ToSchema)]
#[schema(as = BusinessProgress)]
pub struct Progress {
    pub business_id: BusinessId,
    /// The scored assessments, the earliest first.
    pub assessments: Vec<Point>,
    /// Each assessment of a mentor beside the owner's latest before it, or else the first after it.
    pub gaps: Vec<Gap>,
    /// The figures, the earliest first.
    #[schema(value_type = Vec<Snapshot>)]
    snapshots: Vec<Value>,
}

/// One assessment in the series.
#[derive(Serialize, ToSchema)]
#[schema(as = ProgressPoint)]
pub struct Point {
    pub assessment_id: AssessmentId,
    pub kind: Kind,
    pub status: Status,
    pub instrument_id: InstrumentId,
    pub submitted_at: DateTime<Utc>,
    #[serde(flatten)]
    pub scores: Scores,
    #[schema(example = "medium")]
    pub class_effective: Option<String>,
    #[schema(maximum = 10, example = 2)]
    pub bookkeeping_maturity: Option<i32>,
    /// Against the one before by the same side (owner or mentor) with the same instrument.
    pub change: Option<Difference>,
}

/// Basis points.
#[derive(Clone, Serialize, ToSchema)]
#[schema(as = ProgressScores)]
pub struct Scores {
    #[schema(maximum = 10000, example = 5480)]
    pub score: Option<u16>,
    #[schema(maximum = 10000, example = 6125)]
    pub potential: Option<u16>,
    /// By dimension.
    pub dimensions: BTreeMap<String, u16>,
}

/// One less the other, in basis points.
#[derive(Serialize, ToSchema)]
#[schema(as = ProgressDifference)]
pub struct Difference {
    /// The earlier one.
    pub since: AssessmentId,
    #[schema(example = 1250)]
    pub score: Option<i32>,
    pub dimensions: BTreeMap<String, i32>,
}

/// The owner's scores less the mentor's: positive where the owner sees his business better.
#[derive(Serialize, ToSchema)]
#[schema(as = ProgressGap)]
pub struct Gap {
    pub self_assessment_id: AssessmentId,
    pub assessment_id: AssessmentId,
    #[schema(example = 500)]
    pub score: Option<i32>,
    pub dimensions: BTreeMap<String, i32>,
}

/// Get the progress of a business.
///
/// From its assessments that were submitted, and its snapshots.
#[utoipa::path(params(BusinessId), responses((status = 200, body = Progress)))]
#[get("")]
async fn get_business_progress(
    granted: Granted<ReadAssessments>,
    business: Path<BusinessId>,
) -> Result<Derived<Progress>> {
    Ok(Derived(of(&granted, *business).await?))
}

pub async fn of(access: &Access, business: BusinessId) -> Result<Progress> {
    let reach = access.reach_of(Permission::ReadBusinesses)?;
    let business = businesses::find(access, business).await?;
    let series = store::scored(access, business.id).await?;
    let view = View::of::<Snapshot>(&access.actor);
    let snapshots = businesses::snapshots_of(access, reach, business.id).await?;
    Ok(Progress {
        business_id: business.id,
        gaps: gaps(&series),
        assessments: series.iter().enumerate().filter_map(|(at, it)| point(it, series.get(..at)?)).collect(),
        snapshots: snapshots.iter().map(|snapshot| view.shown(snapshot)).collect::<Result<_>>()?,
    })
}

fn point(assessment: &Assessment, earlier: &[Rc<Assessment>]) -> Option<Point> {
    let fields = &assessment.fields;
    let own = |it: &Assessment| it.fields.kind == Kind::Own;
    let like =
        |it: &&Rc<Assessment>| it.fields.instrument_id == fields.instrument_id && own(it) == own(assessment);
    let change = earlier.iter().rev().find(like).and_then(|before| {
        let (score, dimensions) = difference(&scores(assessment)?, &scores(before)?);
        Some(Difference { since: before.id, score, dimensions })
    });
    Some(Point {
        assessment_id: assessment.id,
        kind: fields.kind,
        status: assessment.course.status,
        instrument_id: fields.instrument_id,
        submitted_at: assessment.course.submitted_at?,
        scores: scores(assessment)?,
        class_effective: assessment.figures.class_effective.clone(),
        bookkeeping_maturity: assessment.figures.bookkeeping_maturity,
        change,
    })
}

fn scores(assessment: &Assessment) -> Option<Scores> {
    let result = assessment.course.result.as_ref()?;
    let (score, potential) = (result.score, result.potential);
    Some(Scores { score, potential, dimensions: result.dimensions.clone() })
}

fn gaps(series: &[Rc<Assessment>]) -> Vec<Gap> {
    let gap = |(at, mentors): (usize, &Rc<Assessment>)| {
        let owners = |it: &&Rc<Assessment>| {
            it.fields.kind == Kind::Own && it.fields.instrument_id == mentors.fields.instrument_id
        };
        let (before, after) = series.split_at_checked(at)?;
        let own = before.iter().rev().find(owners).or_else(|| after.iter().find(owners))?;
        let (score, dimensions) = difference(&scores(own)?, &scores(mentors)?);
        Some(Gap { self_assessment_id: own.id, assessment_id: mentors.id, score, dimensions })
    };
    let by_mentors = series.iter().enumerate().filter(|(_, it)| it.fields.kind != Kind::Own);
    by_mentors.filter_map(gap).collect()
}

fn difference(one: &Scores, other: &Scores) -> (Option<i32>, BTreeMap<String, i32>) {
    let less = |one: u16, other: u16| i32::from(one) - i32::from(other);
    let score = one.score.zip(other.score).map(|(one, other)| less(one, other));
    let dimensions = one.dimensions.iter().filter_map(|(code, points)| {
        other.dimensions.get(code).map(|before| (code.clone(), less(*points, *before)))
    });
    (score, dimensions.collect())
}
