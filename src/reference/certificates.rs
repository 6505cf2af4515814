//! What rules ask of the lists about certificates: which kinds concern a product, and what each asks for.

use chrono::NaiveDate;
use serde::Deserialize;

use super::{Label, Reference, lists};
use crate::text_enum::text_enum;

text_enum! {
    #[schema(as = CertificationObligation)]
    Obligation {
        Mandatory = "mandatory",
        Voluntary = "voluntary",
    }
}

#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub struct CertificationKind {
    pub code: String,
    pub name: Label,
    pub obligation: Obligation,
    pub needed_by: Label,
    pub issuer: Label,
    /// Without one, the certificate has no end that is known beforehand.
    pub validity_years: Option<u32>,
    /// How long before its end to renew it.
    pub lead_days: u64,
    #[serde(flatten)]
    concerns: Concerns,
}

/// One thing that a kind of certificate asks for.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub struct CertificationRequirement {
    #[serde(rename = "requirement")]
    pub code: String,
    pub name: Label,
    #[serde(flatten)]
    concerns: Concerns,
}

/// Which products and businesses a row is about; all, where it names none.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
struct Concerns {
    product_categories: Option<Vec<String>>,
    size_classes: Option<Vec<String>>,
}

impl Concerns {
    /// A business whose size nobody knows may be of any.
    fn hold(&self, category: Option<&str>, size: Option<&str>) -> bool {
        let named = |list: &Option<Vec<String>>, one: Option<&str>| {
            list.as_ref().is_none_or(|list| one.is_some_and(|one| list.iter().any(|it| it == one)))
        };
        named(&self.product_categories, category) && (size.is_none() || named(&self.size_classes, size))
    }
}

impl CertificationKind {
    /// Whether it may be of the business as a whole, as a trademark is.
    pub fn is_for_any_product(&self) -> bool {
        self.concerns.product_categories.is_none()
    }

    pub fn concerns(&self, category: &str, size: Option<&str>) -> bool {
        self.concerns.hold(Some(category), size)
    }

    /// The categories that it names.
    pub fn categories(&self) -> &[String] {
        self.concerns.product_categories.as_deref().unwrap_or_default()
    }

    /// The sizes that it names; none where it is for all.
    pub fn sizes(&self) -> &[String] {
        self.concerns.size_classes.as_deref().unwrap_or_default()
    }
}

impl Reference {
    /// As it is on that day, or will be: who prepares for a duty to come may begin before it.
    pub fn certification_kind(&self, code: &str, on: NaiveDate) -> Option<CertificationKind> {
        let mut versions = self.versions(&lists::CERTIFICATION_KINDS, code);
        let row = versions.find(|row| row.valid_to.is_none_or(|last| on <= last))?;
        CertificationKind::deserialize(&row.data).ok()
    }

    /// In the order of the list.
    pub fn certification_kinds(&self, on: NaiveDate) -> impl Iterator<Item = CertificationKind> {
        let rows = self.rows(&lists::CERTIFICATION_KINDS, on);
        rows.filter_map(|row| CertificationKind::deserialize(&row.data).ok())
    }

    /// What a kind asks for, of a product of that category, or of the business as a whole.
    pub fn certification_checklist(
        &self,
        kind: &str,
        category: Option<&str>,
        size: Option<&str>,
        on: NaiveDate,
    ) -> Vec<CertificationRequirement> {
        let rows = self.under(&lists::CERTIFICATION_CHECKLISTS, &[kind], on);
        let all = rows.filter_map(|row| CertificationRequirement::deserialize(&row.data).ok());
        all.filter(|requirement| requirement.concerns.hold(category, size)).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shipped() -> Reference {
        Reference::shipped().unwrap_or_else(|faults| panic!("{faults:?}"))
    }

    fn day(text: &str) -> NaiveDate {
        text.parse().unwrap()
    }

    fn codes(category: &str, size: Option<&str>, on: &str) -> Vec<String> {
        let reference = shipped();
        let kinds = reference.certification_kinds(day(on)).filter(|kind| kind.concerns(category, size));
        kinds.map(|kind| kind.code).collect()
    }

    #[test]
    fn a_product_is_concerned_by_its_category_the_size_and_the_day() {
        let all = ["spp_irt", "halal", "sni_bina_umk", "trademark", "label_review"];
        assert_eq!(codes("packaged_food_low_risk", Some("micro"), "2026-11-24"), all);
        assert_eq!(codes("packaged_food_low_risk", None, "2026-11-24"), all);
        let without = |code: &str| all.iter().copied().filter(|kind| *kind != code).collect::<Vec<_>>();
        assert_eq!(codes("packaged_food_low_risk", Some("medium"), "2026-11-24"), without("sni_bina_umk"));
        assert_eq!(codes("packaged_food_low_risk", None, "2026-10-17"), without("halal"));
        assert_eq!(codes("service", Some("micro"), "2026-11-24"), ["trademark"]);
    }

    #[test]
    fn what_is_not_mandatory_yet_can_be_prepared() {
        let reference = shipped();
        let known = |code, on| reference.certification_kind(code, day(on)).is_some();
        assert!(
            known("halal", "2026-10-17") && known("halal", "2026-10-18") && !known("iso_9001", "2026-10-18")
        );
    }

    #[test]
    fn a_checklist_follows_the_category_and_the_size() {
        let reference = shipped();
        let halal = |category, size| {
            let list = reference.certification_checklist("halal", category, size, day("2026-11-24"));
            list.into_iter().map(|requirement| requirement.code).collect::<Vec<_>>()
        };
        let has = |list: &[String], code: &str| list.iter().any(|it| it == code);
        let small = halal(Some("ready_to_eat"), Some("small"));
        assert!(has(&small, "self_declaration") && !has(&small, "halal_supervisor"), "{small:?}");
        let medium = halal(Some("ready_to_eat"), Some("medium"));
        assert!(!has(&medium, "self_declaration") && has(&medium, "halal_supervisor"), "{medium:?}");
        assert!(!has(&halal(Some("cosmetic"), Some("micro")), "self_declaration"));
        assert!(!has(&halal(None, Some("micro")), "self_declaration"));
    }

    #[test]
    fn every_kind_has_a_checklist_and_every_row_is_what_the_questions_take_it_for() {
        let reference = shipped();
        for row in reference.all_rows(&lists::CERTIFICATION_KINDS) {
            let kind = CertificationKind::deserialize(&row.data).unwrap();
            let category = kind.categories().first().map(String::as_str);
            let list = reference.certification_checklist(&kind.code, category, None, day("2026-11-24"));
            assert!(!list.is_empty(), "{}", kind.code);
        }
        for row in reference.all_rows(&lists::CERTIFICATION_CHECKLISTS) {
            assert!(CertificationRequirement::deserialize(&row.data).is_ok(), "{}", row.key);
        }
    }
}
