//! The papers of a referral: which the checklist asks for, and how far each is.

use chrono::NaiveDate;
use diesel::{deserialize::FromSqlRow, expression::AsExpression, sql_types::Jsonb};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::payloads::{Purpose, Status};
use crate::{
    access::Permission,
    db::json::jsonb,
    error::{ApiError, Result},
    http::Code,
    records::Evidence,
    reference::{Reference, lists},
    text_enum::text_enum,
};

text_enum! {
    DocumentStatus {
        Missing = "missing",
        Provided = "provided",
        Verified = "verified",
        NotApplicable = "not_applicable",
    }
}

/// What a client may set of a document.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = CreateReferralDocument)]
pub struct DocumentFields {
    pub status: DocumentStatus,
    /// Needed for what is provided or verified.
    pub evidence: Option<Evidence>,
}

/// A paper that the referral needs. Its kind is its name: a referral has one of each.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[schema(as = ReferralDocument)]
pub struct Document {
    /// From the list `document-checklists`.
    #[schema(example = "family_card")]
    pub kind: String,
    pub status: DocumentStatus,
    pub evidence: Option<Evidence>,
}

#[derive(Debug, Clone, Default, Serialize, Deserialize, ToSchema, AsExpression, FromSqlRow)]
#[diesel(sql_type = Jsonb)]
#[serde(transparent)]
pub struct Documents(pub Vec<Document>);
jsonb!(Documents);

/// What decides which papers are needed.
pub struct Need<'a> {
    pub scheme: &'a str,
    pub purpose: Purpose,
    pub amount_idr: i64,
    pub has_nib: bool,
}

impl Documents {
    /// The papers that are needed: those that are there already as far as they are, the others missing.
    /// What was provided stays, needed or not.
    pub fn brought_to(&self, need: &Need<'_>, reference: &Reference, today: NaiveDate) -> Self {
        let scheme = reference.row(&lists::FINANCING_SCHEMES, need.scheme, today);
        let checklist = scheme.and_then(|row| row.data.get("documents_checklist")?.as_str());
        let items = reference.checklist(checklist.unwrap_or("general_lender"), need.purpose.as_str(), today);
        let mut documents: Vec<Document> = Vec::new();
        for item in items {
            let status = match item.required_when {
                "amount_above" if item.above_idr.is_some_and(|above| need.amount_idr <= above) => continue,
                "has_nib" if !need.has_nib => continue,
                "no_nib" if need.has_nib => continue,
                "lender_asks" => DocumentStatus::NotApplicable,
                _ => DocumentStatus::Missing,
            };
            let new = Document { kind: item.document.to_owned(), status, evidence: None };
            documents.push(self.of_kind(item.document).cloned().unwrap_or(new));
        }
        let kept = self.0.iter().filter(|had| {
            had.evidence.is_some() && !documents.iter().any(|document| document.kind == had.kind)
        });
        let kept: Vec<_> = kept.cloned().collect();
        Self(documents.into_iter().chain(kept).collect())
    }

    pub fn of_kind(&self, kind: &str) -> Option<&Document> {
        self.0.iter().find(|document| document.kind == kind)
    }

    /// With one document as `fields` have it.
    pub fn with(&self, kind: &str, fields: &DocumentFields) -> Self {
        let change = |document: &Document| match document.kind == kind {
            true => {
                Document { kind: kind.to_owned(), status: fields.status, evidence: fields.evidence.clone() }
            }
            false => document.clone(),
        };
        Self(self.0.iter().map(change).collect())
    }

    /// With those that an officer misses.
    ///
    /// # Errors
    /// `Invalid` for what is no document of the referral.
    pub fn missing(&self, kinds: &[String]) -> Result<Self> {
        let unknown = kinds.iter().enumerate().filter(|(_, kind)| self.of_kind(kind).is_none());
        let names: Vec<_> = self.0.iter().map(|document| document.kind.as_str()).collect();
        let flaws: Vec<_> = unknown
            .map(|(at, _)| Code::NotAllowed.expecting(format!("/missing/{at}"), names.join(", ")))
            .collect();
        ApiError::if_any(flaws)?;
        let again = |document: &Document| match kinds.contains(&document.kind) {
            true => Document { status: DocumentStatus::Missing, ..document.clone() },
            false => document.clone(),
        };
        Ok(Self(self.0.iter().map(again).collect()))
    }
}

impl Document {
    pub fn fields(&self) -> DocumentFields {
        DocumentFields { status: self.status, evidence: self.evidence.clone() }
    }
}

impl DocumentFields {
    /// Writers bring the papers while the referral is theirs; an officer who neither wrote nor submitted it
    /// judges them while it is the division's.
    ///
    /// # Errors
    /// `Invalid` for what the status does not go with; `NotPossible` out of turn; `Forbidden` for a
    /// judgement by somebody else.
    pub fn check(&self, is_officer: bool, is_own: bool, status: Status, today: NaiveDate) -> Result<()> {
        let refused = |code| ApiError::NotPossible { action: "update", code, possible: vec![] };
        let with_division = matches!(status, Status::Submitted | Status::UnderReview | Status::Recommended);
        let judges = self.status == DocumentStatus::Verified;
        let in_turn = with_division && is_officer || !judges && status.is_with_the_writer();
        match () {
            () if judges && !is_officer => return Err(ApiError::Forbidden(Permission::ReviewReferrals)),
            () if (judges || with_division) && is_officer && is_own => return Err(refused("own_referral")),
            () if !in_turn => return Err(refused("wrong_status")),
            () => (),
        }
        let backed = matches!(self.status, DocumentStatus::Provided | DocumentStatus::Verified);
        let flaw = match &self.evidence {
            None if backed => Some(Code::Required.at("/evidence")),
            Some(evidence) if evidence.dated_on > today => Some(Code::InTheFuture.at("/evidence/dated_on")),
            _ => None,
        };
        flaw.map_or(Ok(()), |flaw| Err(ApiError::invalid(flaw)))
    }
}
