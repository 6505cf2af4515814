//! What stands on the page.

use askama::Template;
use chrono::{DateTime, Utc};

use super::{source::Source, words::Words};
use crate::{error::Result, reference::lists};

#[derive(Template)]
#[template(path = "assessments/report/report.html")]
pub struct Page {
    pub w: Words,
    pub business: String,
    pub number: String,
    pub subsector: String,
    pub instrument: String,
    pub instrument_version: u32,
    pub by: &'static str,
    pub submitted_on: String,
    pub reviewed_on: String,
    pub class: String,
    pub score: String,
    pub potential: String,
    pub bookkeeping: Option<Level>,
    pub overridden: Option<Overridden>,
    pub object_by: Option<String>,
    pub radar: String,
    pub dimensions: Vec<DimensionRow>,
    pub has_change: bool,
    pub why: Vec<String>,
    pub recommendations: Vec<Recommended>,
    pub answers: Option<Answers>,
    pub trend: Option<Trend>,
    pub gap: Vec<GapRow>,
}

pub struct Level {
    pub level: u8,
    pub text: String,
}

pub struct Overridden {
    pub reason: String,
    pub computed: String,
}

pub struct DimensionRow {
    pub name: String,
    pub weight: u8,
    pub score: String,
    pub change: String,
}

pub struct Recommended {
    pub text: String,
    pub by: &'static str,
}

pub struct Answers {
    pub improvements: Vec<ImprovementRow>,
    pub rows: Vec<AnswerRow>,
}

pub struct ImprovementRow {
    pub question: String,
    pub from: String,
    pub to: String,
    pub gain: String,
    pub class: String,
}

pub struct AnswerRow {
    pub question: String,
    pub answer: String,
    pub points: String,
    pub of: String,
}

pub struct Trend {
    pub chart: String,
    pub rows: Vec<TrendRow>,
}

pub struct TrendRow {
    pub day: String,
    pub by: &'static str,
    pub score: String,
    pub change: String,
}

pub struct GapRow {
    pub name: String,
    pub owner: String,
    pub mentor: String,
    pub difference: String,
}

pub fn page(source: &Source<'_>) -> Result<Page> {
    let Source { assessment, document, business, result, .. } = source;
    let w = Words::of(source.language);
    let course = &assessment.course;
    let point = source.progress.assessments.iter().find(|point| point.assessment_id == assessment.id);
    let dimensions = source.dimensions(point);
    let day = |at: Option<DateTime<Utc>>| at.map(|at| source.day((source.zone)(at)));
    let level = result.bookkeeping_maturity.and_then(|level| source.level(level));
    Ok(Page {
        business: business.fields.name.clone(),
        number: business.number.clone(),
        subsector: source.name_of(&lists::SUBSECTORS, &source.facts.subsector),
        instrument: source.text(&document.title),
        instrument_version: document.version,
        by: source.by(&w, assessment.fields.kind),
        submitted_on: day(course.submitted_at).unwrap_or_default(),
        reviewed_on: day(course.reviewed_at).unwrap_or_else(|| w.not_reviewed.to_owned()),
        class: source.class(assessment.figures.class_effective.as_deref()),
        score: source.points(result.score),
        potential: source.points(result.potential),
        bookkeeping: level,
        overridden: course.class_override.as_ref().map(|it| Overridden {
            reason: source.reason(&it.reason_code),
            computed: source.class(assessment.figures.class_computed.as_deref()),
        }),
        object_by: course.object_by.filter(|day| *day >= source.today).map(|day| source.day(day)),
        radar: source.radar(&w)?,
        has_change: point.is_some_and(|point| point.change.is_some()),
        dimensions,
        why: source.why(&w),
        recommendations: source.recommendations(&w),
        answers: source.shows_answers.then(|| source.answers()).flatten(),
        trend: source.trend(&w)?,
        gap: source.gap(),
        w,
    })
}
