//! How well a mentor fits a business: a pure sum of terms, in points of a thousand.

use std::collections::{BTreeMap, BTreeSet};

use serde::Serialize;

use super::assignment::BEST_FIT;
use crate::{
    ids::{BusinessId, MentorId},
    text_enum::text_enum,
};

/// The share of a term that is met, in thousandths.
const FULL: u32 = 1_000;
const HALF: u32 = 500;

text_enum! {
    #[schema(as = MatchingTerm)]
    Term {
        Expertise = "expertise",
        Subsector = "subsector",
        District = "district",
        Load = "load",
        Qualification = "qualification",
    }
}

/// A business that looks for a mentor.
#[derive(Debug, Clone, Serialize)]
pub struct Seeker {
    pub id: BusinessId,
    pub name: String,
    pub subsector: String,
    pub district: String,
    /// What each dimension lacks to the full score, by its latest assessment; empty without one.
    pub lacks: BTreeMap<String, u32>,
}

/// A mentor with a place free.
#[derive(Debug, Clone, Serialize)]
pub struct Candidate {
    pub id: MentorId,
    pub name: String,
    /// How far his expertise covers each dimension, in thousandths.
    pub covers: BTreeMap<String, u32>,
    pub subsectors: BTreeSet<String>,
    pub districts: BTreeSet<String>,
    pub neighbours: BTreeSet<String>,
    pub capacity: u32,
    pub load: u32,
    pub qualified: bool,
}

/// By term, in any unit.
pub type Weights = BTreeMap<Term, u32>;

pub fn weights<'a>(terms: impl Iterator<Item = (&'a str, u32)>) -> Weights {
    let known = |code: &str| Term::ALL.iter().find(|term| term.as_str() == code).copied();
    terms.filter_map(|(code, weight)| Some((known(code)?, weight))).collect()
}

/// What a term contributes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Share {
    pub term: Term,
    /// How far it is met, in thousandths.
    pub met: u32,
    pub why: Why,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Why {
    Met,
    PartlyMet,
    NotMet,
    /// Nothing is known that would tell.
    Unknown,
    /// In a district that borders on one of the mentor's.
    Neighbouring,
}

impl Candidate {
    pub fn free(&self) -> u32 {
        self.capacity.saturating_sub(self.load)
    }

    /// The terms of this pair, in the order of `Term`.
    pub fn shares(&self, seeker: &Seeker) -> [Share; 5] {
        [
            self.expertise(seeker),
            self.subsector(seeker),
            self.district(seeker),
            self.load(),
            self.qualification(),
        ]
    }

    /// In points of `BEST_FIT`, whatever the weights add up to.
    pub fn fit(&self, seeker: &Seeker, weights: &Weights) -> u32 {
        let shares = self.shares(seeker);
        let weight = |share: &Share| u64::from(weights.get(&share.term).copied().unwrap_or_default());
        let all: u64 = shares.iter().map(weight).sum();
        let met: u64 = shares.iter().map(|share| weight(share) * u64::from(share.met)).sum();
        let points = (met * u64::from(BEST_FIT)).checked_div(all * u64::from(FULL)).unwrap_or_default();
        u32::try_from(points).unwrap_or(BEST_FIT)
    }

    /// The weaker a dimension, the more its cover counts.
    fn expertise(&self, seeker: &Seeker) -> Share {
        let lacking: u64 = seeker.lacks.values().map(|lack| u64::from(*lack)).sum();
        let cover = |dimension: &str| u64::from(self.covers.get(dimension).copied().unwrap_or_default());
        let covered: u64 = seeker.lacks.iter().map(|(code, lack)| u64::from(*lack) * cover(code)).sum();
        let Some(met) = covered.checked_div(lacking) else {
            return Share { term: Term::Expertise, met: HALF, why: Why::Unknown };
        };
        let met = u32::try_from(met).unwrap_or(FULL).min(FULL);
        let why = match met {
            0 => Why::NotMet,
            HALF.. => Why::Met,
            _ => Why::PartlyMet,
        };
        Share { term: Term::Expertise, met, why }
    }

    fn subsector(&self, seeker: &Seeker) -> Share {
        let (met, why) = match () {
            () if self.subsectors.contains(&seeker.subsector) => (FULL, Why::Met),
            () if self.subsectors.is_empty() => (HALF, Why::Unknown),
            () => (0, Why::NotMet),
        };
        Share { term: Term::Subsector, met, why }
    }

    fn district(&self, seeker: &Seeker) -> Share {
        let (met, why) = match () {
            () if self.districts.contains(&seeker.district) => (FULL, Why::Met),
            () if self.districts.is_empty() => (HALF, Why::Unknown),
            () if self.neighbours.contains(&seeker.district) => (HALF, Why::Neighbouring),
            () => (0, Why::NotMet),
        };
        Share { term: Term::District, met, why }
    }

    fn load(&self) -> Share {
        let met = (self.free() * FULL).checked_div(self.capacity).unwrap_or_default();
        let why = if met == FULL { Why::Met } else { Why::PartlyMet };
        Share { term: Term::Load, met, why }
    }

    fn qualification(&self) -> Share {
        let (met, why) = if self.qualified { (FULL, Why::Met) } else { (0, Why::NotMet) };
        Share { term: Term::Qualification, met, why }
    }

    /// The dimensions that the business lacks and this expertise covers, the most needed first.
    pub fn helps_with<'a>(&'a self, seeker: &'a Seeker) -> Vec<&'a str> {
        let mut helped: Vec<_> = seeker
            .lacks
            .iter()
            .filter_map(|(code, lack)| Some((u64::from(*lack) * u64::from(*self.covers.get(code)?), code)))
            .filter(|(helped, _)| *helped > 0)
            .collect();
        helped.sort_by(|one, other| other.cmp(one));
        helped.into_iter().map(|(_, code)| code.as_str()).take(3).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn seeker() -> Seeker {
        Seeker {
            id: BusinessId::generate(),
            name: "Dapur Bu Siti".into(),
            subsector: "kuliner".into(),
            district: "36.74.04".into(),
            lacks: [("bookkeeping".into(), 6_000), ("marketing_digital".into(), 2_000)].into(),
        }
    }

    fn accountant() -> Candidate {
        Candidate {
            id: MentorId::generate(),
            name: "Rina Kusuma".into(),
            covers: [("bookkeeping".into(), 1_000), ("finance_capital".into(), 400)].into(),
            subsectors: BTreeSet::new(),
            districts: ["36.74.05".into()].into(),
            neighbours: ["36.74.04".into()].into(),
            capacity: 4,
            load: 1,
            qualified: false,
        }
    }

    #[test]
    fn each_term_is_met_as_its_description_says() {
        let met = accountant().shares(&seeker()).map(|share| (share.met, share.why));
        assert_eq!(
            met,
            [
                (750, Why::Met),
                (500, Why::Unknown),
                (500, Why::Neighbouring),
                (750, Why::PartlyMet),
                (0, Why::NotMet),
            ]
        );
    }

    #[test]
    fn the_fit_is_the_weighted_share_whatever_the_weights_add_up_to() {
        let weights = |by: u32| -> Weights {
            [450, 200, 150, 100, 100]
                .iter()
                .zip(Term::ALL)
                .map(|(weight, term)| (*term, weight * by))
                .collect()
        };
        // 0.45 × 750 + 0.2 × 500 + 0.15 × 500 + 0.1 × 750 = 587.5
        assert_eq!(accountant().fit(&seeker(), &weights(1)), 587);
        assert_eq!(accountant().fit(&seeker(), &weights(7)), 587);
        assert_eq!(accountant().fit(&seeker(), &Weights::new()), 0);
    }

    #[test]
    fn without_an_assessment_expertise_counts_half_for_everyone() {
        let unknown = Seeker { lacks: BTreeMap::new(), ..seeker() };
        assert_eq!(accountant().expertise(&unknown).met, HALF);
        assert!(accountant().helps_with(&unknown).is_empty());
        assert_eq!(accountant().helps_with(&seeker()), ["bookkeeping"]);
    }
}
