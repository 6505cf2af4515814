//! What a draft instrument would have made of the answers that are stored: who would move from which
//! class to which. Nothing that was scored changes.

use std::collections::BTreeMap;

use actix_web::{post, web::Path};
use diesel::prelude::*;
use diesel_async::RunQueryDsl;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use utoipa_actix_web::{scope, service_config::ServiceConfig};
use uuid::Uuid;

use super::payloads::{AnswerSheet, Kind};
use crate::{
    access::{Granted, may::WriteInstruments},
    db::{
        Connection,
        schema::{assessments, instruments as instruments_table, mentorships},
    },
    error::{ApiError, Result},
    http::{Derived, Json},
    ids::{AssessmentId, CohortId, InstrumentId},
    instruments::{self, Document, Facts, score},
};

pub fn routes(config: &mut ServiceConfig<'_>) {
    config.service(scope("/instruments/{id}/simulate").service(simulate_instrument));
}

/// Over which assessments: all that were submitted with an instrument of the same code, unless narrowed.
#[derive(Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({ "kinds": ["mentor", "follow_up"] }))]
struct Simulate {
    /// Of businesses that are coached in this cohort.
    cohort_id: Option<CohortId>,
    #[serde(default)]
    #[schema(max_items = 3)]
    kinds: Vec<Kind>,
}

#[derive(Default, Serialize, ToSchema)]
struct Simulation {
    /// How many assessments it was run over.
    #[schema(example = 28)]
    assessments: u64,
    /// How many of them lack an answer that the instrument asks for.
    #[schema(example = 0)]
    incomplete: u64,
    /// How many would have another class than they were given.
    #[schema(example = 3)]
    moved: u64,
    /// The migration matrix: each pair of classes that occurs. `to` is null where an answer is missing.
    matrix: Vec<Migration>,
    /// How many would have each need, of those that have it now.
    needs: Vec<NeedChange>,
}

#[derive(Serialize, ToSchema)]
struct Migration {
    #[schema(example = "low")]
    from: Option<String>,
    #[schema(example = "medium")]
    to: Option<String>,
    #[schema(example = 3)]
    count: u64,
}

#[derive(Serialize, ToSchema)]
struct NeedChange {
    #[schema(example = "capital")]
    need: String,
    #[schema(example = 9)]
    before: u64,
    #[schema(example = 11)]
    after: u64,
}

/// Run an instrument over the stored answers.
///
/// Before it is published: which assessments would have come out in another class. Answers count by the
/// codes of their items, with the facts that were frozen; nothing is stored.
#[utoipa::path(params(InstrumentId), responses((status = 200, body = Simulation)))]
#[post("")]
async fn simulate_instrument(
    granted: Granted<WriteInstruments>,
    id: Path<InstrumentId>,
    Json(over): Json<Simulate>,
) -> Result<Derived<Simulation>> {
    let instrument = instruments::find(&granted, *id).await?;
    // Long reads keep off the connection that the worker's short ones share.
    let mut connection = granted.worker.db.long().await?;
    let (mut tally, mut after) = (Tally::default(), Uuid::nil());
    loop {
        let scored = page_after(&mut connection, after, &over, &instrument.heading.code).await?;
        let Some(last) = scored.last() else { break };
        after = last.id.0;
        let document = instrument.fields.document.clone();
        let run = move || scored.into_iter().fold(Tally::default(), |tally, it| tally.with(it, &document));
        tally = tally.plus(actix_web::web::block(run).await.map_err(ApiError::internal)?);
    }
    Ok(Derived(tally.into()))
}

/// What an assessment was scored from, and came to.
#[derive(Queryable)]
struct Scored {
    id: AssessmentId,
    answers: AnswerSheet,
    facts: Option<Facts>,
    class: Option<String>,
    result: Option<instruments::InstrumentScore>,
}

const PAGE: i64 = 2_000;

async fn page_after(
    connection: &mut Connection,
    after: Uuid,
    over: &Simulate,
    code: &str,
) -> Result<Vec<Scored>> {
    let alike = instruments_table::table.filter(instruments_table::code.eq(code));
    let of_code = assessments::instrument_id.eq_any(alike.select(instruments_table::id));
    let mut query = assessments::table.filter(assessments::result.is_not_null()).filter(of_code).into_boxed();
    if !over.kinds.is_empty() {
        query = query.filter(assessments::kind.eq_any(&over.kinds));
    }
    if let Some(cohort) = over.cohort_id {
        let of_cohort = mentorships::table.filter(mentorships::cohort_id.eq(cohort));
        query = query.filter(assessments::business_id.eq_any(of_cohort.select(mentorships::business_id)));
    }
    let columns = (
        assessments::id,
        assessments::answers,
        assessments::facts,
        assessments::class_computed,
        assessments::result,
    );
    let page = query.filter(assessments::id.gt(AssessmentId(after))).order(assessments::id).limit(PAGE);
    Ok(page.select(columns).load(connection).await?)
}

/// Counts by pair of classes, and by need before and after.
#[derive(Default)]
struct Tally {
    assessments: u64,
    incomplete: u64,
    matrix: BTreeMap<(Option<String>, Option<String>), u64>,
    needs: BTreeMap<String, (u64, u64)>,
}

impl Tally {
    fn with(mut self, it: Scored, document: &Document) -> Self {
        let Some(facts) = it.facts else { return self };
        let answers = it.answers.0.into_iter().map(|(code, answer)| (code, answer.score)).collect();
        let then = score(document, &answers, &facts);
        self.assessments += 1;
        self.incomplete += u64::from(!then.complete);
        *self.matrix.entry((it.class, then.class.map(|class| class.code))).or_default() += 1;
        for need in it.result.into_iter().flat_map(|result| result.needs) {
            self.needs.entry(need).or_default().0 += 1;
        }
        for need in then.needs {
            self.needs.entry(need).or_default().1 += 1;
        }
        self
    }

    fn plus(mut self, other: Self) -> Self {
        self.assessments += other.assessments;
        self.incomplete += other.incomplete;
        for (pair, count) in other.matrix {
            *self.matrix.entry(pair).or_default() += count;
        }
        for (need, (before, after)) in other.needs {
            let (all_before, all_after) = self.needs.entry(need).or_default();
            *all_before += before;
            *all_after += after;
        }
        self
    }
}

impl From<Tally> for Simulation {
    fn from(tally: Tally) -> Self {
        let moved = tally.matrix.iter().filter(|((from, to), _)| to.is_some() && from != to);
        Self {
            moved: moved.map(|(_, count)| count).sum(),
            assessments: tally.assessments,
            incomplete: tally.incomplete,
            matrix: tally
                .matrix
                .into_iter()
                .map(|((from, to), count)| Migration { from, to, count })
                .collect(),
            needs: tally
                .needs
                .into_iter()
                .map(|(need, (before, after))| NeedChange { need, before, after })
                .collect(),
        }
    }
}
