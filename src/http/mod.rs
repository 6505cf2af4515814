//! What requests and answers have in common: the conventions, each in one file.

pub mod accepts;
pub(crate) mod answer;
pub(crate) mod body_schema;
pub(crate) mod cursor;
pub(crate) mod download;
pub(crate) mod flaw;
pub mod health;
pub(crate) mod if_match;
pub(crate) mod json;
pub(crate) mod language;
pub(crate) mod openapi;
pub(crate) mod openapi_examples;
pub(crate) mod openapi_schemas;
pub(crate) mod page;
pub mod problem;
pub mod problems;
pub(crate) mod query;
pub(crate) mod request_id;
pub(crate) mod unread;
pub(crate) mod view;

pub(crate) use answer::{
    Accepted, Answer, Created, CreatedAt, CreatedHere, Deleted, Derived, Done, IntoAnswer, Put, Shown,
    Versioned,
};
pub(crate) use download::Download;
pub(crate) use flaw::{Code, Flaw};
pub(crate) use if_match::IfMatch;
pub(crate) use json::{Json, MergePatch};
pub(crate) use page::{Page, Sort, page};
pub(crate) use query::{Filter, OneOf, Parameters, Query, narrow};
