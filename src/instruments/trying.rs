//! Scoring without keeping anything: what answers and facts would come to.

use std::collections::BTreeMap;

use actix_web::{post, web::Path};
use chrono::NaiveDate;
use serde::{Deserialize, Serialize};
use utoipa::{
    ToSchema,
    openapi::schema::{Object, ObjectBuilder, Type},
};

use super::{
    document::{Document, fact::Facts},
    scoring::{Answers, Explanation, InstrumentScore, explain, score},
    store,
};
use crate::{
    access::{Granted, may::ReadInstruments},
    error::{ApiError, Result},
    http::{Code, Derived, Flaw, Json, flaw::pointer},
    ids::InstrumentId,
    reference::{Reference, lists},
};

/// Answers by item code, and what is known about the business.
#[derive(Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({
    "answers": { "BKP1": 2, "BKP2": 1 },
    "facts": { "subsector": "kuliner", "has_nib": true, "cooperative_membership": "none", "needs_capital": false },
}))]
struct ScoreAnswers {
    #[schema(schema_with = answers)]
    answers: BTreeMap<String, u8>,
    facts: Facts,
}

fn answers() -> Object {
    let answer = ObjectBuilder::new().schema_type(Type::Integer).minimum(Some(0)).maximum(Some(10));
    ObjectBuilder::new().schema_type(Type::Object).additional_properties(Some(answer)).build()
}

/// The result, and why it is what it is; without an explanation while answers are missing.
#[derive(Serialize, ToSchema)]
struct ExplainedScore {
    #[serde(flatten)]
    result: InstrumentScore,
    explanation: Option<Explanation>,
}

/// Score answers with an instrument.
///
/// Nothing is stored. The same answers and facts give the same result, always. Answers to items that do
/// not apply to the subsector are left out.
#[utoipa::path(params(InstrumentId), responses((status = 200, body = ExplainedScore)))]
#[post("/{id}/score")]
pub async fn score_answers(
    granted: Granted<ReadInstruments>,
    id: Path<InstrumentId>,
    Json(ScoreAnswers { answers, facts }): Json<ScoreAnswers>,
) -> Result<Derived<ExplainedScore>> {
    let instrument = store::find(&granted, *id).await?;
    let document = &instrument.fields.document;
    let flaws = flaws(document, &answers, &facts, &granted.worker.reference(), granted.today());
    ApiError::if_any(flaws)?;
    let (result, explanation) = (score(document, &answers, &facts), explain(document, &answers, &facts));
    Ok(Derived(ExplainedScore { result, explanation }))
}

fn flaws(
    document: &Document,
    answers: &Answers,
    facts: &Facts,
    reference: &Reference,
    today: NaiveDate,
) -> Vec<Flaw> {
    let known = |code: &str| document.items.iter().any(|item| item.code == code);
    let mut flaws = Vec::new();
    if !reference.is_valid(&lists::SUBSECTORS, &facts.subsector, today) {
        flaws.push(Code::UnknownCode.expecting("/facts/subsector", "subsectors"));
    }
    for (code, answer) in answers {
        let at = pointer(&["answers", code]);
        if !known(code) {
            flaws.push(Code::Unknown.at(at));
        } else if *answer > document.scale.max {
            flaws.push(Code::TooLarge.expecting(at, document.scale.max));
        }
    }
    flaws
}
