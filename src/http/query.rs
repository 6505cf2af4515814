//! `Query<F>`: the parameters of a list. A parameter that is unknown, empty, repeated or wrong is
//! refused by name, so that a filter never fails open.

use std::{
    collections::HashSet,
    future::{Ready, ready},
};

use actix_web::{FromRequest, HttpRequest, dev::Payload};
use serde::{
    Deserialize, Deserializer,
    de::{DeserializeOwned, Error as _, IntoDeserializer, value},
};
use utoipa::{IntoParams, ToSchema};

use crate::{
    error::{ApiError, Result},
    http::{
        flaw::{Code, Flaw, Place},
        page::{Sort, Window},
    },
};

/// The filters of a list: a struct of optional fields, each named after the column it narrows.
pub trait Filter: DeserializeOwned + IntoParams {
    /// What the list can be sorted by: columns that are never null. The first is the default.
    const SORTS: &'static [Sort];
}

pub struct Query<F> {
    pub filter: F,
    pub window: Window,
}

impl<F: Filter> FromRequest for Query<F> {
    type Error = ApiError;
    type Future = Ready<Result<Self>>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        ready(read(request))
    }
}

fn read<F: Filter>(request: &HttpRequest) -> Result<Query<F>> {
    let mut parts: Vec<&str> = request.query_string().split('&').filter(|part| !part.is_empty()).collect();
    parts.sort_unstable();
    let (own, filters): (Vec<_>, Vec<_>) = parts.iter().copied().partition(|part| Window::takes(part));
    let mut flaws = Vec::new();
    let window = Window::read(request, &own, &filters, F::SORTS, &mut flaws);
    let repeated = parts.windows(2).any(|pair| matches!(pair, [a, b] if name(a) == name(b)));
    let empty = parts.iter().any(|part| value(part).is_empty() || has_nul(part));
    match (window, serde_urlencoded::from_str(&filters.join("&"))) {
        (Some(window), Ok(filter)) if flaws.is_empty() && !repeated && !empty => Ok(Query { filter, window }),
        _ => Err(ApiError::Invalid(explain::<F>(&parts, &filters, flaws, Window::takes))),
    }
}

/// The parameters of what is no list. Those that are needed are for the handler to miss.
pub struct Parameters<F>(pub F);

impl<F: DeserializeOwned + IntoParams> FromRequest for Parameters<F> {
    type Error = ApiError;
    type Future = Ready<Result<Self>>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        let parts: Vec<_> = request.query_string().split('&').filter(|part| !part.is_empty()).collect();
        let flaws = explain::<F>(&parts, &parts, vec![], |_| false);
        let read = serde_urlencoded::from_str(request.query_string());
        ready(match read {
            Ok(read) if flaws.is_empty() => Ok(Self(read)),
            _ => Err(ApiError::Invalid(flaws)),
        })
    }
}

/// Each parameter that is wrong, once, with the first thing that is wrong with it. Some are `taken` elsewhere.
fn explain<F: DeserializeOwned + IntoParams>(
    parts: &[&str],
    filters: &[&str],
    of_the_window: Vec<Flaw>,
    taken: fn(&str) -> bool,
) -> Vec<Flaw> {
    let known = F::into_params(|| None);
    let mut seen = HashSet::new();
    let malformed = parts.iter().filter_map(|part| match () {
        () if !taken(part) && known.iter().all(|param| param.name != name(part)) => {
            Some(Code::Unknown.of_parameter(name(part), ""))
        }
        () if value(part).is_empty() => Some(Code::Empty.of_parameter(name(part), "")),
        () if has_nul(part) => Some(Code::BadFormat.of_parameter(name(part), "text")),
        () if !seen.insert(name(part)) => Some(Code::Repeated.of_parameter(name(part), "")),
        () => None,
    });
    let mut flaws: Vec<_> = malformed.chain(of_the_window).collect();
    for part in filters {
        let wrong = serde_urlencoded::from_str::<F>(part).err();
        let known = flaws.iter().any(|flaw| flaw.place == Place::Parameter(name(part).to_owned()));
        if let Some(wrong) = wrong.filter(|_| !known) {
            flaws.push(Code::Invalid.of_parameter(name(part), wrong));
        }
    }
    flaws
}

/// PostgreSQL keeps no text with this character in it.
fn has_nul(part: &str) -> bool {
    part.contains("%00")
}

fn value(part: &str) -> &str {
    part.split_once('=').map_or("", |(_, value)| value)
}

fn name(part: &str) -> &str {
    part.split_once('=').map_or(part, |(name, _)| name)
}

/// The values of a comma-separated parameter.
#[derive(Debug, PartialEq, Eq, ToSchema)]
pub struct OneOf<T>(pub Vec<T>);

impl<'de, T: DeserializeOwned> Deserialize<'de> for OneOf<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let one = |item: &str| {
            let item = IntoDeserializer::<value::Error>::into_deserializer(item.to_owned());
            T::deserialize(item).map_err(D::Error::custom)
        };
        String::deserialize(deserializer)?.split(',').map(one).collect::<Result<_, _>>().map(Self)
    }
}

/// A piece of a name, for `ilike`: what the client writes is text, not a pattern.
pub fn containing(text: &str) -> String {
    format!("%{}%", text.replace('\\', "\\\\").replace('%', "\\%").replace('_', "\\_"))
}

/// Narrows a query by each filter that was given: `= $1` for one value, because only that lets an
/// index deliver the rows in order, and `= any($1)` for more.
macro_rules! narrow {
    ($query:ident by $filter:expr => $table:ident: $($column:ident),+ $(,)?) => {$(
        $query = match $filter.$column.as_ref().map(|values| values.0.as_slice()) {
            None => $query,
            Some([one]) => $query.filter($table::$column.eq(one.clone())),
            Some(many) => $query.filter($table::$column.eq_any(many.to_vec())),
        };
    )+};
}
pub(crate) use narrow;
