//! What a certification asks for, and how far each of it is.

use chrono::NaiveDate;
use diesel::{deserialize::FromSqlRow, expression::AsExpression, sql_types::Jsonb};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::{
    access::Permission,
    db::json::jsonb,
    error::{ApiError, Result},
    http::Code,
    records::Evidence,
    reference::CertificationRequirement,
    text_enum::text_enum,
};

text_enum! {
    RequirementStatus {
        Missing = "missing",
        Provided = "provided",
        Verified = "verified",
        NotApplicable = "not_applicable",
    }
}

/// What a client may set of a requirement.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = CreateCertificationRequirement)]
pub struct RequirementFields {
    pub status: RequirementStatus,
    /// Needed for what is provided or verified.
    pub evidence: Option<Evidence>,
}

/// One item of the checklist. Its code is its name: a certification has one of each.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[schema(as = CertificationRequirement)]
pub struct Requirement {
    /// From the list `certification-checklists`.
    #[schema(example = "ingredient_list")]
    pub requirement: String,
    pub status: RequirementStatus,
    pub evidence: Option<Evidence>,
}

#[derive(Debug, Clone, Default, Serialize, Deserialize, ToSchema, AsExpression, FromSqlRow)]
#[diesel(sql_type = Jsonb)]
#[serde(transparent)]
pub struct Requirements(pub Vec<Requirement>);
jsonb!(Requirements);

impl Requirements {
    /// All that the checklist asks for, nothing of it there yet.
    pub fn of(checklist: &[CertificationRequirement]) -> Self {
        let missing = |item: &CertificationRequirement| Requirement {
            requirement: item.code.clone(),
            status: RequirementStatus::Missing,
            evidence: None,
        };
        Self(checklist.iter().map(missing).collect())
    }

    pub fn find(&self, code: &str) -> Option<&Requirement> {
        self.0.iter().find(|item| item.requirement == code)
    }

    /// With one of them as `fields` have it.
    pub fn with(&self, code: &str, fields: &RequirementFields) -> Self {
        let change = |item: &Requirement| match item.requirement == code {
            true => Requirement {
                requirement: code.to_owned(),
                status: fields.status,
                evidence: fields.evidence.clone(),
            },
            false => item.clone(),
        };
        Self(self.0.iter().map(change).collect())
    }
}

impl Requirement {
    pub fn fields(&self) -> RequirementFields {
        RequirementFields { status: self.status, evidence: self.evidence.clone() }
    }
}

impl RequirementFields {
    /// Who plans the certification provides; that it is right, or not needed, is the desk's to say.
    ///
    /// # Errors
    /// `Forbidden` for a judgement by somebody else; `Invalid` for what the status does not go with.
    pub fn check(&self, is_desk: bool, today: NaiveDate) -> Result<()> {
        use RequirementStatus::{NotApplicable, Provided, Verified};
        if matches!(self.status, Verified | NotApplicable) && !is_desk {
            return Err(ApiError::Forbidden(Permission::DecideCertifications));
        }
        let flaw = match &self.evidence {
            None if matches!(self.status, Provided | Verified) => Some(Code::Required.at("/evidence")),
            Some(evidence) if evidence.dated_on > today => Some(Code::InTheFuture.at("/evidence/dated_on")),
            _ => None,
        };
        flaw.map_or(Ok(()), |flaw| Err(ApiError::invalid(flaw)))
    }
}
