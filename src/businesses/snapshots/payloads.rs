//! What clients send and get, which is also what the table keeps.

use chrono::{DateTime, NaiveDate, Utc};
use diesel::{deserialize::FromSqlRow, expression::AsExpression, prelude::*, sql_types::Jsonb};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use crate::{
    db::{json::jsonb, schema::snapshots},
    http::{Filter, OneOf, Sort},
    ids::{BusinessId, SnapshotId},
    records::record,
    text_enum::text_enum,
};

text_enum! {
    PeriodKind {
        Month = "month",
        Quarter = "quarter",
        Year = "year",
    }
}

text_enum! {
    /// What the business draws up.
    Statement {
        CashBook = "cash_book",
        SalesRecords = "sales_records",
        PurchaseRecords = "purchase_records",
        StockRecords = "stock_records",
        ReceivablesAndPayables = "receivables_and_payables",
        CostOfGoods = "cost_of_goods",
        IncomeStatement = "income_statement",
        BalanceSheet = "balance_sheet",
        CashFlowStatement = "cash_flow_statement",
    }
}

text_enum! {
    /// Who says so: the owner himself, a mentor, whoever visited or asked.
    #[schema(as = SnapshotSource)]
    Source {
        Intake = "intake",
        OwnAccount = "self",
        Mentor = "mentor",
        Visit = "visit",
        Survey = "survey",
    }
}

/// What the revenue was counted over. It is given for a year in any case.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema, AsExpression, FromSqlRow)]
#[diesel(sql_type = Jsonb)]
#[serde(deny_unknown_fields)]
pub struct Period {
    pub kind: PeriodKind,
    /// Its last day.
    pub end: NaiveDate,
}
jsonb!(Period);

#[derive(Debug, Clone, Serialize, Deserialize, ToSchema, Queryable, Selectable, Insertable)]
#[diesel(table_name = snapshots, treat_none_as_default_value = false)]
#[serde(deny_unknown_fields)]
#[schema(as = CreateSnapshot)]
pub struct SnapshotFields {
    pub taken_on: NaiveDate,
    pub period: Option<Period>,
    #[schema(minimum = 0, maximum = 9007199254740991_i64, example = 84000000)]
    pub annual_revenue_idr: Option<i64>,
    /// Without land and buildings of the place of business, as PP 7/2021 art. 35 counts it.
    #[schema(minimum = 0, maximum = 9007199254740991_i64, example = 25000000)]
    pub capital_idr: Option<i64>,
    #[schema(minimum = 0, maximum = 9007199254740991_i64, example = 60000000)]
    pub assets_idr: Option<i64>,
    #[schema(minimum = 0, maximum = 1_000_000, example = 2)]
    pub employees_female: Option<i32>,
    #[schema(minimum = 0, maximum = 1_000_000, example = 1)]
    pub employees_male: Option<i32>,
    /// In a month.
    #[schema(minimum = 0, maximum = 1_000_000_000, example = 120)]
    pub customers: Option<i32>,
    /// From 0, nothing is written down, to 4, complete statements are drawn up.
    #[schema(minimum = 0, maximum = 4, example = 1)]
    pub bookkeeping_level: Option<i16>,
    #[serde(default)]
    #[schema(max_items = 9)]
    pub statements: Vec<Statement>,
    #[schema(format = "single_line", max_length = 100, example = "Buku tulis")]
    pub bookkeeping_tool: Option<String>,
    /// Whether it has credit of a bank, cooperative or other licensed lender.
    #[schema(example = false)]
    pub formal_credit: Option<bool>,
    pub source: Source,
}

impl SnapshotFields {
    /// Whether somebody asked or visited to find out what became of the business.
    pub fn asked_afterwards(&self) -> bool {
        matches!(self.source, Source::Survey | Source::Visit)
    }
}

#[derive(Debug, Clone, Serialize, ToSchema, Queryable, Selectable)]
#[diesel(table_name = snapshots)]
pub struct Snapshot {
    pub id: SnapshotId,
    pub business_id: BusinessId,
    #[serde(flatten)]
    #[diesel(embed)]
    pub fields: SnapshotFields,
    #[schema(example = 1)]
    pub version: i64,
    pub created_at: DateTime<Utc>,
    pub updated_at: DateTime<Utc>,
}

record!(Snapshot: SnapshotId, "snapshot", ReadBusinesses {
    fn business(&self) -> Option<BusinessId> {
        Some(self.business_id)
    }
});

#[derive(Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
pub struct SnapshotFilter {
    #[param(inline)]
    pub source: Option<OneOf<Source>>,
}

impl Filter for SnapshotFilter {
    const SORTS: &'static [Sort] = &[Sort("taken_on", "date"), Sort("updated_at", "timestamptz")];
}
