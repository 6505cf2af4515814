//! Exact fractions, rounded once at the very end.

/// A rational number that is not negative. Arithmetic beyond 128 bits gives `None`: weights that add up
/// to 100 have common denominators so small that 64 bits are enough.
#[derive(Clone, Copy, Debug)]
pub struct Fraction {
    numerator: u128,
    denominator: u128,
}

impl Fraction {
    pub const ZERO: Self = Self { numerator: 0, denominator: 1 };

    /// `None` when the denominator is zero.
    pub fn new(numerator: u128, denominator: u128) -> Option<Self> {
        (denominator > 0).then_some(Self { numerator, denominator })
    }

    pub fn times(self, factor: u128) -> Option<Self> {
        Some(Self { numerator: self.numerator.checked_mul(factor)?, ..self })
    }

    pub fn over(self, divisor: u128) -> Option<Self> {
        Self::new(self.numerator, self.denominator.checked_mul(divisor)?)
    }

    pub fn plus(self, other: Self) -> Option<Self> {
        let common = greatest_common_divisor(self.denominator, other.denominator);
        let (ours, theirs) = (other.denominator / common, self.denominator / common);
        let left = self.numerator.checked_mul(ours)?;
        let numerator = left.checked_add(other.numerator.checked_mul(theirs)?)?;
        Self::new(numerator, self.denominator.checked_mul(ours)?)
    }

    /// The nearest whole number, a half upwards; `None` when it doesn't fit.
    pub fn rounded_half_up(self) -> Option<u16> {
        let doubled = self.numerator.checked_mul(2)?.checked_add(self.denominator)?;
        u16::try_from(doubled / self.denominator.checked_mul(2)?).ok()
    }
}

fn greatest_common_divisor(a: u128, b: u128) -> u128 {
    if b == 0 { a } else { greatest_common_divisor(b, a % b) }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn rounded(numerator: u128, denominator: u128) -> Option<u16> {
        Fraction::new(numerator, denominator).and_then(Fraction::rounded_half_up)
    }

    #[test]
    fn a_half_goes_up_and_less_goes_down() {
        assert_eq!(rounded(5, 2), Some(3));
        assert_eq!(rounded(2499, 1000), Some(2));
        assert_eq!(rounded(0, 7), Some(0));
        assert_eq!(rounded(65_535, 1), Some(65_535));
    }

    #[test]
    fn what_has_no_value_or_does_not_fit_is_none() {
        assert_eq!(rounded(1, 0), None);
        assert_eq!(rounded(65_536, 1), None);
        assert_eq!(rounded(u128::MAX, 1), None);
    }

    #[test]
    fn thirds_add_up_exactly() {
        let third = Fraction::new(1, 3).unwrap();
        let sum = third.plus(third).and_then(|sum| sum.plus(third)).and_then(|sum| sum.times(100));
        assert_eq!(sum.and_then(Fraction::rounded_half_up), Some(100));
        let half = Fraction::new(1, 2).and_then(|half| half.over(3)).and_then(|sixth| sixth.plus(third));
        assert_eq!(half.and_then(Fraction::rounded_half_up), Some(1));
    }

    proptest! {
        #[test]
        fn a_rounded_value_is_within_a_half_of_the_exact_one(n in 0..60_000_000_u128, d in 1..1_000_u128) {
            prop_assume!(n / d < 65_535);
            let whole = u128::from(rounded(n, d).unwrap());
            prop_assert!(2 * whole * d <= 2 * n + d && 2 * n < 2 * whole * d + d);
        }
    }
}
