//! What rules ask of the lists, in their own types.

use chrono::NaiveDate;
use serde::Deserialize;

use super::{List, Reference, Row, lists};
use crate::{calendar::Target, http::language::Language};

/// A reason that a move gives.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
pub struct Reason<'a> {
    pub code: &'a str,
    pub note_required: bool,
}

/// The class of a business, with the rule that says so.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
pub struct SizeClass<'a> {
    pub rule: &'a str,
    pub basis: &'a str,
    pub class: &'a str,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ProvinceStatus {
    /// Numbers that begin with it are issued or were, under the present register.
    Current,
    /// An older numbering: the register has given its people new numbers.
    Retired,
    /// No province; for made-up people.
    Synthetic,
}

/// What people are asked to consent to, for one purpose.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
pub struct ConsentPurpose<'a> {
    /// `lender`, `cooperative`, `institution`; `department` or `public` where no receiver is named.
    pub receiver_kind: &'a str,
    pub text_version: i32,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Village<'a> {
    pub district_code: &'a str,
    pub name: &'a str,
    pub postal_code: Option<&'a str>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
pub struct Scheme<'a> {
    pub code: &'a str,
    /// Of the scheme's rules.
    pub version: u32,
    /// The name for `Reference::checklist`.
    #[serde(rename = "documents_checklist")]
    pub checklist: Option<&'a str>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
pub struct ChecklistItem<'a> {
    pub document: &'a str,
    /// `always`, `amount_above` (of `above_idr`), or another word of the list.
    pub required_when: &'a str,
    pub above_idr: Option<i64>,
}

/// Amounts in whole rupiah; an end that is not there is open.
#[derive(Deserialize)]
struct Band {
    min_exclusive_idr: Option<i64>,
    max_inclusive_idr: Option<i64>,
}

impl Band {
    fn of(row: &Row) -> Option<Self> {
        Self::deserialize(&row.data).ok()
    }

    fn holds(&self, amount_idr: i64) -> bool {
        self.min_exclusive_idr.is_none_or(|min| min < amount_idr)
            && self.max_inclusive_idr.is_none_or(|max| amount_idr <= max)
    }
}

impl Reference {
    pub fn service_target(&self, code: &str, on: NaiveDate) -> Option<Target> {
        self.read(&lists::SERVICE_TARGETS, code, on)
    }

    /// What people call it, also where it is no longer valid.
    pub fn name(&self, list: &List, key: &str, language: Language) -> Option<&str> {
        let row = self.versions(list, key).next_back()?;
        row.data.pointer(language.pick("/name/id", "/name/en"))?.as_str()
    }

    /// The last day for what begins on `from` and has that service target.
    pub fn due(&self, code: &str, from: NaiveDate) -> Option<NaiveDate> {
        Some(self.calendar().due(from, &self.service_target(code, from)?))
    }

    /// `resource` and `action` as in the lifecycles: `capital_referral`, `return`.
    pub fn reason(&self, resource: &str, action: &str, code: &str, on: NaiveDate) -> Option<Reason<'_>> {
        self.read(&lists::REASON_CODES, &[resource, action, code].join("/"), on)
    }

    /// Those from which the action has to choose; none where it needs no reason.
    pub fn reasons<'a>(
        &'a self,
        resource: &str,
        action: &str,
        on: NaiveDate,
    ) -> impl Iterator<Item = Reason<'a>> + use<'a> {
        let rows = self.under(&lists::REASON_CODES, &[resource, action], on);
        rows.filter_map(|row| Reason::deserialize(&row.data).ok())
    }

    /// By the rule of that day: PP 7/2021 art. 35, before it UU 20/2008. `basis` is `capital` (without
    /// land and buildings), `annual_sales`, or for the older rule `net_assets`.
    pub fn size_class(&self, basis: &str, amount_idr: i64, on: NaiveDate) -> Option<SizeClass<'_>> {
        let mut rows = self.under(&lists::SIZE_CLASSES, &[basis], on);
        let row = rows.find(|row| Band::of(row).is_some_and(|band| band.holds(amount_idr)))?;
        SizeClass::deserialize(&row.data).ok()
    }

    /// What the first two digits of a population number say, `None` when no province ever had them.
    pub fn province_status(&self, prefix: &str) -> Option<ProvinceStatus> {
        let row = self.versions(&lists::PROVINCES, prefix).next_back()?;
        ProvinceStatus::deserialize(row.data.get("status")?).ok()
    }

    /// In the words that are in force on that day.
    pub fn consent_purpose(&self, code: &str, on: NaiveDate) -> Option<ConsentPurpose<'_>> {
        self.read(&lists::CONSENT_PURPOSES, code, on)
    }

    pub fn village(&self, code: &str, on: NaiveDate) -> Option<Village<'_>> {
        let row = self.row(&lists::VILLAGES, code, on)?;
        let postal = self.row(&lists::VILLAGE_POSTAL_CODES, code, on);
        Some(Village {
            district_code: row.data.get("district_code")?.as_str()?,
            name: row.data.pointer("/name/id")?.as_str()?,
            postal_code: postal.and_then(|row| row.data.get("postal_code")?.as_str()),
        })
    }

    /// With the business, for a session of that day to count as coaching.
    pub fn least_contact_minutes(&self, on: NaiveDate) -> Option<i32> {
        let rule = self.row(&lists::COUNTING_RULES, "session", on)?;
        i32::try_from(rule.data.get("contact_minutes")?.as_i64()?).ok()
    }

    /// The dimensions that an expertise covers, each by how many per cent.
    pub fn covered_by<'a>(&'a self, expertise: &str, on: NaiveDate) -> impl Iterator<Item = (&'a str, u32)> {
        let rows = self.under(&lists::EXPERTISE_DIMENSIONS, &[expertise], on);
        rows.filter_map(|row| Some((row.data.get("dimension")?.as_str()?, weight(row)?)))
    }

    /// The terms by which a mentor fits a business, with their weights.
    pub fn matching_terms(&self, on: NaiveDate) -> impl Iterator<Item = (&str, u32)> {
        self.rows(&lists::MATCHING_TERMS, on).filter_map(|row| Some((row.key.as_str(), weight(row)?)))
    }

    /// The districts that border on one; the list has each pair once.
    pub fn neighbours_of<'a>(&'a self, district: &str) -> impl Iterator<Item = &'a str> {
        let neighbour = move |row: &'a Row| {
            let [one, other] = ["district_code", "neighbour_code"].map(|name| row.data.get(name)?.as_str());
            let (one, other) = (one?, other?);
            match () {
                () if one == district => Some(other),
                () if other == district => Some(one),
                () => None,
            }
        };
        self.all_rows(&lists::DISTRICT_NEIGHBOURS).iter().filter_map(neighbour)
    }

    /// Whether it is a code of the creative economy; others may be genuine all the same. Both versions
    /// stay known, for a record keeps the one it was made with.
    pub fn kbli_known(&self, version: &str, code: &str) -> bool {
        self.versions(&lists::KBLI_CREATIVE, &[version, code].join("/")).next().is_some()
    }

    /// The schemes with room for the amount, the nearest first. `for_whom` is `person`, `group` or
    /// `cooperative`.
    pub fn financing_schemes_for(
        &self,
        amount_idr: i64,
        for_whom: &str,
        on: NaiveDate,
    ) -> impl Iterator<Item = Scheme<'_>> {
        let rows = self.rows(&lists::FINANCING_SCHEMES, on);
        let fits = move |row: &&Row| {
            row.data.get("for_whom").is_some_and(|whom| whom == for_whom)
                && Band::of(row).is_some_and(|band| band.holds(amount_idr))
        };
        rows.filter(fits).filter_map(|row| Scheme::deserialize(&row.data).ok())
    }

    /// The documents of a checklist: those for any purpose, then those for this one.
    pub fn checklist<'a>(
        &'a self,
        name: &str,
        purpose: &str,
        on: NaiveDate,
    ) -> impl Iterator<Item = ChecklistItem<'a>> + use<'a> {
        let list = &lists::DOCUMENT_CHECKLISTS;
        let special = (purpose != "any").then(|| self.under(list, &[name, purpose], on));
        let rows = self.under(list, &[name, "any"], on).chain(special.into_iter().flatten());
        rows.filter_map(|row| ChecklistItem::deserialize(&row.data).ok())
    }
}

fn weight(row: &Row) -> Option<u32> {
    u32::try_from(row.data.get("weight")?.as_u64()?).ok()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{calendar::DayKind, reference::List};

    fn shipped() -> Reference {
        Reference::shipped().unwrap_or_else(|faults| panic!("{faults:?}"))
    }

    fn day(text: &str) -> NaiveDate {
        text.parse().unwrap()
    }

    #[test]
    fn a_size_class_ends_with_its_upper_bound() {
        let reference = shipped();
        let class = |basis, amount, on| reference.size_class(basis, amount, day(on)).map(|found| found.class);
        for (basis, bounds) in [
            ("capital", [1_000_000_000, 5_000_000_000, 10_000_000_000]),
            ("annual_sales", [2_000_000_000, 15_000_000_000, 50_000_000_000]),
        ] {
            assert_eq!(class(basis, 0, "2026-11-24"), Some("micro"));
            for (bound, (under, above)) in
                bounds.into_iter().zip([("micro", "small"), ("small", "medium"), ("medium", "large")])
            {
                assert_eq!(class(basis, bound, "2026-11-24"), Some(under));
                assert_eq!(class(basis, bound + 1, "2026-11-24"), Some(above));
            }
        }
        assert_eq!(class("height", 1, "2026-11-24"), None);
    }

    #[test]
    fn a_size_class_follows_the_rule_of_the_day() {
        let reference = shipped();
        let found = |basis, on| reference.size_class(basis, 2_000_000_000, day(on));
        let new = SizeClass { rule: "PP7/2021", basis: "annual_sales", class: "micro" };
        let old = SizeClass { rule: "UU20/2008", basis: "annual_sales", class: "small" };
        assert_eq!(found("annual_sales", "2021-02-02"), Some(new));
        assert_eq!(found("annual_sales", "2021-02-01"), Some(old));
        assert_eq!(found("net_assets", "2021-02-01").map(|found| found.class), Some("medium"));
        assert_eq!(found("net_assets", "2021-02-02"), None);
        assert_eq!(found("capital", "2021-02-01"), None);
    }

    #[test]
    fn a_reason_belongs_to_its_move() {
        let reference = shipped();
        let on = day("2026-11-24");
        let other = Some(Reason { code: "other", note_required: true });
        assert_eq!(reference.reason("enrollment", "reject", "other", on), other);
        let arrears = reference.reason("capital_referral", "not_recommend", "arrears", on);
        assert!(arrears.is_some_and(|reason| !reason.note_required));
        assert_eq!(reference.reason("capital_referral", "reject", "arrears", on), None);
        assert_eq!(reference.reasons("capital_referral", "appeal", on).count(), 3);
        assert_eq!(reference.reasons("capital_referral", "submit", on).count(), 0);
    }

    #[test]
    fn targets_are_in_working_or_calendar_days() {
        let reference = shipped();
        let target = |code| reference.service_target(code, day("2026-11-24"));
        let (review, proposal) = (target("referral_review"), target("proposal_answer"));
        assert_eq!(review, Some(Target { days: 5, kind: DayKind::Working }));
        assert_eq!(proposal, Some(Target { days: 7, kind: DayKind::Calendar }));
        assert_eq!(target("nothing"), None);
    }

    #[test]
    fn a_scheme_is_suggested_by_amount_and_day() {
        let reference = shipped();
        let first = |amount, whom, on| {
            let scheme = reference.financing_schemes_for(amount, whom, day(on)).next();
            scheme.map(|scheme| (scheme.code, scheme.version))
        };
        assert_eq!(first(10_000_000, "person", "2026-11-24"), Some(("kur_super_mikro", 2026)));
        assert_eq!(first(10_000_001, "person", "2026-11-24"), Some(("kur_mikro", 2026)));
        assert_eq!(first(10_000_001, "person", "2026-01-04"), Some(("kur_mikro", 2023)));
        assert_eq!(first(500_000_000, "person", "2026-11-24"), Some(("kur_kecil", 2026)));
        assert_eq!(first(500_000_001, "person", "2026-11-24"), Some(("tjsl", 1)));
        assert_eq!(first(500_000_001, "cooperative", "2026-11-24"), Some(("lpdb", 2025)));
        assert_eq!(first(1, "state", "2026-11-24"), None);
    }

    #[test]
    fn a_checklist_has_what_every_purpose_needs_and_what_this_one_does() {
        let reference = shipped();
        let documents = |purpose| {
            reference
                .checklist("kur", purpose, day("2026-11-24"))
                .map(|item| item.document)
                .collect::<Vec<_>>()
        };
        assert_eq!((documents("any").len(), documents("other").len()), (11, 11));
        assert_eq!(documents("premises").split_off(11), ["quotation", "premises_right"]);
        let mut items = reference.checklist("kur", "any", day("2026-11-24"));
        let npwp = items.find(|item| item.document == "npwp").unwrap();
        assert_eq!((npwp.required_when, npwp.above_idr), ("amount_above", Some(50_000_000)));
    }

    #[test]
    fn every_row_is_what_the_questions_take_it_for() {
        fn all<'a, T: Deserialize<'a>>(reference: &'a Reference, list: &List) -> bool {
            reference.all_rows(list).iter().all(|row| T::deserialize(&row.data).is_ok())
        }
        let reference = shipped();
        assert!(all::<Target>(&reference, &lists::SERVICE_TARGETS));
        assert!(all::<Reason>(&reference, &lists::REASON_CODES));
        assert!(all::<SizeClass>(&reference, &lists::SIZE_CLASSES));
        assert!(all::<Band>(&reference, &lists::SIZE_CLASSES));
        assert!(all::<Band>(&reference, &lists::FINANCING_SCHEMES));
        assert!(all::<Scheme>(&reference, &lists::FINANCING_SCHEMES));
        assert!(all::<ChecklistItem>(&reference, &lists::DOCUMENT_CHECKLISTS));
        assert!(all::<ConsentPurpose>(&reference, &lists::CONSENT_PURPOSES));
        let mut provinces = reference.all_rows(&lists::PROVINCES).iter();
        assert!(provinces.all(|row| reference.province_status(&row.key).is_some()));
        let mut villages = reference.all_rows(&lists::VILLAGES).iter();
        assert!(villages.all(|row| reference.village(&row.key, day("2026-11-24")).is_some()));
    }

    #[test]
    fn places_and_codes_are_known_by_what_stands_on_paper() {
        let reference = shipped();
        let serua = Village { district_code: "36.74.04", name: "Serua", postal_code: Some("15414") };
        assert_eq!(reference.village("36.74.04.1002", day("2026-11-24")), Some(serua));
        assert_eq!(reference.village("36.74.04", day("2026-11-24")), None);
        let status = |prefix| reference.province_status(prefix);
        assert_eq!(
            [status("36"), status("10")],
            [Some(ProvinceStatus::Current), Some(ProvinceStatus::Retired)]
        );
        assert_eq!([status("99"), status("00")], [Some(ProvinceStatus::Synthetic), None]);
        assert!(reference.kbli_known("2020", "13134") && !reference.kbli_known("2025", "13134"));
    }
}
