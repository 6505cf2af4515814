//! The best assignment, a pure function: a maximum-weight bipartite matching with capacities.

use pathfinding::{kuhn_munkres::kuhn_munkres, matrix::Matrix};

/// A fit is at most this.
pub const BEST_FIT: u32 = 1_000;
/// Ties are broken by a number below this, so that they never outweigh a point of fit.
const TIES: i64 = 1 << 10;

/// For each business the mentor that it gets. `fits[business][mentor]` is `None` where the two must not be
/// matched; `places` are those that each mentor has free.
///
/// As many businesses as possible get a mentor; among those assignments the sum of the fits is the
/// greatest. Equal ones are told apart by a fixed number for each pair: so the same input has the same
/// answer, and the algorithm does not wander among equals, which would make it thirty times slower.
pub fn assign(fits: &[Vec<Option<u32>>], places: &[usize]) -> Vec<Option<usize>> {
    // Nobody needs more places than there are businesses.
    let slots: Vec<usize> = places
        .iter()
        .enumerate()
        .flat_map(|(mentor, free)| std::iter::repeat_n(mentor, (*free).min(fits.len())))
        .collect();
    if slots.is_empty() || fits.is_empty() {
        return vec![None; fits.len()];
    }
    let worth = Worth::of(fits.len());
    let at = |business: usize, slot: usize| {
        let fit = fits.get(business)?.get(*slots.get(slot)?)?.as_ref()?;
        Some(worth.of_pair(*fit, business, slot))
    };
    let value = |business, slot| at(business, slot).unwrap_or(0);
    // The algorithm gives every row a column: so the fewer are the rows.
    let turned = fits.len() > slots.len();
    let (rows, columns) = if turned { (slots.len(), fits.len()) } else { (fits.len(), slots.len()) };
    let weights =
        Matrix::from_fn(
            rows,
            columns,
            |(row, column)| {
                if turned { value(column, row) } else { value(row, column) }
            },
        );
    let (_, chosen) = kuhn_munkres(&weights);
    let mut assigned = vec![None; fits.len()];
    for (row, column) in chosen.into_iter().enumerate() {
        let (business, slot) = if turned { (column, row) } else { (row, column) };
        if let (Some(_), Some(place)) = (at(business, slot), assigned.get_mut(business)) {
            *place = slots.get(slot).copied();
        }
    }
    assigned
}

/// What a pair is worth: first that there is one more, then its fit, then the tie.
struct Worth {
    point: i64,
    pair: i64,
}

impl Worth {
    fn of(businesses: usize) -> Self {
        let many = i64::try_from(businesses).unwrap_or(i64::MAX).saturating_add(1);
        let point = many.saturating_mul(TIES);
        // All fits together, and one more.
        let pair = point.saturating_mul(i64::from(BEST_FIT)).saturating_mul(many);
        Self { point, pair }
    }

    fn of_pair(&self, fit: u32, business: usize, slot: usize) -> i64 {
        let fit = i64::from(fit.min(BEST_FIT)).saturating_mul(self.point);
        self.pair.saturating_add(fit).saturating_add(tie(business, slot))
    }
}

/// The same for the same pair, and otherwise all over the place: the finaliser of splitmix64.
fn tie(business: usize, slot: usize) -> i64 {
    let [business, slot] = [business, slot].map(|n| u64::try_from(n).unwrap_or_default());
    let mut mixed = (business << 32 | slot).wrapping_add(0x9e37_79b9_7f4a_7c15);
    mixed = (mixed ^ mixed >> 30).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    mixed = (mixed ^ mixed >> 27).wrapping_mul(0x94d0_49bb_1331_11eb);
    i64::try_from((mixed ^ mixed >> 31) % TIES.unsigned_abs()).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use proptest::{collection::vec, option, prelude::*};

    use super::*;

    /// How many get a mentor, and how well they fit in all.
    fn value(fits: &[Vec<Option<u32>>], assigned: &[Option<usize>]) -> (usize, u64) {
        let fit =
            |(business, mentor): (usize, &Option<usize>)| mentor.and_then(|mentor| fits[business][mentor]);
        let all: Vec<_> = assigned.iter().enumerate().filter_map(fit).collect();
        (all.len(), all.iter().map(|fit| u64::from(*fit)).sum())
    }

    /// Tries everything.
    fn best(fits: &[Vec<Option<u32>>], places: &mut Vec<usize>, from: usize) -> (usize, u64) {
        let Some(row) = fits.get(from) else { return (0, 0) };
        let mut most = best(fits, places, from + 1);
        for (mentor, fit) in row.iter().enumerate() {
            if let (Some(fit), true) = (fit, places[mentor] > 0) {
                places[mentor] -= 1;
                let (count, sum) = best(fits, places, from + 1);
                places[mentor] += 1;
                most = most.max((count + 1, sum + u64::from(*fit)));
            }
        }
        most
    }

    prop_compose! {
        fn a_case()(businesses in 0..6_usize, mentors in 0..5_usize)(
            // Few values, so that many are equal.
            fits in vec(vec(option::of(prop_oneof![0..4_u32, 0..=BEST_FIT]), mentors), businesses),
            places in vec(0..3_usize, mentors),
        ) -> (Vec<Vec<Option<u32>>>, Vec<usize>) {
            (fits, places)
        }
    }

    proptest! {
        #[test]
        fn no_other_assignment_coaches_more_or_fits_better((fits, places) in a_case()) {
            let assigned = assign(&fits, &places);
            prop_assert_eq!(value(&fits, &assigned), best(&fits, &mut places.clone(), 0));
            for (mentor, free) in places.iter().enumerate() {
                prop_assert!(assigned.iter().filter(|it| **it == Some(mentor)).count() <= *free);
            }
            for (business, mentor) in assigned.iter().enumerate() {
                prop_assert!(mentor.is_none_or(|mentor| fits[business][mentor].is_some()));
            }
        }

        #[test]
        fn the_same_input_has_the_same_answer((fits, places) in a_case()) {
            prop_assert_eq!(assign(&fits, &places), assign(&fits, &places));
        }
    }

    #[test]
    fn one_more_business_is_worth_any_fit() {
        let fits = [vec![Some(BEST_FIT), Some(0)], vec![Some(1), None]];
        assert_eq!(assign(&fits, &[1, 1]), [Some(1), Some(0)]);
    }

    #[test]
    fn the_greatest_matching_does_not_overflow() {
        let worth = Worth::of(10_000);
        let all = worth.of_pair(BEST_FIT, 0, 0).checked_mul(10_000);
        assert!(all.is_some_and(|all| all < i64::MAX / 4), "{all:?}");
    }
}
