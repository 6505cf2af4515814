//! What the page is written from, in words and in the numbers of the language.

use std::collections::BTreeMap;

use chrono::{DateTime, NaiveDate, Utc};

use super::{
    charts::{self, Line},
    page::{AnswerRow, Answers, DimensionRow, GapRow, ImprovementRow, Level, Recommended, Trend, TrendRow},
    words::Words,
};
use crate::{
    assessments::{
        payloads::{Assessment, Kind},
        progress::{Point, Progress},
        rules::explained,
    },
    businesses::Business,
    error::Result,
    http::language::Language,
    instruments::{
        Document, Explanation, Facts, Improvement, InstrumentScore, ItemPoints,
        document::{
            Dimension,
            conclusions::Target,
            conditions::Value,
            fact::{Fact, Scalar},
            forms::Text,
        },
    },
    reference::{List, Reference, lists},
};

pub struct Source<'a> {
    pub assessment: &'a Assessment,
    pub document: &'a Document,
    pub business: &'a Business,
    pub result: &'a InstrumentScore,
    pub facts: &'a Facts,
    pub progress: Progress,
    pub shows_answers: bool,
    pub reference: &'a Reference,
    pub today: NaiveDate,
    /// The day of a time, in the city.
    pub zone: &'a dyn Fn(DateTime<Utc>) -> NaiveDate,
    pub language: Language,
}

impl Source<'_> {
    pub fn text(&self, text: &Text) -> String {
        self.language.pick(&text.id, &text.en).to_owned()
    }

    pub fn name_of(&self, list: &'static List, code: &str) -> String {
        self.reference.name(list, code, self.language).unwrap_or(code).to_owned()
    }

    pub fn reason(&self, code: &str) -> String {
        let [overridden, decided] =
            ["override", "decide_objection"].map(|action| format!("assessment/{action}/{code}"));
        let name = |key: &str| self.reference.name(&lists::REASON_CODES, key, self.language);
        name(&overridden).or(name(&decided)).unwrap_or(code).to_owned()
    }

    pub fn day(&self, day: NaiveDate) -> String {
        day.format(self.language.pick("%d-%m-%Y", "%Y-%m-%d")).to_string()
    }

    /// Basis points as per cent, with the decimal sign of the language.
    pub fn number(&self, points: i32) -> String {
        let text = format!("{}.{:02}", points.abs() / 100, points.abs() % 100);
        self.language.pick(&text.replace('.', ","), &text).to_owned()
    }

    pub fn points(&self, points: Option<u16>) -> String {
        points.map_or("–".to_owned(), |points| self.number(points.into()))
    }

    pub fn signed(&self, points: Option<i32>) -> String {
        points.map_or("–".to_owned(), |points| {
            let sign = if points < 0 { "−" } else { "+" };
            format!("{sign}{}", self.number(points))
        })
    }

    pub fn by(&self, w: &Words, kind: Kind) -> &'static str {
        match kind {
            Kind::Own => w.by_owner,
            Kind::Mentor => w.by_mentor,
            Kind::FollowUp => w.by_follow_up,
        }
    }

    pub fn class(&self, code: Option<&str>) -> String {
        let Some(code) = code else { return "–".to_owned() };
        let known = self.document.classification.classes.iter().find(|class| class.code == code);
        known.map_or(code.to_owned(), |class| self.text(&class.name))
    }

    pub fn level(&self, level: u8) -> Option<Level> {
        let levels = &self.document.bookkeeping_maturity.as_ref()?.levels;
        let found = levels.iter().find(|one| one.level == level)?;
        Some(Level { level, text: self.language.pick(&found.id, &found.en).to_owned() })
    }

    pub fn dimension(&self, code: &str) -> String {
        let known = self.document.dimensions.iter().find(|one| one.code == code);
        known.map_or(code.to_owned(), |one| self.text(&one.name))
    }

    pub fn dimensions(&self, point: Option<&Point>) -> Vec<DimensionRow> {
        let change = point.and_then(|point| point.change.as_ref());
        let row = |one: &Dimension| DimensionRow {
            name: self.text(&one.name),
            weight: one.weight,
            score: self.points(self.result.dimensions.get(&one.code).copied()),
            change: self.signed(change.and_then(|change| change.dimensions.get(&one.code).copied())),
        };
        self.document.dimensions.iter().map(row).collect()
    }

    /// This assessment, and beside it the other side's where there is a gap to see.
    pub fn radar(&self, w: &Words) -> Result<String> {
        let codes: Vec<_> = self.document.dimensions.iter().map(|one| one.code.as_str()).collect();
        let per_cent = |scores: &BTreeMap<String, u16>| {
            codes
                .iter()
                .map(|code| scores.get(*code).map_or(0.0, |points| f32::from(*points) / 100.0))
                .collect()
        };
        let kind = self.assessment.fields.kind;
        let mut lines =
            vec![Line { name: side(w, kind).to_owned(), points: per_cent(&self.result.dimensions) }];
        if let Some(other) = self.other_side() {
            lines.push(Line {
                name: side(w, other.kind).to_owned(),
                points: per_cent(&other.scores.dimensions),
            });
        }
        let axes: Vec<_> = codes.iter().map(|code| self.dimension(code)).collect();
        charts::radar(&axes, &lines)
    }

    /// The owner's assessment beside the mentor's, or the reverse.
    pub fn other_side(&self) -> Option<&Point> {
        let id = self.assessment.id;
        let gap = self.progress.gaps.iter();
        let other = gap.rev().find_map(|gap| match () {
            () if gap.assessment_id == id => Some(gap.self_assessment_id),
            () if gap.self_assessment_id == id => Some(gap.assessment_id),
            () => None,
        })?;
        self.progress.assessments.iter().find(|point| point.assessment_id == other)
    }

    pub fn why(&self, w: &Words) -> Vec<String> {
        let because = self.result.class.iter().flat_map(|class| &class.because);
        because
            .map(|it| {
                let limit = match &it.value {
                    Value::One(scalar) => self.value(w, &it.fact, scalar),
                    Value::Several(several) => {
                        several.iter().map(|one| self.value(w, &it.fact, one)).collect::<Vec<_>>().join(", ")
                    }
                };
                let actual = self.value(w, &it.fact, &it.actual);
                format!("{}: {actual} ({} {} {limit})", self.fact(w, &it.fact), w.threshold, it.op.sign())
            })
            .collect()
    }

    pub fn fact(&self, w: &Words, fact: &Fact) -> String {
        match fact {
            Fact::Score => w.score.to_owned(),
            Fact::Potential => w.potential.to_owned(),
            Fact::Dimension(code) => self.dimension(code),
            Fact::Item(code) => self.question(code),
            Fact::Subsector => w.subsector.to_owned(),
            Fact::HasNib => "NIB".to_owned(),
            other => other.to_string(),
        }
    }

    pub fn value(&self, w: &Words, fact: &Fact, value: &Scalar) -> String {
        match (fact, value) {
            (Fact::Score | Fact::Potential | Fact::Dimension(_), Scalar::Number(points)) => {
                i32::try_from(*points).map_or(points.to_string(), |points| self.number(points))
            }
            (_, Scalar::Truth(truth)) => if *truth { w.yes } else { w.no }.to_owned(),
            (_, other) => other.to_string(),
        }
    }

    pub fn recommendations(&self, w: &Words) -> Vec<Recommended> {
        let by = |target: Target| match target {
            Target::Facilitation => w.facilitation,
            Target::Cooperatives => w.cooperatives,
            Target::Standardisation => w.standardisation,
            Target::Programme => w.programme,
            Target::Mentor => w.by_mentor,
        };
        let held = self.result.recommendations.iter();
        held.map(|one| {
            let words = self.document.recommendations.iter().find(|it| it.code == one.code);
            Recommended { text: words.map_or(one.code.clone(), |it| self.text(&it.text)), by: by(one.target) }
        })
        .collect()
    }

    pub fn question(&self, item: &str) -> String {
        let known = self.document.items.iter().find(|one| one.code == item);
        known.map_or(item.to_owned(), |one| self.text(&one.question))
    }

    pub fn anchor(&self, item: &str, score: u8) -> String {
        let item = self.document.items.iter().find(|one| one.code == item);
        let anchor = item.and_then(|item| item.anchors.iter().find(|anchor| anchor.score == score));
        anchor.map_or(score.to_string(), |it| format!("{score}: {}", self.language.pick(&it.id, &it.en)))
    }

    pub fn answers(&self) -> Option<Answers> {
        let Explanation { points, improvements, .. } = explained(self.assessment, self.document)?;
        let improvement = |it: Improvement| ImprovementRow {
            question: self.question(&it.step.item),
            from: self.anchor(&it.step.item, it.step.from),
            to: self.anchor(&it.step.item, it.step.to),
            gain: self.signed(Some(it.gain.into())),
            class: self.class(it.class.as_deref()),
        };
        let row = |it: ItemPoints| AnswerRow {
            question: self.question(&it.item),
            answer: self.anchor(&it.item, it.answer),
            points: self.points(Some(it.points)),
            of: self.points(Some(it.of)),
        };
        Some(Answers {
            improvements: improvements.into_iter().map(improvement).collect(),
            rows: points.into_iter().map(row).collect(),
        })
    }

    /// Those with the same instrument; from the second on there is a trend.
    pub fn trend(&self, w: &Words) -> Result<Option<Trend>> {
        let same = |point: &&Point| point.instrument_id == self.assessment.fields.instrument_id;
        let points: Vec<_> = self.progress.assessments.iter().filter(same).collect();
        if points.len() < 2 {
            return Ok(None);
        }
        let row = |point: &&Point| TrendRow {
            day: self.day((self.zone)(point.submitted_at)),
            by: self.by(w, point.kind),
            score: self.points(point.scores.score),
            change: self.signed(point.change.as_ref().and_then(|change| change.score)),
        };
        let of_all = |value: fn(&Point) -> Option<u16>| {
            points.iter().map(|point| f32::from(value(point).unwrap_or_default()) / 100.0).collect()
        };
        let lines = [
            Line { name: w.score.to_owned(), points: of_all(|point| point.scores.score) },
            Line { name: w.potential.to_owned(), points: of_all(|point| point.scores.potential) },
        ];
        let rows: Vec<_> = points.iter().map(row).collect();
        let chart = charts::trend(rows.iter().map(|row| row.day.clone()).collect(), &lines)?;
        Ok(Some(Trend { chart, rows }))
    }

    pub fn gap(&self) -> Vec<GapRow> {
        let Some(other) = self.other_side() else { return vec![] };
        let this = &self.result.dimensions;
        let (owner, mentor) = match self.assessment.fields.kind {
            Kind::Own => (this, &other.scores.dimensions),
            _ => (&other.scores.dimensions, this),
        };
        let row = |one: &Dimension| {
            let (own, theirs) = (owner.get(&one.code).copied(), mentor.get(&one.code).copied());
            let difference = own.zip(theirs).map(|(own, theirs)| i32::from(own) - i32::from(theirs));
            GapRow {
                name: self.text(&one.name),
                owner: self.points(own),
                mentor: self.points(theirs),
                difference: self.signed(difference),
            }
        };
        self.document.dimensions.iter().map(row).collect()
    }
}

/// Short, for a chart's legend.
fn side(w: &Words, kind: Kind) -> &'static str {
    if kind == Kind::Own { w.owner } else { w.mentor }
}
