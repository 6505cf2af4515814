//! Equality search over sealed values: the same value gives the same 32 bytes, in one column only, and
//! without the key file nobody can try all values. (A NIK has so few that a plain hash hides nothing.)

use aws_lc_rs::hmac;

use super::{Keys, Result};

/// Of one column, such as `persons.nik`. Whoever has it can test guesses: it stays in the service.
#[derive(Clone, Debug)]
pub struct BlindIndex(hmac::Key);

impl BlindIndex {
    pub fn new(keys: &Keys, column: &str) -> Result<Self> {
        keys.purpose(&format!("blind-index/{column}")).map(Self)
    }

    /// The value must be normalised, or equal values will not be found.
    pub fn of(&self, normalised: &str) -> Vec<u8> {
        hmac::sign(&self.0, normalised.as_bytes()).as_ref().to_vec()
    }
}

#[cfg(test)]
mod tests {
    use super::{super::keys::tests::some_keys, *};

    #[test]
    fn equal_values_meet_in_one_column_and_under_one_key_file_only() -> Result<()> {
        let keys = some_keys();
        let nik = BlindIndex::new(&keys, "persons.nik")?;
        let again = BlindIndex::new(&keys, "persons.nik")?;
        let npwp = BlindIndex::new(&keys, "businesses.npwp")?;
        let elsewhere = BlindIndex::new(&some_keys(), "persons.nik")?;
        let value = "9901014101900001";
        assert_eq!(nik.of(value).len(), 32);
        assert_eq!(nik.of(value), again.of(value));
        assert_ne!(nik.of(value), nik.of("9901014101900002"));
        assert_ne!(nik.of(value), npwp.of(value));
        assert_ne!(nik.of(value), elsewhere.of(value));
        Ok(())
    }
}
