//! Which files a party reads: those of the records that it reads. Said to PostgreSQL once for all kinds of
//! records; a test holds it to what each record's own address answers.

use diesel::{
    QueryResult,
    pg::Pg,
    query_builder::{AstPass, QueryFragment},
    sql_types::Uuid as SqlUuid,
};
use uuid::Uuid;

use super::attachable::{ROWS, Resource, Row};
use crate::{
    access::{Party, Rows},
    db::expressions,
    persons,
    records::{SharedThrough, SharedWith, shared_through, shared_with},
};

/// `attachments` of records that the party reads.
pub struct OfReadable {
    party: Party,
    subject: Option<Uuid>,
    of_business: SharedWith,
    /// A person is seen through the businesses in which she is somebody.
    of_person: SharedThrough,
}

pub fn of_readable(party: Party) -> OfReadable {
    OfReadable {
        party,
        subject: party.subject(),
        of_business: shared_with(party, "attachments.business_id"),
        of_person: shared_through(party, "attachments.record_id", persons::NOW_IN_BUSINESSES),
    }
}

impl OfReadable {
    fn row<'b>(&'b self, row: &Row, out: &mut AstPass<'_, 'b, Pg>) -> QueryResult<()> {
        let role = self.party.role();
        let own = row.own.iter().find(|(one, _)| *one == role).zip(self.subject.as_ref());
        match (role.rows(row.read), own) {
            (Rows::All, _) => out.push_sql("true"),
            (Rows::Own, Some(((_, records), subject))) => {
                let (before, after) = records.split_once('?').unwrap_or((records, ""));
                out.push_sql("attachments.record_id in (");
                out.push_sql(before);
                out.push_bind_param::<SqlUuid, _>(subject)?;
                out.push_sql(after);
                out.push_sql(")");
            }
            (Rows::Shared, _) if row.resource == Resource::Person => {
                self.of_person.walk_ast(out.reborrow())?
            }
            (Rows::Shared, _) => self.of_business.walk_ast(out.reborrow())?,
            (Rows::Own | Rows::None, _) => out.push_sql("false"),
        }
        Ok(())
    }
}

impl QueryFragment<Pg> for OfReadable {
    fn walk_ast<'b>(&'b self, mut out: AstPass<'_, 'b, Pg>) -> QueryResult<()> {
        out.push_sql("case attachments.resource");
        for row in ROWS {
            out.push_sql(" when '");
            out.push_sql(row.resource.as_str());
            out.push_sql("' then ");
            self.row(row, &mut out)?;
        }
        out.push_sql(" end");
        Ok(())
    }
}

expressions!(Bool: OfReadable);
