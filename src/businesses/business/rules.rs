//! What must hold of a business, and how it moves. Nothing here touches HTTP or the database.

use chrono::NaiveDate;

use super::payloads::{
    Action::{self, Deactivate, Reactivate},
    Business, BusinessFields, Kind,
    Status::{self, Active, Inactive},
};
use crate::{
    access::Permission::DecideBusinesses,
    http::{Code, Flaw},
    identifiers::{nik, npwp},
    lifecycle::{Lifecycle, Move, any, none},
    reference::{ProvinceStatus, Reference, lists},
};

#[rustfmt::skip]
pub const LIFECYCLE: Lifecycle<Business, Status, Action> = Lifecycle {
    resource: "business",
    status: |business| business.status,
    objection: none,
    moves: &[
        Move { action: Deactivate, from: &[Active],   to: Inactive, permission: DecideBusinesses, needs: &["reason_code"], takes: &[], named: None, only: any },
        Move { action: Reactivate, from: &[Inactive], to: Active,   permission: DecideBusinesses, needs: &[],              takes: &[], named: None, only: any },
    ],
};

/// What a judgement of the fields rests on besides them.
pub struct Known<'a> {
    pub reference: &'a Reference,
    pub today: NaiveDate,
    /// Whether numbers of made-up people may be kept.
    pub synthetic_allowed: bool,
}

impl Known<'_> {
    /// All that is wrong with the fields. What stands in the record `before` is not asked again: a list
    /// may have lost a code since.
    pub fn flaws(&self, fields: &BusinessFields, before: Option<&BusinessFields>) -> Vec<Flaw> {
        let mut flaws = self.code_flaws(fields, before);
        let mut unless = |right: bool, flaw: Flaw| {
            if !right {
                flaws.push(flaw)
            }
        };
        for (date, pointer) in [(fields.nib_issued_on, "/nib_issued_on"), (fields.founded_on, "/founded_on")]
        {
            unless(date.is_none_or(|date| date <= self.today), Code::InTheFuture.at(pointer));
        }
        unless(fields.nib_issued_on.is_none() || fields.nib.is_some(), Code::Required.at("/nib"));
        let (latitude, longitude) = (fields.address.latitude, fields.address.longitude);
        unless(longitude.is_none() || latitude.is_some(), Code::Required.at("/address/latitude"));
        unless(latitude.is_none() || longitude.is_some(), Code::Required.at("/address/longitude"));
        unless(
            fields.cooperative_id.is_none() || fields.kind == Kind::Cooperative,
            Code::Conflict.expecting("/cooperative_id", "kind"),
        );
        unless(
            before.is_none_or(|old| old.kind == fields.kind),
            Code::NotAllowed.expecting("/kind", before.map_or("", |old| old.kind.as_str())),
        );
        flaws.extend(fields.external_ids.flaws());
        flaws
    }

    fn code_flaws(&self, fields: &BusinessFields, before: Option<&BusinessFields>) -> Vec<Flaw> {
        let was = |held: &dyn Fn(&BusinessFields) -> bool| before.is_some_and(held);
        let mut flaws = Vec::new();
        if !self.reference.is_valid(&lists::SUBSECTORS, &fields.subsector, self.today)
            && !was(&|old| old.subsector == fields.subsector)
        {
            flaws.push(Code::UnknownCode.expecting("/subsector", "subsectors"));
        }
        let village = &fields.address.village_code;
        if self.reference.village(village, self.today).is_none()
            && !was(&|old| old.address.village_code == *village)
        {
            flaws.push(Code::UnknownCode.expecting("/address/village_code", "villages"));
        }
        for (at, kbli) in fields.kbli.iter().enumerate() {
            if !self.reference.kbli_known(kbli.version.as_str(), &kbli.code)
                && !was(&|old| old.kbli.contains(kbli))
            {
                flaws.push(Code::UnknownCode.expecting(format!("/kbli/{at}/code"), "kbli-creative"));
            }
        }
        if fields.npwp.as_deref().and_then(npwp::as_nik).and_then(nik::province).is_some_and(|province| {
            match self.reference.province_status(province) {
                Some(ProvinceStatus::Synthetic) => !self.synthetic_allowed,
                status => status.is_none(),
            }
        }) {
            flaws.push(Code::UnknownCode.expecting("/npwp", "provinces"));
        }
        flaws
    }
}

/// Two names that a reader takes for the same: case, blanks and signs do not count.
pub fn is_same_name(one: &str, other: &str) -> bool {
    let letters = |name: &str| -> String {
        name.chars().flat_map(char::to_lowercase).filter(|letter| letter.is_alphanumeric()).collect()
    };
    letters(one) == letters(other)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_is_the_same_whatever_its_case_blanks_and_signs() {
        for other in ["dapur bu siti", " Dapur  Bu-Siti ", "DAPUR BU SITI.", "Dapur \"Bu Siti\""] {
            assert!(is_same_name("Dapur Bu Siti", other), "{other}");
        }
        assert!(!is_same_name("Dapur Bu Siti", "Dapur Bu Siti 2"));
    }
}
