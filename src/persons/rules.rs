//! What a person's fields must be, and who may change which.

use chrono::{Datelike, NaiveDate};

use super::payloads::{Identity, Person, PersonFields, Profile};
use crate::{
    access::Party,
    http::{Code, Flaw},
    identifiers::{email, nik, npwp, phone},
    reference::{ProvinceStatus, Reference},
};

/// What a judgement of the fields rests on besides them.
pub struct Known<'a> {
    pub reference: &'a Reference,
    pub today: NaiveDate,
    /// Whether NIKs of made-up people may be kept.
    pub synthetic_allowed: bool,
    /// Whether those of others may: not in a sandbox.
    pub real_allowed: bool,
}

pub fn has_nik(person: &Person) -> bool {
    person.nik.is_some()
}

/// In the form in which they are kept and compared. A NIK without further word is a declared identity; one
/// that is replaced, as `before` has another, is declared anew.
pub fn settled(
    mut fields: PersonFields,
    before: Option<&PersonFields>,
    names_identity: bool,
) -> PersonFields {
    let normal = |value: Option<String>, of: fn(&str) -> Option<String>| value.as_deref().and_then(of);
    fields.npwp = normal(fields.npwp, npwp::normalise);
    fields.phone = normal(fields.phone, phone::normalise);
    fields.email = normal(fields.email, email::normalise);
    let replaced = before.is_some_and(|before| before.nik != fields.nik);
    let declared = if fields.nik.is_some() { Identity::Declared } else { Identity::None };
    if fields.identity.is_none() || replaced && !names_identity {
        fields.identity = Some(declared);
    }
    fields
}

impl Known<'_> {
    /// All that is wrong with fields that are `settled`.
    pub fn flaws(&self, fields: &PersonFields) -> Vec<Flaw> {
        let mut flaws: Vec<_> =
            fields.nik.as_deref().and_then(|nik| self.nik_flaw(nik)).into_iter().collect();
        // A resident's tax number is the NIK: as another it would be a second person.
        if fields
            .npwp
            .as_deref()
            .and_then(npwp::as_nik)
            .is_some_and(|npwp| fields.nik.as_deref() != Some(npwp))
        {
            flaws.push(Code::Conflict.expecting("/npwp", "nik"));
        }
        if (fields.identity == Some(Identity::None)) == fields.nik.is_some() {
            flaws.push(Code::Conflict.expecting("/identity", "nik"));
        }
        if fields.birth_year.is_some_and(|year| i32::from(year) > self.today.year()) {
            flaws.push(Code::InTheFuture.at("/birth_year"));
        }
        let unknown = |code: &&String| self.reference.village(code, self.today).is_none();
        if fields.village_code.as_ref().filter(unknown).is_some() {
            flaws.push(Code::UnknownCode.expecting("/village_code", "villages"));
        }
        flaws.extend(fields.external_ids.flaws());
        flaws
    }

    fn nik_flaw(&self, number: &str) -> Option<Flaw> {
        let province = nik::province(number)?;
        match self.reference.province_status(province) {
            Some(ProvinceStatus::Current) if self.real_allowed => None,
            Some(ProvinceStatus::Synthetic) if self.synthetic_allowed => None,
            Some(ProvinceStatus::Retired) => {
                Some(Code::RetiredCode.expecting("/nik", "e-KTP / electronic card"))
            }
            _ => Some(Code::UnknownCode.expecting("/nik", "provinces")),
        }
    }
}

/// What `caller` may not change of the person: of oneself, how well one is known, and once that was seen
/// on the card, what stands on it.
pub fn kept_by_others(caller: Party, person: &Person) -> &'static [&'static str] {
    match person.profile.identity {
        _ if caller != Party::Person(person.id) => &[],
        Identity::Verified => &["identity", "full_name", "nik"],
        Identity::None | Identity::Declared => &["identity"],
    }
}

impl PersonFields {
    /// What is kept of them in clear.
    pub fn profile(&self) -> Profile {
        Profile {
            full_name: self.full_name.clone(),
            identity: self.identity.unwrap_or(Identity::None),
            gender: self.gender,
            birth_year: self.birth_year,
            village_code: self.village_code.clone(),
            external_ids: self.external_ids.clone(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn flaws(fields: PersonFields, synthetic_allowed: bool) -> Vec<(String, &'static str)> {
        let reference = Reference::shipped().unwrap_or_else(|faults| panic!("{faults:?}"));
        let today = "2026-11-24".parse().unwrap();
        let known = Known { reference: &reference, today, synthetic_allowed, real_allowed: true };
        let found = known.flaws(&settled(fields, None, false));
        let place = |flaw: Flaw| (format!("{:?}", flaw.place), flaw.code.words().code);
        found.into_iter().map(place).collect()
    }

    fn with_nik(nik: &str) -> PersonFields {
        PersonFields { nik: Some(nik.into()), ..PersonFields::default() }
    }

    #[test]
    fn the_province_of_a_nik_exists_and_made_up_people_are_for_pilots() {
        let at_nik = |code| vec![("Pointer(\"/nik\")".to_owned(), code)];
        assert_eq!(flaws(with_nik("3674014101900001"), false), []);
        assert_eq!(flaws(with_nik("9974014101900001"), true), []);
        assert_eq!(flaws(with_nik("9974014101900001"), false), at_nik("unknown_code"));
        assert_eq!(flaws(with_nik("0074014101900001"), true), at_nik("unknown_code"));
        assert_eq!(flaws(with_nik("1074014101900001"), true), at_nik("retired_code"));
    }

    #[test]
    fn a_tax_number_that_is_a_nik_is_the_persons_own() {
        let with = |nik: Option<&str>, npwp: &str| {
            let (nik, npwp) = (nik.map(str::to_owned), Some(npwp.to_owned()));
            flaws(PersonFields { nik, npwp, ..PersonFields::default() }, true).len()
        };
        let own = "9974014101900001";
        assert_eq!((with(Some(own), own), with(Some(own), "01.312.166.0-091.000")), (0, 0));
        assert_eq!((with(None, own), with(Some("9974014101900002"), own)), (1, 1));
    }

    #[test]
    fn another_nik_is_declared_anew_unless_it_was_seen_too() {
        let verified = PersonFields { identity: Some(Identity::Verified), ..with_nik("9974014101900001") };
        let other = PersonFields { nik: Some("9974014101900002".into()), ..verified.clone() };
        let settle = |names| settled(other.clone(), Some(&verified), names).identity;
        assert_eq!((settle(false), settle(true)), (Some(Identity::Declared), Some(Identity::Verified)));
        let gone = PersonFields { nik: None, ..verified.clone() };
        assert_eq!(settled(gone, Some(&verified), false).identity, Some(Identity::None));
    }
}
