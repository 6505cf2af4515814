//! What clients send and get.

use chrono::{DateTime, Utc};
use diesel::prelude::*;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use super::duplicates::ALIKE;
use crate::{
    access::Party,
    db::schema::persons,
    http::{Filter, OneOf, Sort},
    ids::PersonId,
    records::{ExternalIds, Mergeable, external_ids::ExternalId, record},
    text_enum::text_enum,
};

text_enum! {
    /// How far it is known who the person is: not at all, by a NIK that was stated, or by the card.
    Identity {
        None = "none",
        Declared = "declared",
        Verified = "verified",
    }
}

text_enum! {
    Gender {
        Female = "female",
        Male = "male",
    }
}

text_enum! {
    /// The kinds of Law 8/2016 on persons with disabilities, article 4.
    Disability {
        Physical = "physical",
        Intellectual = "intellectual",
        Mental = "mental",
        Sensory = "sensory",
    }
}

/// What a client may set: whole in POST, in parts by PATCH.
#[derive(Clone, Default, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = CreatePerson)]
pub struct PersonFields {
    #[schema(format = "single_line", max_length = 200, example = "Siti Aminah")]
    pub full_name: String,
    #[schema(format = "nik", max_length = 16, example = "9974014101900001")]
    pub nik: Option<String>,
    /// A resident's is the NIK; an older one may still stand on papers.
    #[schema(format = "npwp", max_length = 20, example = "9974014101900001")]
    pub npwp: Option<String>,
    /// By itself `declared` with a NIK and `none` without.
    pub identity: Option<Identity>,
    pub gender: Option<Gender>,
    #[schema(minimum = 1900, maximum = 2100, example = 1990)]
    pub birth_year: Option<i16>,
    #[schema(format = "phone", max_length = 30, example = "0812-3456-7890")]
    pub phone: Option<String>,
    #[schema(format = "email", max_length = 254, example = "siti@contoh.example")]
    pub email: Option<String>,
    #[schema(format = "village_code", max_length = 13, example = "36.74.04.1002")]
    pub village_code: Option<String>,
    /// Only while the person's own consent to it stands, so never in a POST.
    #[schema(min_items = 1, max_items = 4)]
    pub disability: Option<Vec<Disability>>,
    #[serde(default)]
    #[schema(value_type = Vec<ExternalId>, max_items = 20)]
    pub external_ids: ExternalIds,
}

/// What the table keeps in clear.
#[derive(Clone, Serialize, ToSchema, Queryable, Selectable, Insertable, AsChangeset)]
#[diesel(table_name = persons, treat_none_as_null = true, treat_none_as_default_value = false)]
#[schema(as = PersonProfile)]
pub struct Profile {
    #[schema(example = "Siti Aminah")]
    pub full_name: String,
    pub identity: Identity,
    pub gender: Option<Gender>,
    #[schema(example = 1990)]
    pub birth_year: Option<i16>,
    #[schema(example = "36.74.04.1002")]
    pub village_code: Option<String>,
    #[schema(value_type = Vec<ExternalId>)]
    pub external_ids: ExternalIds,
}

#[derive(Clone, Serialize, ToSchema)]
pub struct Person {
    pub id: PersonId,
    #[serde(flatten)]
    pub profile: Profile,
    /// Masked, to everyone.
    #[schema(example = "9974**********01")]
    pub nik: Option<String>,
    /// Masked, to everyone.
    #[schema(example = "9974**********01")]
    pub npwp: Option<String>,
    #[schema(example = "+6281234567890")]
    pub phone: Option<String>,
    #[schema(example = "siti@contoh.example")]
    pub email: Option<String>,
    pub disability: Option<Vec<Disability>>,
    /// Where the person is found since.
    pub merged_into: Option<PersonId>,
    #[schema(example = 1)]
    pub version: i64,
    pub created_at: DateTime<Utc>,
    pub updated_at: DateTime<Utc>,
}

record!(Person: PersonId, "person", ReadPersons {
    const PERSONAL: &'static [&'static str] = &["full_name", "nik", "npwp", "phone", "email"];

    fn named(&self) -> Vec<Party> {
        vec![Party::Person(self.id)]
    }
});

impl Mergeable for Person {
    const TABLE: &'static str = "persons";
    const ALIKE: &'static str = ALIKE;

    fn merged_into(&self) -> Option<PersonId> {
        self.merged_into
    }
}

impl Person {
    /// As the log may keep it. What is sealed there stays as long as the person's key, but a disability is
    /// to go when its consent does.
    pub fn for_the_log(&self) -> Self {
        Self { disability: None, ..self.clone() }
    }
}

#[derive(Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
pub struct PersonFilter {
    #[param(inline)]
    pub village_code: Option<OneOf<String>>,
    #[param(inline)]
    pub identity: Option<OneOf<Identity>>,
    /// A piece of the name; only for who may see names.
    #[param(max_length = 200)]
    pub q: Option<String>,
}

impl Filter for PersonFilter {
    /// Not by name: a cursor stands in an address, and would carry it.
    const SORTS: &'static [Sort] = &[Sort("created_at", "timestamptz"), Sort("updated_at", "timestamptz")];
}
