//! What a list of businesses can be narrowed by.

use serde::Deserialize;
use utoipa::{IntoParams, ToSchema};

use super::{
    business::payloads::{Kind, Status},
    shown::Include,
    standing::{Level, SizeClass, Stage},
};
use crate::http::{Filter, OneOf, Sort};

#[derive(Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
pub struct BusinessFilter {
    #[param(inline)]
    pub number: Option<OneOf<String>>,
    #[param(inline)]
    pub kind: Option<OneOf<Kind>>,
    #[param(inline)]
    pub subsector: Option<OneOf<String>>,
    #[param(inline)]
    pub district_code: Option<OneOf<String>>,
    #[param(inline)]
    pub village_code: Option<OneOf<String>>,
    #[param(inline)]
    pub nib: Option<OneOf<String>>,
    #[param(inline)]
    pub status: Option<OneOf<Status>>,
    /// By its standing.
    #[param(inline)]
    pub size_class: Option<OneOf<SizeClass>>,
    /// By its standing: how far it has come.
    #[param(inline)]
    pub stage: Option<OneOf<Stage>>,
    /// By its standing: 0 to 4.
    #[param(inline)]
    pub bookkeeping_level: Option<OneOf<Level>>,
    /// A partner's source and id: `ut:P-00017`.
    #[param(inline)]
    pub external_id: Option<OneOf<SourceAndValue>>,
    /// A piece of the name.
    #[param(max_length = 200)]
    pub q: Option<String>,
    /// `standing` shows each with its standing.
    #[param(inline)]
    pub include: Option<OneOf<Include>>,
}

impl Filter for BusinessFilter {
    const SORTS: &'static [Sort] =
        &[Sort("created_at", "timestamptz"), Sort("updated_at", "timestamptz"), Sort("name", "text")];
}

/// Which partner, and what it calls the business.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(try_from = "String")]
#[schema(value_type = String, example = "ut:P-00017")]
pub struct SourceAndValue(pub (String, String));

impl TryFrom<String> for SourceAndValue {
    type Error = &'static str;

    fn try_from(text: String) -> Result<Self, Self::Error> {
        let (source, value) = text.split_once(':').ok_or("a source and an id, with a colon between")?;
        Ok(Self((source.to_owned(), value.to_owned())))
    }
}
