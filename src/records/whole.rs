//! All the records of a kind that a caller sees, as they are read one after the other: for exports, and for the
//! digest by which a partner proves a copy. Nothing of it is held in memory for long.

use futures_util::{future::LocalBoxFuture, stream::LocalBoxStream};
use uuid::Uuid;

use crate::{access::Access, db::Connection, error::Result, records::Record};

pub trait Whole: Record + Sized + 'static {
    /// In no order.
    fn all<'a>(access: &'a Access, sql: &'a mut Connection) -> LocalBoxStream<'a, Result<Self>>;

    /// How many there are.
    fn count<'a>(access: &'a Access, sql: &'a mut Connection) -> LocalBoxFuture<'a, Result<i64>>;

    /// The ids, ascending, each with its version.
    fn versions<'a>(access: &'a Access, sql: &'a mut Connection) -> LocalBoxStream<'a, Result<(Uuid, i64)>>;
}

/// `whole!(businesses => Business)`, beside the table's `visible_to`. Where a table keeps a record otherwise than
/// it is shown, `$row` is what it keeps and `$open` makes the record of it.
macro_rules! whole {
    ($table:ident => $record:ty) => {
        whole!($table => $record, $record, |row, _| Ok(row));
    };
    ($table:ident => $record:ty, $row:ty, $open:expr) => {
        impl $crate::records::Whole for $record {
            fn all<'a>(
                access: &'a $crate::access::Access,
                sql: &'a mut $crate::db::Connection,
            ) -> futures_util::stream::LocalBoxStream<'a, $crate::error::Result<Self>> {
                use futures_util::{StreamExt, TryFutureExt};
                let open: fn($row, &$crate::access::Access) -> $crate::error::Result<Self> = $open;
                let rows = $table::table.filter(visible_to(access.reach)).select(<$row>::as_select());
                let rows = rows.load_stream::<$row>(sql).try_flatten_stream();
                rows.map(move |row| open(row?, access)).boxed_local()
            }

            fn count<'a>(
                access: &'a $crate::access::Access,
                sql: &'a mut $crate::db::Connection,
            ) -> futures_util::future::LocalBoxFuture<'a, $crate::error::Result<i64>> {
                let rows = $table::table.filter(visible_to(access.reach)).count();
                Box::pin(async { Ok(rows.get_result(sql).await?) })
            }

            fn versions<'a>(
                access: &'a $crate::access::Access,
                sql: &'a mut $crate::db::Connection,
            ) -> futures_util::stream::LocalBoxStream<'a, $crate::error::Result<(uuid::Uuid, i64)>> {
                use futures_util::{StreamExt, TryFutureExt};
                let rows = $table::table.filter(visible_to(access.reach)).order($table::id);
                let rows = rows.select(($table::id, $table::version)).load_stream::<(<Self as $crate::records::Record>::Id, i64)>(sql);
                rows.try_flatten_stream().map(|row| row.map(|(id, version)| (id.into(), version)).map_err($crate::error::ApiError::from)).boxed_local()
            }
        }
    };
}
pub(crate) use whole;
