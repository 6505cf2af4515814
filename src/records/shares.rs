//! Whose business is whose to see. `business_shares` holds, for each business and party, why the party
//! sees it: an owner's role, a mentorship that runs, a hand-over, a referral that was forwarded. Reads
//! filter by it and events take their audience from it, so that the two cannot differ.

use diesel::{
    QueryResult,
    pg::Pg,
    query_builder::{AstPass, QueryFragment},
    sql_types::Text,
};

use crate::{access::Party, db::expressions};

/// `businesses.id in (the businesses that are shared with a party)`.
pub struct SharedWith {
    column: &'static str,
    party: String,
}

/// `column` holds the id of a business, and is written with its table: `businesses.id`.
pub fn shared_with(party: Party, column: &'static str) -> SharedWith {
    SharedWith { column, party: party.to_string() }
}

impl QueryFragment<Pg> for SharedWith {
    fn walk_ast<'b>(&'b self, mut out: AstPass<'_, 'b, Pg>) -> QueryResult<()> {
        out.push_sql(self.column);
        out.push_sql(" in (select s.business_id from business_shares s where s.party = ");
        out.push_bind_param::<Text, _>(&self.party)?;
        out.push_sql(")");
        Ok(())
    }
}

/// `persons.id in (whoever is somebody in a business that is shared with a party)`, or the mentors who
/// coach one: `through` is the table that leads from the column to the business.
pub struct SharedThrough {
    column: &'static str,
    through: &'static str,
    party: String,
}

pub fn shared_through(party: Party, column: &'static str, through: &'static str) -> SharedThrough {
    SharedThrough { column, through, party: party.to_string() }
}

impl QueryFragment<Pg> for SharedThrough {
    fn walk_ast<'b>(&'b self, mut out: AstPass<'_, 'b, Pg>) -> QueryResult<()> {
        out.push_sql(self.column);
        out.push_sql(" in (");
        out.push_sql(self.through);
        out.push_sql(" where t.business_id in (select s.business_id from business_shares s where s.party = ");
        out.push_bind_param::<Text, _>(&self.party)?;
        out.push_sql("))");
        Ok(())
    }
}

expressions!(Bool: SharedWith SharedThrough);
