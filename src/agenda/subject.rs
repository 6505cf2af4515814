//! Which record something is about, and where it is read.

use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct Subject {
    /// As in the types of events.
    #[serde(rename = "type")]
    #[schema(example = "session")]
    pub kind: String,
    pub id: Uuid,
    /// Where it is read; null where it is not read by itself.
    #[schema(example = "/v1/assessments/01948f5e-7a00-7000-8000-000000000001")]
    pub path: Option<String>,
}

impl Subject {
    /// `parent` is the record below whose address it stands, where it stands below one.
    pub fn new(kind: &str, id: Uuid, parent: Option<Uuid>) -> Self {
        Self { kind: kind.to_owned(), id, path: path(kind, id, parent) }
    }
}

fn path(kind: &str, id: Uuid, parent: Option<Uuid>) -> Option<String> {
    let below = |collection: &str, rest: &str| parent.map(|of| format!("/v1/{collection}/{of}/{rest}"));
    match kind {
        "mentorship" => Some(format!("/v1/mentorships/{id}")),
        "session" => below("mentorships", &format!("sessions/{id}")),
        "agreed_action" => below("mentorships", &format!("agreed-actions/{id}")),
        "plan" => below("mentorships", "plan"),
        "participant" => below("cohorts", &format!("participants/{id}")),
        "mentor_qualification" => below("mentors", &format!("qualifications/{id}")),
        "mentor" | "assessment" | "certification" | "enrollment" | "outcome" => {
            Some(format!("/v1/{kind}s/{id}"))
        }
        "hand_over" | "capital_referral" | "follow_up" => {
            Some(format!("/v1/{}s/{id}", kind.replace('_', "-")))
        }
        _ => None,
    }
}
