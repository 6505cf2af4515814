//! Values that are `jsonb` in the database: parts of a record that are never asked for by themselves.

use std::io::Write;

use diesel::{
    deserialize,
    pg::{Pg, PgValue},
    serialize::{self, IsNull, Output},
};
use serde::{Serialize, de::DeserializeOwned};

/// Makes a type that serde knows a `jsonb` column's. It derives `AsExpression` and `FromSqlRow` itself,
/// with `#[diesel(sql_type = Jsonb)]`.
macro_rules! jsonb {
    ($($name:ty),+) => {$(
        impl diesel::serialize::ToSql<diesel::sql_types::Jsonb, diesel::pg::Pg> for $name {
            fn to_sql<'b>(
                &'b self,
                out: &mut diesel::serialize::Output<'b, '_, diesel::pg::Pg>,
            ) -> diesel::serialize::Result {
                crate::db::json::write(self, out)
            }
        }

        impl diesel::deserialize::FromSql<diesel::sql_types::Jsonb, diesel::pg::Pg> for $name {
            fn from_sql(value: diesel::pg::PgValue<'_>) -> diesel::deserialize::Result<Self> {
                crate::db::json::read(value)
            }
        }
    )+};
}
pub(crate) use jsonb;

pub fn write(value: &impl Serialize, out: &mut Output<'_, '_, Pg>) -> serialize::Result {
    // The version of PostgreSQL's binary form of jsonb.
    out.write_all(&[1])?;
    serde_json::to_writer(out, value)?;
    Ok(IsNull::No)
}

pub fn read<T: DeserializeOwned>(value: PgValue<'_>) -> deserialize::Result<T> {
    let bytes = value.as_bytes();
    match bytes.split_first() {
        Some((1, json)) => Ok(serde_json::from_slice(json)?),
        _ => Err("not the known form of jsonb".into()),
    }
}
