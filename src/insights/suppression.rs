//! Which cells of a table are too small to be shown. Nothing here touches HTTP or the database.

/// Fewer businesses than these could be known one by one.
pub const FEWEST: i64 = 5;

/// For the cells of a row, by how many businesses are in each, whether it is kept back. A cell that was kept
/// back alone would be the total less the others: so the next larger goes with it, until those that are kept
/// back are enough together. Where they never are, the total is to be kept back too.
pub struct Kept {
    pub cells: Vec<bool>,
    pub total: bool,
}

pub fn kept_back(businesses: &[i64]) -> Kept {
    let mut cells: Vec<bool> = businesses.iter().map(|count| (1..FEWEST).contains(count)).collect();
    let mut rest: Vec<usize> =
        (0..businesses.len()).filter(|at| !is(&cells, *at) && of(businesses, *at) > 0).collect();
    rest.sort_by_key(|at| std::cmp::Reverse(of(businesses, *at)));
    loop {
        let kept = (0..businesses.len()).filter(|at| is(&cells, *at));
        let (count, sum) = kept.fold((0, 0), |(count, sum), at| (count + 1, sum + of(businesses, at)));
        if count == 0 || count > 1 && sum >= FEWEST {
            return Kept { cells, total: false };
        }
        let Some(next) = rest.pop() else { return Kept { cells, total: true } };
        if let Some(cell) = cells.get_mut(next) {
            *cell = true;
        }
    }
}

fn is(cells: &[bool], at: usize) -> bool {
    cells.get(at).copied().unwrap_or_default()
}

fn of(businesses: &[i64], at: usize) -> i64 {
    businesses.get(at).copied().unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use proptest::{collection::vec, prelude::*};

    use super::*;

    #[test]
    fn a_small_cell_takes_the_next_larger_with_it() {
        let kept = |counts: &[i64]| {
            let kept = kept_back(counts);
            (kept.cells, kept.total)
        };
        assert_eq!(kept(&[5, 9, 0]), (vec![false, false, false], false));
        assert_eq!(kept(&[3, 9, 7]), (vec![true, false, true], false));
        assert_eq!(kept(&[2, 3, 9]), (vec![true, true, false], false));
        assert_eq!(kept(&[1, 3, 9]), (vec![true, true, true], false));
        assert_eq!(kept(&[4, 0]), (vec![true, false], true));
        assert_eq!(kept(&[]), (vec![], false));
    }

    proptest! {
        #[test]
        fn what_is_kept_back_cannot_be_worked_out_from_what_is_shown(counts in vec(0..20_i64, 0..8)) {
            let kept = kept_back(&counts);
            let hidden: Vec<i64> =
                counts.iter().zip(&kept.cells).filter(|(_, kept)| **kept).map(|(count, _)| *count).collect();
            for (count, kept) in counts.iter().zip(&kept.cells) {
                prop_assert!(*kept || *count == 0 || *count >= FEWEST);
            }
            if !kept.total && !hidden.is_empty() {
                prop_assert!(hidden.len() > 1 && hidden.iter().sum::<i64>() >= FEWEST);
            }
        }
    }
}
