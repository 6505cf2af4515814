//! Holds a body to the JSON schema of its type, and says all that is wrong with it.

use std::{any::TypeId, cell::RefCell, collections::HashMap, rc::Rc};

use jsonschema::{
    ValidationError, Validator,
    error::{TypeKind, ValidationErrorKind as Kind},
};
use serde_json::{Value, json};
use utoipa::ToSchema;

use crate::{
    error::{ApiError, Result},
    http::flaw::{Code, Flaw},
    identifiers::FORMATS,
};

thread_local! {
    /// Compiled at the first use of a type on a thread.
    static VALIDATORS: RefCell<HashMap<TypeId, Rc<Validator>>> = RefCell::default();
}

pub fn flaws<T: ToSchema + 'static>(value: &Value) -> Result<Vec<Flaw>> {
    let known = VALIDATORS.with_borrow(|all| all.get(&TypeId::of::<T>()).cloned());
    let validator = match known {
        Some(validator) => validator,
        None => {
            let compiled = Rc::new(compile::<T>()?);
            VALIDATORS.with_borrow_mut(|all| all.insert(TypeId::of::<T>(), compiled.clone()));
            compiled
        }
    };
    if validator.is_valid(value) {
        return Ok(Vec::new());
    }
    Ok(validator.iter_errors(value).flat_map(|error| describe(&error)).collect())
}

fn compile<T: ToSchema>() -> Result<Validator> {
    let mut schemas = vec![(T::name().into_owned(), T::schema())];
    T::schemas(&mut schemas);
    let schemas: HashMap<_, _> = schemas.into_iter().collect();
    let root = format!("#/components/schemas/{}", T::name());
    let schema = json!({ "$ref": root, "components": { "schemas": schemas } });
    let options = jsonschema::options().should_validate_formats(true);
    let options =
        FORMATS.iter().fold(options, |options, format| options.with_format(format.name, format.is_valid));
    options.build(&schema).map_err(ApiError::internal)
}

fn describe(error: &ValidationError<'_>) -> Vec<Flaw> {
    let here = error.instance_path().as_str().to_owned();
    let member = |name: &str| format!("{here}/{}", name.replace('~', "~0").replace('/', "~1"));
    let one = |code: Code, expected: &dyn std::fmt::Display| vec![code.expecting(here.clone(), expected)];
    match error.kind() {
        Kind::AdditionalProperties { unexpected } => {
            unexpected.iter().map(|name| Code::Unknown.at(member(name))).collect()
        }
        Kind::Required { property } => {
            vec![Code::Required.at(member(property.as_str().unwrap_or_default()))]
        }
        Kind::Type { kind: TypeKind::Single(expected) } => one(Code::WrongType, expected),
        Kind::Type { kind: TypeKind::Multiple(expected) } => {
            let names: Vec<_> = expected.iter().map(|kind| kind.to_string()).collect();
            one(Code::WrongType, &names.join(" | "))
        }
        Kind::MinLength { limit: 1 } => one(Code::Empty, &""),
        Kind::MinLength { limit } | Kind::MinItems { limit } => one(Code::TooShort, limit),
        Kind::MaxLength { limit } | Kind::MaxItems { limit } => one(Code::TooLong, limit),
        Kind::Minimum { limit } | Kind::ExclusiveMinimum { limit } => one(Code::TooSmall, limit),
        Kind::Maximum { limit } | Kind::ExclusiveMaximum { limit } => one(Code::TooLarge, limit),
        Kind::Pattern { pattern } => one(Code::BadFormat, pattern),
        Kind::Format { format } => one(Code::BadFormat, format),
        Kind::Enum { options } => one(Code::NotAllowed, options),
        Kind::UniqueItems => one(Code::Repeated, &""),
        // `T | null`: what is wrong is said by the branch that is not about null; of several, by the one
        // that fits best.
        Kind::OneOfNotValid { context } | Kind::AnyOf { context } => {
            let is_null = |branch: &&Vec<ValidationError<'static>>| {
                let null = Kind::Type { kind: TypeKind::Single(jsonschema::JsonType::Null) };
                matches!(branch.as_slice(), [only] if format!("{:?}", only.kind()) == format!("{null:?}"))
            };
            // Of several forms, the one that knows the most of the fields is meant.
            let branches = context.iter().filter(|branch| !is_null(branch));
            let branch = branches.min_by_key(|branch| (strangers(branch), branch.len()));
            branch.into_iter().flatten().flat_map(describe).collect()
        }
        other => one(Code::Invalid, &other.keyword()),
    }
}

/// How many fields a form does not know.
fn strangers(branch: &[ValidationError<'static>]) -> usize {
    let unknown = |error: &ValidationError<'static>| match error.kind() {
        Kind::AdditionalProperties { unexpected } => unexpected.len(),
        _ => 0,
    };
    branch.iter().map(unknown).sum()
}
