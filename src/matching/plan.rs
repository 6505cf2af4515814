//! From what is known to who gets whom.

use std::collections::{BTreeMap, BTreeSet};

use serde::Serialize;

use super::{
    assignment::assign,
    fit::{Candidate, Seeker, Term, Weights},
    payloads::{ChosenPair, Lack, Matching, Pair, Place, TermPoints, Unmatched},
    words,
};
use crate::{
    digests::short_sha256,
    error::{ApiError, Result},
    http::{Code, Flaw, language::Language},
    ids::{BusinessId, CohortId, MentorId},
};

/// All that a matching follows from.
#[derive(Serialize)]
pub struct Facts {
    pub cohort_id: CohortId,
    pub seekers: Vec<Seeker>,
    pub candidates: Vec<Candidate>,
    pub forbidden: BTreeSet<(BusinessId, MentorId)>,
    pub weights: Weights,
    pub pinned: Vec<ChosenPair>,
}

impl Facts {
    /// The same facts have the same version, everywhere.
    pub fn version(&self) -> Result<String> {
        let facts = serde_json::to_vec(self).map_err(ApiError::internal)?;
        Ok(short_sha256(&facts, 16))
    }

    /// What keeps the pinned pairs from standing, all at once.
    pub fn flaws(&self) -> Vec<Flaw> {
        let mut flaws = Vec::new();
        let (mut places, mut seen) = (BTreeMap::<MentorId, u32>::new(), BTreeSet::new());
        for (at, pair) in self.pinned.iter().enumerate() {
            if !self.seekers.iter().any(|seeker| seeker.id == pair.business_id) {
                flaws.push(Code::NoSuchRecord.at(format!("/pinned/{at}/business_id")));
            } else if !seen.insert(pair.business_id) {
                flaws.push(Code::Repeated.at(format!("/pinned/{at}/business_id")));
            }
            let Some(mentor) = self.candidates.iter().find(|mentor| mentor.id == pair.mentor_id) else {
                flaws.push(Code::NoSuchRecord.at(format!("/pinned/{at}/mentor_id")));
                continue;
            };
            let taken = places.entry(mentor.id).or_default();
            *taken += 1;
            if *taken > mentor.free() {
                flaws.push(Code::Conflict.expecting(format!("/pinned/{at}/mentor_id"), "capacity"));
            }
            if self.forbidden.contains(&(pair.business_id, pair.mentor_id)) {
                flaws.push(
                    Code::NotAllowed.expecting(format!("/pinned/{at}/mentor_id"), "no interest, no refusal"),
                );
            }
        }
        flaws
    }

    /// The pinned pairs, and the best assignment of the rest to the places that they leave.
    pub fn matched(&self, language: Language) -> Result<Matching> {
        let mentor_of = |id: MentorId| self.candidates.iter().position(|mentor| mentor.id == id);
        let pinned = |seeker: &Seeker| {
            let pair = self.pinned.iter().find(|pair| pair.business_id == seeker.id)?;
            mentor_of(pair.mentor_id)
        };
        let mut free: Vec<_> = self.candidates.iter().map(Candidate::free).collect();
        for at in self.seekers.iter().filter_map(pinned) {
            one_less(&mut free, at);
        }
        let open: Vec<_> = self.seekers.iter().filter(|seeker| pinned(seeker).is_none()).collect();
        let fits: Vec<_> = open.iter().map(|seeker| self.fits(seeker)).collect();
        let places: Vec<_> = free.iter().map(|places| usize::try_from(*places).unwrap_or_default()).collect();
        let mut assigned = assign(&fits, &places).into_iter().zip(&fits);
        let (mut pairs, mut unmatched) = (Vec::new(), Vec::new());
        for seeker in &self.seekers {
            let pinned = pinned(seeker);
            let (mentor, fits) = match pinned {
                Some(mentor) => (Some(mentor), None),
                None => assigned.next().map_or((None, None), |(mentor, fits)| (mentor, Some(fits))),
            };
            match mentor.and_then(|at| Some((at, self.candidates.get(at)?))) {
                Some((at, mentor)) => {
                    if pinned.is_none() {
                        one_less(&mut free, at);
                    }
                    pairs.push(self.pair(seeker, mentor, pinned.is_some(), language));
                }
                None => unmatched.push(self.unmatched(seeker, fits, language)),
            }
        }
        let place = |(mentor, free_after): (&Candidate, u32)| Place {
            mentor_id: mentor.id,
            mentor_name: mentor.name.clone(),
            capacity: mentor.capacity,
            load: mentor.load,
            free_after,
        };
        Ok(Matching {
            cohort_id: self.cohort_id,
            version: self.version()?,
            score: pairs.iter().map(|pair| u64::from(pair.score)).sum(),
            mentors: self.candidates.iter().zip(free).map(place).collect(),
            pairs,
            unmatched,
        })
    }

    /// With each mentor; `None` where the pair must not be.
    fn fits(&self, seeker: &Seeker) -> Vec<Option<u32>> {
        let fit = |mentor: &Candidate| {
            let allowed = !self.forbidden.contains(&(seeker.id, mentor.id));
            allowed.then(|| mentor.fit(seeker, &self.weights))
        };
        self.candidates.iter().map(fit).collect()
    }

    fn pair(&self, seeker: &Seeker, mentor: &Candidate, pinned: bool, language: Language) -> Pair {
        let weight = |term: Term| self.weights.get(&term).copied().unwrap_or_default();
        let terms = mentor.shares(seeker).into_iter().map(|share| TermPoints {
            term: share.term,
            met: share.met,
            weight: weight(share.term),
            words: words::of_share(&share, mentor, seeker, language),
        });
        Pair {
            business_id: seeker.id,
            business_name: seeker.name.clone(),
            mentor_id: mentor.id,
            mentor_name: mentor.name.clone(),
            pinned,
            score: mentor.fit(seeker, &self.weights),
            terms: terms.collect(),
        }
    }

    fn unmatched(&self, seeker: &Seeker, fits: Option<&Vec<Option<u32>>>, language: Language) -> Unmatched {
        let reason = match () {
            () if self.candidates.is_empty() => Lack::NoPlace,
            () if fits.is_none_or(|fits| fits.iter().all(Option::is_none)) => Lack::NoSuitableMentor,
            () => Lack::PlacesTaken,
        };
        let words = words::of_lack(reason, language);
        Unmatched { business_id: seeker.id, business_name: seeker.name.clone(), reason, words }
    }
}

fn one_less(free: &mut [u32], at: usize) {
    if let Some(places) = free.get_mut(at) {
        *places = places.saturating_sub(1);
    }
}
