//! A person's values as the table keeps them, and back.

use diesel::prelude::*;

use super::payloads::{Disability, Person, PersonFields};
use crate::{
    db::schema::persons,
    error::{ApiError, Result},
    ids::PersonId,
    records::{
        Tx,
        sealing::{Kept, Opener},
    },
    secrets::{SubjectKey, mask},
};

const NIK: &str = "persons.nik";
const NPWP: &str = "persons.npwp";
const PHONE: &str = "persons.phone";
const EMAIL: &str = "persons.email";
const DISABILITY: &str = "persons.disability";

#[derive(Clone, Default, Queryable, Selectable, Insertable, AsChangeset)]
#[diesel(table_name = persons, treat_none_as_null = true, treat_none_as_default_value = false)]
pub struct Sealed {
    nik_sealed: Option<Vec<u8>>,
    nik_index: Option<Vec<u8>>,
    pub nik_masked: Option<String>,
    npwp_sealed: Option<Vec<u8>>,
    npwp_index: Option<Vec<u8>>,
    pub npwp_masked: Option<String>,
    phone_sealed: Option<Vec<u8>>,
    phone_index: Option<Vec<u8>>,
    email_sealed: Option<Vec<u8>>,
    email_index: Option<Vec<u8>>,
    disability_sealed: Option<Vec<u8>>,
}

/// Seals the values of one person in one transaction.
pub struct Sealer<'a> {
    pub tx: &'a Tx<'a>,
    pub key: &'a SubjectKey,
    pub person: PersonId,
}

impl Sealer<'_> {
    /// The values of `after`; what is as it was in `before` keeps its ciphertext.
    pub fn seal(&self, after: &PersonFields, before: &PersonFields, kept: Sealed) -> Result<Sealed> {
        let mut sealed = kept;
        if after.nik != before.nik {
            Kept { sealed: sealed.nik_sealed, index: sealed.nik_index } = self.one(NIK, &after.nik)?;
            sealed.nik_masked = after.nik.as_deref().map(mask);
        }
        if after.npwp != before.npwp {
            Kept { sealed: sealed.npwp_sealed, index: sealed.npwp_index } = self.one(NPWP, &after.npwp)?;
            sealed.npwp_masked = after.npwp.as_deref().map(mask);
        }
        if after.phone != before.phone {
            Kept { sealed: sealed.phone_sealed, index: sealed.phone_index } =
                self.one(PHONE, &after.phone)?;
        }
        if after.email != before.email {
            Kept { sealed: sealed.email_sealed, index: sealed.email_index } =
                self.one(EMAIL, &after.email)?;
        }
        if after.disability != before.disability {
            let words = after.disability.as_ref().map(serde_json::to_string).transpose();
            // Nobody is looked up by it: it has no index.
            sealed.disability_sealed = self.one(DISABILITY, &words.map_err(ApiError::internal)?)?.sealed;
        }
        Ok(sealed)
    }

    fn one(&self, column: &str, value: &Option<String>) -> Result<Kept> {
        self.tx.seal(self.key, self.person.0, column, value.as_deref())
    }
}

impl Sealed {
    /// Puts into `person` what it is shown with.
    pub fn show(&self, opener: &Opener, person: &mut Person) -> Result<()> {
        person.phone = opener.open(PHONE, self.phone_sealed.as_deref())?;
        person.email = opener.open(EMAIL, self.email_sealed.as_deref())?;
        person.disability = self.disability(opener)?;
        Ok(())
    }

    pub fn nik(&self, opener: &Opener) -> Result<Option<String>> {
        opener.open(NIK, self.nik_sealed.as_deref())
    }

    pub fn npwp(&self, opener: &Opener) -> Result<Option<String>> {
        opener.open(NPWP, self.npwp_sealed.as_deref())
    }

    fn disability(&self, opener: &Opener) -> Result<Option<Vec<Disability>>> {
        let words = opener.open(DISABILITY, self.disability_sealed.as_deref())?;
        words.map(|words| serde_json::from_str(&words)).transpose().map_err(ApiError::internal)
    }
}
