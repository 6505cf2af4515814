//! Who may be what in a business, and what follows. Nothing here touches HTTP or the database.

use chrono::NaiveDate;

use super::payloads::{
    BusinessRole, Role,
    Role::{Board, CoOwner, Employee, Manager, Owner},
    RoleFields, RoleTerm,
};
use crate::{
    businesses::business::payloads::Kind,
    http::{Code, Flaw},
};

/// The roles of which a business has one at most: its owner, and the contact on its board.
pub fn stands_alone(role: Role, contact: bool) -> bool {
    role == Owner || role == Board && contact
}

/// Whether the role lets its holder see the business and what belongs to it, as long as it lasts.
pub fn sees(fields: &RoleFields) -> bool {
    fields.to.is_none() && (fields.role == CoOwner || stands_alone(fields.role, fields.contact))
}

/// Whether its holder acts for the business. (In SQL: `acts` in the store.)
pub fn acts(kind: Kind, fields: &RoleFields) -> bool {
    let acting = match kind {
        Kind::Business => fields.role == Owner,
        Kind::Cooperative => fields.role == Board && fields.contact,
    };
    acting && fields.to.is_none()
}

/// A cooperative belongs to all its members: it has no owner.
fn roles(kind: Kind) -> &'static [Role] {
    match kind {
        Kind::Business => Role::ALL,
        Kind::Cooperative => &[Board, Manager, Employee],
    }
}

/// All that is wrong with a new role, which is to end that of `predecessor`, if there is one.
pub fn flaws(
    kind: Kind,
    fields: &RoleFields,
    predecessor: Option<&BusinessRole>,
    today: NaiveDate,
) -> Vec<Flaw> {
    let mut flaws = Vec::new();
    if !roles(kind).contains(&fields.role) {
        let names: Vec<_> = roles(kind).iter().map(|role| role.as_str()).collect();
        flaws.push(Code::NotAllowed.expecting("/role", names.join(", ")));
    }
    if fields.from > today {
        flaws.push(Code::InTheFuture.at("/from"));
    }
    if let Some(before) = predecessor.filter(|before| fields.from < before.fields.from) {
        flaws.push(Code::TooEarly.expecting("/from", before.fields.from));
    }
    flaws.extend(end_flaw(fields.from, fields.to, today));
    flaws
}

/// All that is wrong with how a role is to go on, or end.
pub fn term_flaws(kind: Kind, before: &RoleFields, after: &RoleTerm, today: NaiveDate) -> Vec<Flaw> {
    let mut flaws: Vec<_> = end_flaw(before.from, after.to, today).into_iter().collect();
    if before.to.is_some() {
        // What has ended is history: only the day can have been wrong.
        if after.to.is_none() {
            flaws.push(Code::Required.at("/to"));
        }
        if after.contact != before.contact {
            flaws.push(Code::Conflict.expecting("/contact", "to"));
        }
    } else if acts(kind, before) {
        // Somebody always acts for the business: whoever comes next ends it.
        if after.to.is_some() {
            flaws.push(Code::Conflict.expecting("/to", before.role));
        }
        if kind == Kind::Cooperative && !after.contact {
            flaws.push(Code::Conflict.expecting("/contact", before.role));
        }
    }
    flaws
}

fn end_flaw(from: NaiveDate, to: Option<NaiveDate>, today: NaiveDate) -> Option<Flaw> {
    let to = to?;
    match () {
        () if to < from => Some(Code::TooEarly.expecting("/to", from)),
        () if to > today => Some(Code::InTheFuture.at("/to")),
        () => None,
    }
}

impl RoleFields {
    pub fn term(&self) -> RoleTerm {
        RoleTerm { contact: self.contact, to: self.to }
    }

    /// What becomes of whoever the new one follows: an owner's role ends with the day on which the other's
    /// begins, a contact stays on the board.
    pub fn succeeded_on(&self, from: NaiveDate) -> RoleTerm {
        match self.role {
            Owner => RoleTerm { to: Some(from), ..self.term() },
            _ => RoleTerm { contact: false, ..self.term() },
        }
    }
}
