//! How to reach a mentor, as the table keeps it.

use diesel::prelude::*;

use super::payloads::MentorFields;
use crate::{
    db::schema::mentors,
    error::Result,
    ids::MentorId,
    records::{
        Tx,
        sealing::{Kept, Opener},
    },
    secrets::SubjectKey,
};

pub const EMAIL: &str = "mentors.email";
const PHONE: &str = "mentors.phone";

#[derive(Clone, Queryable, Selectable, Insertable, AsChangeset)]
#[diesel(table_name = mentors, treat_none_as_null = true, treat_none_as_default_value = false)]
pub struct Sealed {
    pub(super) email_sealed: Vec<u8>,
    pub(super) email_index: Vec<u8>,
    pub(super) phone_sealed: Option<Vec<u8>>,
    pub(super) phone_index: Option<Vec<u8>>,
}

impl Sealed {
    pub fn of(tx: &Tx<'_>, key: &SubjectKey, id: MentorId, fields: &MentorFields) -> Result<Self> {
        let email = tx.seal(key, id.0, EMAIL, Some(&fields.email))?;
        let phone: Kept = tx.seal(key, id.0, PHONE, fields.phone.as_deref())?;
        Ok(Self {
            email_sealed: email.sealed.unwrap_or_default(),
            email_index: email.index.unwrap_or_default(),
            phone_sealed: phone.sealed,
            phone_index: phone.index,
        })
    }

    pub fn email(&self, opener: &Opener) -> Result<Option<String>> {
        opener.open(EMAIL, Some(&self.email_sealed))
    }

    pub fn phone(&self, opener: &Opener) -> Result<Option<String>> {
        opener.open(PHONE, self.phone_sealed.as_deref())
    }
}
