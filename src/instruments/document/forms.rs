//! Texts and lists in an instrument, with the form that the OpenAPI document states for them.

use diesel::{deserialize::FromSqlRow, expression::AsExpression, sql_types::Jsonb};
use serde::{Deserialize, Serialize};
use utoipa::{
    ToSchema,
    openapi::schema::{Array, ArrayBuilder, Object, ObjectBuilder, OneOfBuilder, SchemaType, Type},
};

/// The same words in Indonesian and English.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema, AsExpression, FromSqlRow)]
#[diesel(sql_type = Jsonb)]
#[serde(deny_unknown_fields)]
#[schema(as = InstrumentText)]
pub struct Text {
    #[schema(schema_with = line)]
    pub id: String,
    #[schema(schema_with = line)]
    pub en: String,
}

fn matching(pattern: &str, longest: usize, example: &str) -> Object {
    let text = ObjectBuilder::new().schema_type(Type::String).pattern(Some(pattern));
    text.max_length(Some(longest)).examples([example]).build()
}

pub fn code() -> Object {
    matching("^[a-z][a-z0-9_]{0,63}$", 64, "bookkeeping")
}

pub fn item_code() -> Object {
    matching("^[A-Z]{3}[0-9]{1,2}$", 5, "BKP1")
}

/// A text of one language, never blank.
pub fn line() -> Object {
    let line = ObjectBuilder::new().schema_type(Type::String).pattern(Some(r"\S"));
    line.min_length(Some(1)).max_length(Some(500)).examples(["Pembukuan"]).build()
}

pub fn fact() -> Object {
    matching(
        r"^(score|potential|dim\.[a-z][a-z0-9_]*|item\.[A-Z]{3}[0-9]{1,2}|business\.(subsector|has_nib|cooperative_membership|needs_capital))$",
        100,
        "score",
    )
}

pub fn codes() -> Array {
    ArrayBuilder::new().items(code()).unique_items(true).build()
}

pub fn some_item_codes() -> Array {
    ArrayBuilder::new().items(item_code()).unique_items(true).min_items(Some(1)).build()
}

pub fn some_codes_or_null() -> Array {
    let either = SchemaType::from_iter([Type::Array, Type::Null]);
    let codes = ArrayBuilder::new().schema_type(either).items(code()).unique_items(true).min_items(Some(1));
    codes.description(Some("null: every subsector. Otherwise the item drops out for all others.")).build()
}

pub fn scalar() -> OneOfBuilder {
    let text = ObjectBuilder::new().schema_type(Type::String).max_length(Some(100));
    let others = [Type::Integer, Type::Boolean].map(|kind| ObjectBuilder::new().schema_type(kind));
    others.into_iter().fold(OneOfBuilder::new().item(text), OneOfBuilder::item).examples([4500])
}

pub fn scalar_or_null() -> OneOfBuilder {
    scalar().item(ObjectBuilder::new().schema_type(Type::Null))
}

/// A scalar; with `in` a list of them.
pub fn value() -> OneOfBuilder {
    scalar()
        .item(ArrayBuilder::new().items(scalar()).unique_items(true).min_items(Some(1)))
        .description(Some("`lt` to `gte` take an integer, `in` a list, `eq` one value."))
}
