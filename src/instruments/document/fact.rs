//! What a condition can ask about, and the values that such facts have.

use std::{fmt, str::FromStr};

use diesel::{deserialize::FromSqlRow, expression::AsExpression, sql_types::Jsonb};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::forms;
use crate::db::json::jsonb;

/// What is known about the business beside the answers. `null`: not known, or it makes no sense for it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema, AsExpression, FromSqlRow)]
#[diesel(sql_type = Jsonb)]
#[serde(deny_unknown_fields)]
#[schema(as = AssessmentFacts)]
pub struct Facts {
    #[schema(schema_with = forms::code)]
    pub subsector: String,
    pub has_nib: Option<bool>,
    pub cooperative_membership: Option<CooperativeMembership>,
    pub needs_capital: Option<bool>,
}
jsonb!(Facts);

/// Where the owner stands with cooperatives: no member, applied, member.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum CooperativeMembership {
    None,
    Pending,
    Active,
}

#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(untagged)]
pub enum Scalar {
    Truth(bool),
    Number(i64),
    Text(String),
}

/// What a comparison asks about, written `score`, `dim.legality`, `item.LEG1`, `business.has_nib`.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub enum Fact {
    Score,
    Potential,
    Dimension(String),
    Item(String),
    Subsector,
    HasNib,
    CooperativeMembership,
    NeedsCapital,
}

impl Facts {
    /// What `fact` is for this business; the result's own facts are not here.
    pub fn value(&self, fact: &Fact) -> Option<Scalar> {
        match fact {
            Fact::Subsector => Some(Scalar::Text(self.subsector.clone())),
            Fact::HasNib => self.has_nib.map(Scalar::Truth),
            Fact::CooperativeMembership => {
                self.cooperative_membership.map(|membership| Scalar::Text(membership.as_str().to_owned()))
            }
            Fact::NeedsCapital => self.needs_capital.map(Scalar::Truth),
            Fact::Score | Fact::Potential | Fact::Dimension(_) | Fact::Item(_) => None,
        }
    }
}

impl CooperativeMembership {
    pub const ALL: [Self; 3] = [Self::None, Self::Pending, Self::Active];

    pub fn as_str(self) -> &'static str {
        match self {
            Self::None => "none",
            Self::Pending => "pending",
            Self::Active => "active",
        }
    }
}

impl fmt::Display for Fact {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Score => f.write_str("score"),
            Self::Potential => f.write_str("potential"),
            Self::Dimension(code) => write!(f, "dim.{code}"),
            Self::Item(code) => write!(f, "item.{code}"),
            Self::Subsector => f.write_str("business.subsector"),
            Self::HasNib => f.write_str("business.has_nib"),
            Self::CooperativeMembership => f.write_str("business.cooperative_membership"),
            Self::NeedsCapital => f.write_str("business.needs_capital"),
        }
    }
}

#[derive(Debug, thiserror::Error)]
#[error("no fact is named {0:?}")]
pub struct NoSuchFact(String);

impl FromStr for Fact {
    type Err = NoSuchFact;

    fn from_str(name: &str) -> Result<Self, NoSuchFact> {
        match name.split_once('.') {
            None if name == "score" => Ok(Self::Score),
            None if name == "potential" => Ok(Self::Potential),
            Some(("dim", code)) => Ok(Self::Dimension(code.to_owned())),
            Some(("item", code)) => Ok(Self::Item(code.to_owned())),
            Some(("business", "subsector")) => Ok(Self::Subsector),
            Some(("business", "has_nib")) => Ok(Self::HasNib),
            Some(("business", "cooperative_membership")) => Ok(Self::CooperativeMembership),
            Some(("business", "needs_capital")) => Ok(Self::NeedsCapital),
            _ => Err(NoSuchFact(name.to_owned())),
        }
    }
}

impl TryFrom<String> for Fact {
    type Error = NoSuchFact;

    fn try_from(name: String) -> Result<Self, NoSuchFact> {
        name.parse()
    }
}

impl From<Fact> for String {
    fn from(fact: Fact) -> Self {
        fact.to_string()
    }
}

impl fmt::Display for Scalar {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Truth(truth) => truth.fmt(f),
            Self::Number(number) => number.fmt(f),
            Self::Text(text) => f.write_str(text),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_fact_is_written_as_it_was_read() {
        for name in [
            "score",
            "potential",
            "dim.legality",
            "item.LEG1",
            "business.subsector",
            "business.has_nib",
            "business.cooperative_membership",
            "business.needs_capital",
        ] {
            assert_eq!(name.parse::<Fact>().unwrap().to_string(), name);
        }
    }

    #[test]
    fn a_condition_compares_the_membership_as_json_writes_it() {
        for membership in CooperativeMembership::ALL {
            assert_eq!(serde_json::to_value(membership).unwrap(), membership.as_str());
        }
    }

    #[test]
    fn other_names_are_no_facts() {
        for name in ["", "dim", "item", "scores", "score.x", "business.owner", "Dim.legality"] {
            assert!(name.parse::<Fact>().is_err(), "{name}");
        }
    }
}
