//! The best assignment, a pure function: a maximum-weight bipartite matching with capacities, by shortest
//! augmenting paths (the Hungarian method, with mentors that take several). A mentor's places are one column and
//! not one each, so that equal places are not tried one after the other.

/// A fit is at most this.
pub const BEST_FIT: u32 = 1_000;
/// Ties are broken by a number below this, so that they never outweigh a point of fit.
const TIES: i64 = 1 << 10;

/// For each business the mentor that it gets. `fits[business][mentor]` is `None` where the two must not be
/// matched; `places` are those that each mentor has free.
///
/// As many businesses as possible get a mentor; among those assignments the sum of the fits is the
/// greatest. Equal ones are told apart by a fixed number for each pair: so the same input has the same
/// answer, and the search does not wander among equals.
pub fn assign(fits: &[Vec<Option<u32>>], places: &[usize]) -> Vec<Option<usize>> {
    let worth = Worth::of(fits.len());
    let mut search = Search::new(places);
    for (business, fits) in fits.iter().enumerate() {
        let cost = |(mentor, fit): (usize, &Option<u32>)| match fit {
            Some(fit) => -worth.of_pair(*fit, business, mentor),
            // Worse than nobody, for whom there is always room.
            None => 1,
        };
        search.add(fits.iter().enumerate().map(cost).chain([0]).collect());
    }
    let nobody = places.len();
    search.rows.iter().map(|row| row.column.filter(|column| *column != nobody)).collect()
}

/// The businesses placed so far, at the least cost. Costs less potentials are never negative, and zero where a row
/// is placed: a path on which they are least leads to the least cost with one row more.
struct Search {
    rows: Vec<Row>,
    columns: Vec<Column>,
}

struct Row {
    costs: Vec<i64>,
    potential: i64,
    column: Option<usize>,
}

#[derive(Clone)]
struct Column {
    room: usize,
    rows: Vec<usize>,
    potential: i64,
    /// In the search that runs: how far it is, from which row it is reached, and whether that is final.
    distance: i64,
    from: usize,
    is_final: bool,
}

impl Search {
    fn new(places: &[usize]) -> Self {
        let column =
            |room| Column { room, rows: vec![], potential: 0, distance: 0, from: 0, is_final: false };
        // Nobody, last, has room for all.
        Self { rows: vec![], columns: places.iter().copied().chain([usize::MAX]).map(column).collect() }
    }

    /// Places one row more, moving others where that is better.
    fn add(&mut self, costs: Vec<i64>) {
        let reduced = costs.iter().zip(&self.columns).map(|(cost, column)| cost - column.potential);
        let potential = reduced.min().unwrap_or_default();
        let start = self.rows.len();
        self.rows.push(Row { costs, potential, column: None });
        for column in &mut self.columns {
            (column.distance, column.is_final) = (i64::MAX, false);
        }
        self.reach(start, 0);
        while let Some(nearest) = self.nearest() {
            let Some(column) = self.columns.get_mut(nearest) else { return };
            let distance = column.distance;
            if column.rows.len() < column.room {
                self.shift(start, distance);
                return self.augment(nearest);
            }
            column.is_final = true;
            for row in column.rows.clone() {
                self.reach(row, distance);
            }
        }
    }

    /// Where a row leads that is so far away itself.
    fn reach(&mut self, row: usize, distance: i64) {
        let Some(Row { costs, potential, .. }) = self.rows.get(row) else { return };
        for (column, cost) in self.columns.iter_mut().zip(costs) {
            let there = distance + cost - potential - column.potential;
            if !column.is_final && there < column.distance {
                (column.distance, column.from) = (there, row);
            }
        }
    }

    fn nearest(&self) -> Option<usize> {
        let open = self.columns.iter().enumerate().filter(|(_, column)| !column.is_final);
        open.min_by_key(|(_, column)| column.distance).map(|(at, _)| at)
    }

    /// The potentials that make the way that was found, of this length, cost nothing.
    fn shift(&mut self, start: usize, length: i64) {
        if let Some(row) = self.rows.get_mut(start) {
            row.potential += length;
        }
        for column in self.columns.iter_mut().filter(|column| column.is_final) {
            let nearer = length - column.distance;
            column.potential -= nearer;
            for row in &column.rows {
                if let Some(row) = self.rows.get_mut(*row) {
                    row.potential += nearer;
                }
            }
        }
    }

    /// Each row on the way goes one on; the last finds room, the first has had none.
    fn augment(&mut self, mut to: usize) {
        while let Some(column) = self.columns.get_mut(to) {
            let at = column.from;
            column.rows.push(at);
            let left = self.rows.get_mut(at).and_then(|row| row.column.replace(to));
            let Some(left) = left else { return };
            if let Some(column) = self.columns.get_mut(left) {
                column.rows.retain(|row| *row != at);
            }
            to = left;
        }
    }
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

    fn of_pair(&self, fit: u32, business: usize, mentor: usize) -> i64 {
        let fit = i64::from(fit.min(BEST_FIT)).saturating_mul(self.point);
        self.pair.saturating_add(fit).saturating_add(tie(business, mentor))
    }
}

/// The same for the same pair, and otherwise all over the place: the finaliser of splitmix64.
fn tie(business: usize, mentor: usize) -> i64 {
    let [business, mentor] = [business, mentor].map(|n| u64::try_from(n).unwrap_or_default());
    let mut mixed = (business << 32 | mentor).wrapping_add(0x9e37_79b9_7f4a_7c15);
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
