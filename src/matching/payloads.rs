//! What clients send and get.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::fit::Term;
use crate::{
    ids::{BusinessId, CohortId, MentorId, MentorshipId},
    text_enum::text_enum,
};

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ChosenPair {
    pub business_id: BusinessId,
    pub mentor_id: MentorId,
}

/// What the programme has made up its mind about.
#[derive(Debug, Clone, Default, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct MatchCohort {
    /// Pairs that stand; the rest is matched around them.
    #[serde(default)]
    #[schema(max_items = 2000, example = json!([]))]
    pub pinned: Vec<ChosenPair>,
    /// Pairs that must not be.
    #[serde(default)]
    #[schema(max_items = 2000, example = json!([]))]
    pub excluded: Vec<ChosenPair>,
}

#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ApplyMatching {
    /// Of the matching that is to be applied.
    #[schema(min_length = 1, max_length = 64, example = "3f9a0c")]
    pub version: String,
    #[serde(default)]
    #[schema(max_items = 2000, example = json!([]))]
    pub pinned: Vec<ChosenPair>,
    #[serde(default)]
    #[schema(max_items = 2000, example = json!([]))]
    pub excluded: Vec<ChosenPair>,
}

/// Who should coach whom, and who stays without a mentor.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = CohortMatching)]
pub struct Matching {
    pub cohort_id: CohortId,
    /// Of the facts that it was computed from; it can be applied while they stay the same.
    #[schema(example = "3f9a0c")]
    pub version: String,
    /// The sum of the scores.
    #[schema(example = 9120)]
    pub score: u64,
    pub pairs: Vec<Pair>,
    pub unmatched: Vec<Unmatched>,
    /// The mentors that it could choose from, with the places that it would leave free.
    pub mentors: Vec<Place>,
}

#[derive(Debug, Serialize, ToSchema)]
#[schema(as = MatchingPair)]
pub struct Pair {
    pub business_id: BusinessId,
    #[schema(example = "Dapur Bu Siti")]
    pub business_name: String,
    pub mentor_id: MentorId,
    #[schema(example = "Rina Kusuma")]
    pub mentor_name: String,
    pub pinned: bool,
    /// Points of a thousand.
    #[schema(maximum = 1000, example = 687)]
    pub score: u32,
    pub terms: Vec<TermPoints>,
}

#[derive(Debug, Serialize, ToSchema)]
#[schema(as = MatchingTermPoints)]
pub struct TermPoints {
    pub term: Term,
    /// How far it is met, in thousandths.
    #[schema(maximum = 1000, example = 750)]
    pub met: u32,
    /// Its weight in the list `matching-terms`.
    #[schema(example = 450)]
    pub weight: u32,
    /// In the language of the request.
    #[schema(example = "Keahliannya mencakup yang lemah: bookkeeping")]
    pub words: String,
}

text_enum! {
    /// No mentor is active with a free place; each that is must not be matched with it; those that may
    /// coach others better.
    #[schema(as = UnmatchedReason)]
    Lack {
        NoPlace = "no_place",
        NoSuitableMentor = "no_suitable_mentor",
        PlacesTaken = "places_taken",
    }
}

#[derive(Debug, Serialize, ToSchema)]
#[schema(as = UnmatchedBusiness)]
pub struct Unmatched {
    pub business_id: BusinessId,
    #[schema(example = "Dapur Bu Siti")]
    pub business_name: String,
    pub reason: Lack,
    /// In the language of the request.
    #[schema(example = "Semua tempat pendamping terpakai oleh pasangan yang lebih sesuai")]
    pub words: String,
}

#[derive(Debug, Serialize, ToSchema)]
#[schema(as = MatchingPlace)]
pub struct Place {
    pub mentor_id: MentorId,
    #[schema(example = "Rina Kusuma")]
    pub mentor_name: String,
    #[schema(example = 5)]
    pub capacity: u32,
    /// Mentorships that have not ended, proposals among them.
    #[schema(example = 1)]
    pub load: u32,
    #[schema(example = 2)]
    pub free_after: u32,
}

/// The proposals that a matching became.
#[derive(Debug, Serialize, ToSchema)]
pub struct AppliedMatching {
    pub proposals: Vec<NewProposal>,
}

#[derive(Debug, Serialize, ToSchema)]
pub struct NewProposal {
    pub mentorship_id: MentorshipId,
    pub business_id: BusinessId,
    pub mentor_id: MentorId,
}
