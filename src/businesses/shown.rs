//! A business as it is read: with its standing, where that is asked for.

use std::rc::Rc;

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use super::{
    business::payloads::Business,
    standing::{self, Standing},
};
use crate::{
    access::{Access, Permission},
    error::Result,
    http::{Filter, OneOf, Sort},
    ids::BusinessId,
    records::Record,
    text_enum::text_enum,
};

text_enum! {
    #[schema(as = BusinessInclude)]
    Include {
        Standing = "standing",
    }
}

/// What else to show of one business.
#[derive(Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
pub struct Included {
    #[param(inline)]
    pub include: Option<OneOf<Include>>,
}

impl Filter for Included {
    const SORTS: &'static [Sort] = &[Sort("created_at", "timestamptz")];
}

#[derive(Serialize, ToSchema)]
#[schema(as = BusinessWithStanding)]
pub struct Shown {
    #[serde(flatten)]
    #[schema(value_type = Business)]
    business: Rc<Business>,
    /// Only with `include=standing`.
    standing: Option<Standing>,
}

impl Record for Shown {
    type Id = BusinessId;
    const KIND: &'static str = Business::KIND;
    const READ: Permission = Business::READ;

    fn id(&self) -> BusinessId {
        self.business.id
    }
    fn version(&self) -> i64 {
        self.business.version
    }
    fn version_within(&self) -> Option<i64> {
        self.standing.as_ref().map(|standing| standing.version)
    }
    fn updated_at(&self) -> DateTime<Utc> {
        let within = self.standing.as_ref().map(|standing| standing.updated_at);
        within.map_or(self.business.updated_at, |within| within.max(self.business.updated_at))
    }
}

/// One query for the standings of all.
pub async fn show(
    access: &Access,
    businesses: Vec<Rc<Business>>,
    include: Option<&OneOf<Include>>,
) -> Result<Vec<Shown>> {
    if include.is_none() {
        return Ok(businesses.into_iter().map(|business| Shown { business, standing: None }).collect());
    }
    let ids: Vec<_> = businesses.iter().map(|business| business.id).collect();
    let mut standings = standing::of(access, &ids).await?;
    let shown = |business: Rc<Business>| {
        let at = standings.iter().position(|standing| standing.business_id == business.id);
        let known = at.map(|at| standings.swap_remove(at));
        let standing = Some(known.unwrap_or_else(|| Standing::unknown(&business)));
        Shown { business, standing }
    };
    Ok(businesses.into_iter().map(shown).collect())
}
