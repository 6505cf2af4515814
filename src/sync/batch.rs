//! Some rows of a file, and what became of them.

use std::collections::HashSet;

use futures_util::future::try_join;
use serde_json::Value;
use uuid::Uuid;

use super::{
    columns::EXTERNAL_ID,
    payloads::{Line, Refused, Summary},
    rows::Found,
    running::{line, problem},
};
use crate::{
    error::{ApiError, Result},
    http::{Code, Flaw, language::Language, problem::in_words},
    log::{Events, append::append},
    records::{
        Tx,
        external_ids::ExternalId,
        synced::{Became, Outcome, Row, Synced},
    },
};

/// Rows that have not been done before.
pub struct Fresh(Vec<Found>);

#[derive(Default)]
pub struct Done {
    /// What is answered of them.
    pub lines: Vec<u8>,
    pub summary: Summary,
    pub refused: Vec<Refused>,
    /// What is wrong with them, each by its line.
    pub flaws: Vec<Flaw>,
    pub last_line: Option<i64>,
}

impl Fresh {
    /// `seen` are the ids before; up to `done_line` all is done.
    pub fn of(mut found: Vec<Found>, seen: &mut HashSet<String>, done_line: i64) -> Self {
        for one in &mut found {
            let again = one.external_id.as_ref().is_some_and(|id| !seen.insert(id.clone()));
            if again && one.error.is_none() {
                one.error = Some(ApiError::invalid(Code::Repeated.at("/external_id")));
            }
        }
        found.retain(|one| i64::try_from(one.line).is_ok_and(|line| line > done_line));
        Self(found)
    }

    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    pub async fn apply<K: Synced>(&self, tx: &Tx<'_>, source: &str, language: Language) -> Result<Done> {
        let id = |value: &str| ExternalId { source: source.to_owned(), value: value.to_owned() };
        let sound = self.0.iter().filter(|found| found.error.is_none());
        let row = |found: &Found| Some(Row { id: id(found.external_id.as_ref()?), said: found.said.clone() });
        let rows: Vec<_> = sound.filter_map(row).collect();
        let (outcomes, events) = K::apply(tx, source, &rows).await?;
        // The answer is made while PostgreSQL writes the events.
        let answered = async { self.answered(tx, outcomes, language) };
        let ((), done) = try_join(append(tx, Events::all(events)), answered).await?;
        Ok(done)
    }

    fn answered(&self, tx: &Tx<'_>, outcomes: Vec<Outcome>, language: Language) -> Result<Done> {
        let mut done = Done::default();
        let mut outcomes = outcomes.into_iter();
        for found in &self.0 {
            let outcome = if found.error.is_none() { outcomes.next() } else { None };
            let about = About { line: Some(found.line), external_id: found.external_id.as_deref() };
            let error = found.error.as_ref().or(outcome.as_ref().and_then(|outcome| outcome.error.as_ref()));
            match error {
                Some(error) => {
                    done.refuse(tx, &about, error, language)?;
                    done.refused.push(refused(found, error, language));
                }
                None => {
                    done.add(&about, &outcome.ok_or_else(|| ApiError::internal("each row has an outcome"))?)?
                }
            }
            done.last_line = i64::try_from(found.line).ok();
        }
        Ok(done)
    }
}

/// Which row it is.
struct About<'a> {
    line: Option<u64>,
    external_id: Option<&'a str>,
}

impl Done {
    pub async fn of_missing<K: Synced>(
        tx: &Tx<'_>,
        missing: &[(String, Uuid)],
        language: Language,
    ) -> Result<Self> {
        let (outcomes, events) = K::let_go(tx, missing).await?;
        append(tx, Events::all(events)).await?;
        let mut done = Self::default();
        for ((external_id, _), outcome) in missing.iter().zip(&outcomes) {
            let about = About { line: None, external_id: Some(external_id) };
            match &outcome.error {
                Some(error) => done.refuse(tx, &about, error, language)?,
                None => done.add(&about, outcome)?,
            }
        }
        Ok(done)
    }

    fn add(&mut self, about: &About<'_>, outcome: &Outcome) -> Result<()> {
        self.summary.count(outcome.became);
        self.lines.extend(line(&Line {
            line: about.line,
            external_id: about.external_id,
            result: outcome.became,
            id: outcome.id,
            changed: &outcome.changed,
            kept: &outcome.kept,
            problem: None,
        })?);
        Ok(())
    }

    fn refuse(&mut self, tx: &Tx<'_>, about: &About<'_>, error: &ApiError, language: Language) -> Result<()> {
        self.summary.count(Became::Rejected);
        self.lines.extend(line(&Line {
            line: about.line,
            external_id: about.external_id,
            result: Became::Rejected,
            id: None,
            changed: &[],
            kept: &[],
            problem: Some(problem(tx, error, language)),
        })?);
        let row = about.line.map_or_else(String::new, |line| format!("/{line}"));
        self.flaws.extend(flaws(error).into_iter().map(|flaw| flaw.under(&row)));
        Ok(())
    }
}

/// What is wrong, in any case at a place in the row.
fn flaws(error: &ApiError) -> Vec<Flaw> {
    match error {
        ApiError::Invalid(flaws) => flaws.clone(),
        ApiError::Duplicate { what, .. } => vec![Code::Repeated.at(format!("/{what}"))],
        other => vec![Code::Invalid.expecting("", other)],
    }
}

fn refused(found: &Found, error: &ApiError, language: Language) -> Refused {
    let mut said = found.said.clone();
    said.extend(found.external_id.clone().map(|id| (EXTERNAL_ID.to_owned(), Value::String(id))));
    let why = flaws(error).iter().map(|flaw| in_words(flaw, language)).collect::<Vec<_>>().join("; ");
    Refused { line: found.line, said, why }
}
