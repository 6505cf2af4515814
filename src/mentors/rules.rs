//! What must hold of a mentor, who keeps which field, and how one comes and goes.

use chrono::NaiveDate;

use super::payloads::{
    AcademicId,
    Action::{self, Activate, End, Leave, Return},
    Kind, Mentor, MentorFields, Profile,
    Status::{self, Active, Candidate, Ended, Ending, OnLeave},
};
use crate::{
    access::{Party, Permission::DecideMentors},
    http::{Code, Flaw},
    identifiers::{academic_id, email, phone},
    ids::InstitutionId,
    institutions::{self, Institution},
    lifecycle::{Lifecycle, Move, any, none},
    reference::{List, Reference, lists},
};

#[rustfmt::skip]
pub const LIFECYCLE: Lifecycle<Mentor, Status, Action> = Lifecycle {
    resource: "mentor",
    status: |mentor| mentor.status,
    objection: none,
    moves: &[
        Move { action: Activate, from: &[Candidate],                  to: Active,  permission: DecideMentors, needs: &[],              takes: &[], named: None, only: any },
        Move { action: Leave,    from: &[Active],                     to: OnLeave, permission: DecideMentors, needs: &["reason_code"], takes: &[], named: None, only: any },
        Move { action: Return,   from: &[OnLeave],                    to: Active,  permission: DecideMentors, needs: &[],              takes: &[], named: None, only: any },
        Move { action: End,      from: &[Candidate, Active, OnLeave], to: Ended,   permission: DecideMentors, needs: &["reason_code"], takes: &[], named: None, only: any },
        Move { action: End,      from: &[Active, OnLeave],            to: Ending,  permission: DecideMentors, needs: &["reason_code"], takes: &[], named: None, only: any },
    ],
};

/// The move by which an institution lets a mentor go; none for who is going already.
pub fn let_go(from: Status) -> Option<&'static Move<Mentor, Status, Action>> {
    LIFECYCLE.moves.iter().find(|step| step.action == End && step.to == Ended && step.from.contains(&from))
}

/// Where the move leads: who still coaches ends once others have taken over.
pub fn reached(step: &Move<Mentor, Status, Action>, coaches: bool) -> Status {
    if step.to == Ended && coaches { Ending } else { step.to }
}

#[derive(Clone, Copy, PartialEq)]
enum Keeper {
    Institution,
    /// The mentor as well as the institution.
    Both,
    Programme,
}

const KEEPERS: &[(&str, Keeper)] = &[
    ("kind", Keeper::Institution),
    ("institution_id", Keeper::Institution),
    ("full_name", Keeper::Institution),
    ("titles", Keeper::Institution),
    ("academic_id", Keeper::Institution),
    ("email", Keeper::Both),
    ("phone", Keeper::Both),
    ("expertise", Keeper::Both),
    ("subsectors", Keeper::Both),
    ("districts", Keeper::Both),
    ("capacity_offered", Keeper::Both),
    ("external_ids", Keeper::Institution),
    ("capacity", Keeper::Programme),
    ("expertise_confirmed", Keeper::Programme),
];

/// Each field of a mentor, and who keeps it: as it is published.
pub fn keepers() -> impl Iterator<Item = (&'static str, &'static str)> {
    KEEPERS.iter().map(|(field, keeper)| {
        (
            *field,
            match keeper {
                Keeper::Institution => "institution",
                Keeper::Both => "institution, mentor",
                Keeper::Programme => "programme",
            },
        )
    })
}

/// The fields that `caller` may not change. The programme keeps all of who has no institution.
pub fn kept_by_others(caller: Party, institution: Option<InstitutionId>) -> Vec<&'static str> {
    let mine = |keeper: Keeper| match caller {
        Party::Staff => keeper == Keeper::Programme || institution.is_none(),
        Party::Institution(_) => keeper != Keeper::Programme,
        Party::Mentor(_) => keeper == Keeper::Both,
        _ => false,
    };
    KEEPERS.iter().filter(|(_, keeper)| !mine(*keeper)).map(|(field, _)| *field).collect()
}

/// How many a mentor is given until the programme has said something else.
const MOST_AT_FIRST: i32 = 5;

/// In the form in which they are kept and compared; an institution's mentors are its own by themselves.
pub fn settled(mut fields: MentorFields, caller: Party) -> MentorFields {
    fields.email = email::normalise(&fields.email).unwrap_or(fields.email);
    fields.phone = fields.phone.as_deref().and_then(phone::normalise);
    if let (Party::Institution(own), None) = (caller, fields.institution_id) {
        fields.institution_id = Some(own);
    }
    fields
}

impl MentorFields {
    /// What is kept of them in clear.
    pub fn profile(&self) -> Profile {
        let fields = self.clone();
        Profile {
            kind: fields.kind,
            institution_id: fields.institution_id,
            full_name: fields.full_name,
            titles: fields.titles,
            academic_id: fields.academic_id,
            expertise: fields.expertise,
            subsectors: fields.subsectors,
            districts: fields.districts,
            capacity_offered: fields.capacity_offered,
            external_ids: fields.external_ids,
            capacity: fields
                .capacity
                .unwrap_or(fields.capacity_offered.unwrap_or(MOST_AT_FIRST).min(MOST_AT_FIRST)),
            expertise_confirmed: fields.expertise_confirmed,
        }
    }
}

/// All that is wrong with fields that are `settled`, but for the institution.
pub fn flaws(fields: &MentorFields, caller: Party, reference: &Reference, today: NaiveDate) -> Vec<Flaw> {
    let mut flaws = Vec::new();
    if fields.kind == Kind::Academic && fields.institution_id.is_none() {
        flaws.push(Code::Required.at("/institution_id"));
    }
    if matches!(caller, Party::Institution(own) if fields.institution_id != Some(own)) {
        flaws.push(Code::NotYours.at("/institution_id"));
    }
    let wrong = |id: &&AcademicId| !academic_id::is_valid_as(id.kind.as_str(), &id.value);
    if let Some(id) = fields.academic_id.as_ref().filter(wrong) {
        flaws.push(Code::BadFormat.expecting("/academic_id/value", id.kind));
    }
    flaws.extend(repeated("expertise", &fields.expertise));
    flaws.extend(repeated("expertise_confirmed", &fields.expertise_confirmed));
    flaws.extend(repeated("subsectors", &fields.subsectors));
    flaws.extend(repeated("districts", &fields.districts));
    let known = |list: &'static List, code: &String| reference.is_valid(list, code, today);
    for (field, list, codes) in [
        ("subsectors", &lists::SUBSECTORS, &fields.subsectors),
        ("districts", &lists::DISTRICTS, &fields.districts),
    ] {
        let unknown = codes.iter().enumerate().filter(|(_, code)| !known(list, code));
        flaws.extend(unknown.map(|(at, _)| Code::UnknownCode.expecting(format!("/{field}/{at}"), list.name)));
    }
    flaws.extend(fields.external_ids.flaws());
    flaws
}

/// What of the fields is the institution's concern, and was not accepted before: it may have become inactive since.
pub struct News {
    moved: bool,
    /// By the institution itself, which speaks for its own ids alone.
    renamed: bool,
}

impl News {
    pub fn of(was: Option<&MentorFields>, is: &MentorFields, caller: Party) -> Self {
        let differs =
            |differ: fn(&MentorFields, &MentorFields) -> bool| was.is_none_or(|was| differ(was, is));
        Self {
            moved: differs(|was, is| was.institution_id != is.institution_id || was.kind != is.kind),
            renamed: differs(|was, is| was.external_ids != is.external_ids)
                && matches!(caller, Party::Institution(_)),
        }
    }

    pub fn concern_the_institution(&self) -> bool {
        self.moved || self.renamed
    }

    pub fn flaws(&self, fields: &MentorFields, institution: &Institution) -> Vec<Flaw> {
        let mut flaws = if self.moved { institution_flaws(fields, institution) } else { vec![] };
        if self.renamed {
            flaws.extend(fields.external_ids.flaws_beside(&institution.fields.code));
        }
        flaws
    }
}

/// Whether the institution can have this mentor.
fn institution_flaws(fields: &MentorFields, institution: &Institution) -> Vec<Flaw> {
    let mut flaws = Vec::new();
    if institution.fields.status != institutions::Status::Active {
        flaws.push(Code::Conflict.expecting("/institution_id", "status"));
    }
    if fields.kind == Kind::Academic && institution.fields.kind != institutions::Kind::University {
        flaws.push(Code::Conflict.expecting("/institution_id", "kind"));
    }
    flaws
}

fn repeated<T: PartialEq>(field: &str, items: &[T]) -> Vec<Flaw> {
    let before = |at: usize, item: &T| items.iter().take(at).any(|earlier| earlier == item);
    let again = items.iter().enumerate().filter(|(at, item)| before(*at, item));
    again.map(|(at, _)| Code::Repeated.at(format!("/{field}/{at}"))).collect()
}
