//! Queries on `business_roles` and `nib_holders`. Every read for a caller starts from `visible_to`.

use diesel::prelude::*;
use diesel_async::RunQueryDsl;

use super::payloads::Role;
use crate::{
    businesses::business::payloads::Kind,
    db::schema::{business_roles as roles, businesses},
    error::Result,
    ids::{BusinessId, PersonId},
    records::Tx,
};

/// Who acts for the business: its owner; for a cooperative that is coached, the contact on its board.
pub async fn owner_of(tx: &Tx<'_>, business: BusinessId) -> Result<Option<PersonId>> {
    let of_business = roles::table.inner_join(businesses::table).filter(roles::business_id.eq(business));
    let acting = of_business.filter(acts()).select(roles::person_id);
    Ok(acting.first(&mut tx.sql()).await.optional()?)
}

/// The roles whose holder acts for the business as long as they last.
#[diesel::dsl::auto_type]
fn acts() -> _ {
    let (owner, board, cooperative): (Role, Role, Kind) = (Role::Owner, Role::Board, Kind::Cooperative);
    let contact = roles::role.eq(board).and(roles::contact).and(businesses::kind.eq(cooperative));
    roles::to_date.is_null().and(roles::role.eq(owner).or(contact))
}
