//! Somebody becomes somebody in a business, or no longer is. The business's row is held all the while.

use std::rc::Rc;

use super::{
    claims,
    payloads::{BusinessRole, RoleFields, RoleTerm},
    rules, store,
};
use crate::{
    access::{Party, Permission},
    businesses::business::payloads::Business,
    error::{ApiError, Result},
    ids::BusinessRoleId,
    log::{self, Event},
    persons,
    records::Tx,
};

/// With the events of whom the new one follows, and of who sees the business from now on, or no longer.
pub async fn assign(
    tx: &Tx<'_>,
    business: &Business,
    fields: &RoleFields,
) -> Result<(Rc<BusinessRole>, Vec<Event>)> {
    let kind = business.fields.kind;
    let current = store::current(tx, business.id).await?;
    let predecessor = predecessor(&current, fields);
    let flaws = rules::flaws(kind, fields, predecessor, tx.today());
    ApiError::if_any(flaws)?;
    let person = persons::lock(tx, tx.reach_of(Permission::ReadPersons)?, fields.person_id).await;
    person.map_err(|error| error.in_body("/person_id"))?;
    refuse_twice(business, &current, fields)?;
    if rules::acts(kind, fields) {
        claims::claim_name(tx, fields.person_id, business.id, &business.fields.name).await?;
    }
    let mut events = Vec::new();
    if let Some(before) = predecessor {
        let (_, (ended, more)) = change(tx, before, &before.fields.succeeded_on(fields.from)).await?;
        events.extend([ended].into_iter().chain(more));
    }
    let role = store::insert(tx, BusinessRoleId::generate(), business.id, fields).await?;
    if rules::acts(kind, fields) {
        claims::claim_nib(tx, fields.person_id, business.id, business.fields.nib.as_deref()).await?;
    }
    if rules::sees(fields) {
        events.extend(log::share(tx, business.id, Party::Person(fields.person_id), role.id).await?);
    }
    Ok((role, events))
}

/// Ends a role, or says who is to be called.
pub async fn go_on(
    tx: &Tx<'_>,
    business: &Business,
    before: &BusinessRole,
    term: &RoleTerm,
) -> Result<(Rc<BusinessRole>, (Event, Vec<Event>))> {
    let kind = business.fields.kind;
    let flaws = rules::term_flaws(kind, &before.fields, term, tx.today());
    ApiError::if_any(flaws)?;
    let after = RoleFields { contact: term.contact, to: term.to, ..before.fields.clone() };
    let current = store::current(tx, business.id).await?;
    let others: Vec<_> = current.into_iter().filter(|role| role.id != before.id).collect();
    let mut events = Vec::new();
    if let Some(other) = predecessor(&others, &after) {
        let (_, (ended, more)) = change(tx, other, &other.fields.succeeded_on(tx.today())).await?;
        events.extend([ended].into_iter().chain(more));
    }
    let (role, (event, more)) = change(tx, before, term).await?;
    if rules::acts(kind, &after) && !rules::acts(kind, &before.fields) {
        persons::lock(tx, tx.reach_of(Permission::ReadPersons)?, after.person_id).await?;
        claims::claim_name(tx, after.person_id, business.id, &business.fields.name).await?;
        claims::claim_nib(tx, after.person_id, business.id, business.fields.nib.as_deref()).await?;
    }
    events.extend(more);
    Ok((role, (event, events)))
}

/// The role that a new one ends.
fn predecessor<'a>(current: &'a [BusinessRole], fields: &RoleFields) -> Option<&'a BusinessRole> {
    let same = |role: &&BusinessRole| {
        role.fields.role == fields.role && rules::stands_alone(role.fields.role, role.fields.contact)
    };
    let follows = fields.to.is_none() && rules::stands_alone(fields.role, fields.contact);
    current.iter().find(same).filter(|_| follows)
}

fn refuse_twice(business: &Business, current: &[BusinessRole], fields: &RoleFields) -> Result<()> {
    let same =
        |role: &&BusinessRole| (role.fields.person_id, role.fields.role) == (fields.person_id, fields.role);
    match current.iter().find(same).filter(|_| fields.to.is_none()) {
        Some(role) => Err(ApiError::Duplicate {
            what: "person_and_role".into(),
            of: Some(format!("/v1/businesses/{}/people/{}", business.id, role.id)),
        }),
        None => Ok(()),
    }
}

/// The role's own event, and those of who sees the business by it, or no longer.
async fn change(
    tx: &Tx<'_>,
    before: &BusinessRole,
    term: &RoleTerm,
) -> Result<(Rc<BusinessRole>, (Event, Vec<Event>))> {
    let after = store::update(tx, before.id, term).await?;
    let mut events = Vec::new();
    match (rules::sees(&before.fields), rules::sees(&after.fields)) {
        (true, false) => events.extend(log::unshare(tx, before.business_id, before.id).await?),
        (false, true) => {
            let party = Party::Person(after.fields.person_id);
            events.extend(log::share(tx, after.business_id, party, after.id).await?);
        }
        _ => (),
    }
    let event = Event::changed(before, &*after, "updated");
    Ok((after, (event, events)))
}
