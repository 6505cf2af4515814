//! What people decide about a class: the override, the owner's objection, and its decision. The class
//! that was computed stands beside them, unchanged.

use chrono::{DateTime, NaiveDate, Utc};
use diesel::{deserialize::FromSqlRow, expression::AsExpression, sql_types::Jsonb};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::payloads::{Action, Assessment, Course, MoveAssessment};
use crate::{
    db::json::jsonb,
    http::{Code, Flaw},
    ids::UserId,
    instruments::Document,
};

/// A class that a person set, and why.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema, AsExpression, FromSqlRow)]
#[diesel(sql_type = Jsonb)]
#[schema(as = ClassOverride)]
pub struct Override {
    #[schema(example = "high")]
    pub class: String,
    #[schema(example = "evidence_seen")]
    pub reason_code: String,
    pub note: Option<String>,
    pub by: UserId,
    pub at: DateTime<Utc>,
}

/// The owner does not agree with the class.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema, AsExpression, FromSqlRow)]
#[diesel(sql_type = Jsonb)]
#[schema(as = ClassObjection)]
pub struct Objection {
    #[schema(example = "facts_wrong")]
    pub reason_code: String,
    pub note: Option<String>,
    pub by: UserId,
    pub at: DateTime<Utc>,
    /// The day by which the programme has to decide.
    pub due_on: NaiveDate,
    pub decision: Option<Decision>,
}
jsonb!(Override, Objection);

#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[schema(as = ClassObjectionDecision)]
pub struct Decision {
    /// `upheld`, `partly_upheld` or `dismissed`.
    #[schema(example = "upheld")]
    pub reason_code: String,
    pub note: Option<String>,
    pub by: UserId,
    pub at: DateTime<Utc>,
}

impl Objection {
    pub fn is_open(&self) -> bool {
        self.decision.is_none()
    }
}

/// Who decides, when, and by when the next has to follow.
pub struct Hearing {
    pub by: UserId,
    pub now: DateTime<Utc>,
    /// From today: the last day to object, and the day by which an objection is to be decided.
    pub object_by: NaiveDate,
    pub decide_by: NaiveDate,
}

/// The course after an override, an objection or its decision, of which the lifecycle has approved.
pub fn after(
    before: &Assessment,
    wanted: &MoveAssessment,
    document: &Document,
    hearing: &Hearing,
) -> Result<Course, Vec<Flaw>> {
    let class = class_flaws(before, wanted, document);
    if !class.is_empty() {
        return Err(class);
    }
    let (course, reason_code) = (before.course.clone(), wanted.reason_code.clone().unwrap_or_default());
    let (note, by, at) = (wanted.note.clone(), hearing.by, hearing.now);
    let set = wanted.class.clone().map(|class| Override {
        class,
        reason_code: reason_code.clone(),
        note: note.clone(),
        by,
        at,
    });
    Ok(match wanted.action {
        Action::Object => {
            let due_on = hearing.decide_by;
            let objection = Objection { reason_code, note, by, at, due_on, decision: None };
            Course { objection: Some(objection), ..course }
        }
        Action::DecideObjection => {
            let decision = Some(Decision { reason_code, note, by, at });
            let objection = course.objection.map(|objection| Objection { decision, ..objection });
            Course { objection, class_override: set.or(course.class_override), ..course }
        }
        // The owner may object to each override anew.
        _ => Course { class_override: set, object_by: Some(hearing.object_by), objection: None, ..course },
    })
}

/// A class is given exactly where one is to be set, is one of the instrument's, and another than now.
fn class_flaws(before: &Assessment, wanted: &MoveAssessment, document: &Document) -> Vec<Flaw> {
    let dismissed = wanted.reason_code.as_deref() == Some("dismissed");
    let sets = match wanted.action {
        Action::DecideObjection => !dismissed,
        action => action == Action::Override,
    };
    let classes = || document.classification.classes.iter().map(|class| class.code.as_str());
    match &wanted.class {
        None if sets => vec![Code::Required.at("/class")],
        None => vec![],
        Some(_) if !sets => vec![Code::Unknown.at("/class")],
        Some(class) if !classes().any(|known| known == class) => {
            vec![Code::NotAllowed.expecting("/class", classes().collect::<Vec<_>>().join(", "))]
        }
        Some(class) if before.figures.class_effective.as_ref() == Some(class) => {
            vec![Code::Conflict.expecting("/class", "class_effective")]
        }
        Some(_) => vec![],
    }
}
