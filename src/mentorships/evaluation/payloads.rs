//! What clients get.

use serde::Serialize;
use utoipa::ToSchema;

use crate::ids::MentorId;

#[derive(Debug, Serialize, ToSchema)]
#[schema(as = MentorEvaluation)]
pub struct Evaluation {
    pub mentor_id: MentorId,
    /// From 1 January to 31 December, as the city has them.
    #[schema(example = 2026)]
    pub year: i32,
    pub mentorships: Mentorships,
    pub sessions: Sessions,
    pub minutes: Minutes,
    pub objectives: Objectives,
    /// Plans that he last accepted in the year.
    #[schema(example = 2)]
    pub plans_accepted: i64,
}

/// By what happened to them in the year.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = EvaluatedMentorships)]
pub struct Mentorships {
    #[schema(example = 6)]
    pub proposed: i64,
    #[schema(example = 5)]
    pub accepted: i64,
    #[schema(example = 4)]
    pub started: i64,
    #[schema(example = 3)]
    pub completed: i64,
    /// After coaching had begun.
    #[schema(example = 1)]
    pub terminated: i64,
}

#[derive(Debug, Serialize, ToSchema)]
#[schema(as = EvaluatedSessions)]
pub struct Sessions {
    /// For a day of the year, whatever came of them.
    #[schema(example = 24)]
    pub planned: i64,
    #[schema(example = 20)]
    pub held: i64,
    /// Of those held, those that the owner confirmed.
    #[schema(example = 18)]
    pub confirmed: i64,
    /// Of those held, those that count as coaching.
    #[schema(example = 17)]
    pub countable: i64,
    /// Of those held, those that were reported within seven days.
    #[schema(example = 19)]
    pub reported_in_time: i64,
}

/// Of the sessions held.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = EvaluatedMinutes)]
pub struct Minutes {
    #[schema(example = 1500)]
    pub contact: i64,
    #[schema(example = 400)]
    pub preparation: i64,
    #[schema(example = 800)]
    pub travel: i64,
}

/// Those that were set in the year, and where they stand now.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = EvaluatedObjectives)]
pub struct Objectives {
    #[schema(example = 12)]
    pub set: i64,
    #[schema(example = 8)]
    pub achieved: i64,
    #[schema(example = 1)]
    pub dropped: i64,
}
