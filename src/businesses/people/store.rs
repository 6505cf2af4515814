//! Queries on `business_roles` and `nib_holders`. Every read for a caller starts from `visible_to`.

use std::rc::Rc;

use diesel::prelude::*;
use diesel_async::RunQueryDsl;

use super::payloads::{BusinessRole, Role, RoleFields, RoleFilter, RoleTerm};
use crate::{
    access::{Access, Reach, Visible},
    businesses::business::payloads::Kind,
    db::{
        Every, Nothing,
        schema::{business_roles as roles, businesses, nib_holders},
    },
    error::{ApiError, Result},
    http::{Page, Query, narrow, page},
    ids::{BusinessId, BusinessRoleId, PersonId},
    records::{Gathered, Tx, gather, shared_with, whole},
    worker::Worker,
};

/// All, or those in businesses that are shared with the caller.
fn visible_to(reach: Reach) -> Visible<roles::table> {
    match reach {
        Reach::All => Box::new(Every),
        Reach::Shared(party) => Box::new(shared_with(party, "business_roles.business_id")),
        Reach::Own(_) => Box::new(Nothing),
    }
}

whole!(roles => BusinessRole);

impl Gathered for BusinessRole {
    async fn fetch(worker: &Worker, reach: Reach, ids: &[BusinessRoleId]) -> Result<Vec<Self>> {
        let query = roles::table.filter(visible_to(reach)).filter(roles::id.eq_any(ids));
        Ok(query.select(Self::as_select()).load(&mut &*worker.db.reader().await?).await?)
    }
}

pub async fn find(access: &Access, business: BusinessId, id: BusinessRoleId) -> Result<Rc<BusinessRole>> {
    let found = gather::one::<BusinessRole>(access, id).await?;
    if found.business_id == business { Ok(found) } else { Err(ApiError::NotFound) }
}

pub async fn list(
    access: &Access,
    business: BusinessId,
    Query { filter, window }: Query<RoleFilter>,
) -> Result<Page<BusinessRole>> {
    let rows = || {
        let of_business = roles::table.filter(roles::business_id.eq(business));
        let mut query = of_business.filter(visible_to(access.reach)).into_boxed();
        narrow!(query by filter => roles: role, person_id);
        if let Some(current) = filter.current {
            query = query.filter(roles::to_date.is_null().eq(current));
        }
        query
    };
    page!(access, window, rows(), BusinessRole)
}

/// The roles that last, of a business whose row is held.
pub async fn current(tx: &Tx<'_>, business: BusinessId) -> Result<Vec<BusinessRole>> {
    let lasting = roles::table.filter(roles::business_id.eq(business)).filter(roles::to_date.is_null());
    Ok(lasting.select(BusinessRole::as_select()).load(&mut tx.sql()).await?)
}

/// One role of a business whose row is held.
pub async fn get(tx: &Tx<'_>, business: BusinessId, id: BusinessRoleId) -> Result<BusinessRole> {
    let query = roles::table.find(id).filter(roles::business_id.eq(business));
    Ok(query.select(BusinessRole::as_select()).first(&mut tx.sql()).await?)
}

pub async fn insert(
    tx: &Tx<'_>,
    id: BusinessRoleId,
    business: BusinessId,
    fields: &RoleFields,
) -> Result<Rc<BusinessRole>> {
    let new = (
        roles::id.eq(id),
        roles::business_id.eq(business),
        roles::created_at.eq(tx.now),
        roles::updated_at.eq(tx.now),
        fields,
    );
    let insert = diesel::insert_into(roles::table).values(new);
    Ok(Rc::new(insert.returning(BusinessRole::as_returning()).get_result(&mut tx.sql()).await?))
}

pub async fn update(tx: &Tx<'_>, id: BusinessRoleId, term: &RoleTerm) -> Result<Rc<BusinessRole>> {
    let change = (term, roles::version.eq(roles::version + 1), roles::updated_at.eq(tx.now));
    let update = diesel::update(roles::table.find(id)).set(change);
    Ok(Rc::new(update.returning(BusinessRole::as_returning()).get_result(&mut tx.sql()).await?))
}

/// The roles whose holder acts for the business as long as they last.
#[diesel::dsl::auto_type]
fn acts() -> _ {
    let (owner, board, cooperative): (Role, Role, Kind) = (Role::Owner, Role::Board, Kind::Cooperative);
    let contact = roles::role.eq(board).and(roles::contact).and(businesses::kind.eq(cooperative));
    // The role that stayed with a business when it was merged claims nothing.
    let there = businesses::merged_into.is_null();
    roles::to_date.is_null().and(there).and(roles::role.eq(owner).or(contact))
}

/// Who acts for the business: its owner; for a cooperative that is coached, the contact on its board.
pub async fn owner_of(tx: &Tx<'_>, business: BusinessId) -> Result<Option<PersonId>> {
    let of_business = roles::table.inner_join(businesses::table).filter(roles::business_id.eq(business));
    let acting = of_business.filter(acts()).select(roles::person_id);
    Ok(acting.first(&mut tx.sql()).await.optional()?)
}

/// The businesses for which the person acts, with their names, apart from one.
pub async fn others_of(tx: &Tx<'_>, person: PersonId, one: BusinessId) -> Result<Vec<(BusinessId, String)>> {
    let of_person = roles::table.inner_join(businesses::table).filter(roles::person_id.eq(person));
    let others = of_person.filter(acts()).filter(businesses::id.ne(one));
    Ok(others.select((businesses::id, businesses::name)).load(&mut tx.sql()).await?)
}

/// The businesses for which the person acts, with their names.
pub async fn acts_for(tx: &Tx<'_>, person: PersonId) -> Result<Vec<(BusinessId, String)>> {
    let of_person = roles::table.inner_join(businesses::table).filter(roles::person_id.eq(person));
    let all = of_person.filter(acts()).select((businesses::id, businesses::name)).order(businesses::id);
    Ok(all.load(&mut tx.sql()).await?)
}

/// Makes the person the holder of the NIB, unless there is one already; who it is then. Holds the row.
pub async fn hold_nib(tx: &Tx<'_>, nib: &str, person: PersonId) -> Result<PersonId> {
    let new = (nib_holders::nib.eq(nib), nib_holders::person_id.eq(person));
    let hold = diesel::insert_into(nib_holders::table).values(new).on_conflict(nib_holders::nib);
    let hold = hold.do_update().set(nib_holders::person_id.eq(nib_holders::person_id));
    Ok(hold.returning(nib_holders::person_id).get_result(&mut tx.sql()).await?)
}

/// A business other than `one` that has the NIB and is the person's.
pub async fn other_under_nib(
    tx: &Tx<'_>,
    nib: &str,
    person: PersonId,
    one: BusinessId,
) -> Result<Option<BusinessId>> {
    let under = businesses::table.inner_join(roles::table).filter(businesses::nib.assume_not_null().eq(nib));
    let theirs = under.filter(roles::person_id.eq(person)).filter(acts()).filter(businesses::id.ne(one));
    Ok(theirs.select(businesses::id).first(&mut tx.sql()).await.optional()?)
}

/// Of a row that is held.
pub async fn pass_nib_on(tx: &Tx<'_>, nib: &str, person: PersonId) -> Result<()> {
    let held = diesel::update(nib_holders::table.find(nib)).set(nib_holders::person_id.eq(person));
    held.execute(&mut tx.sql()).await?;
    Ok(())
}
