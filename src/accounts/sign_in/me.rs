//! Who is signed in, and as what.

use actix_web::{HttpRequest, HttpResponse, Responder, body::BoxBody, http::header};
use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

use crate::{
    access::{Access, Reach, Role},
    accounts::{clients, grants::Grant, users},
    error::{ApiError, Result},
};

#[derive(Serialize, ToSchema)]
pub struct Me {
    #[schema(inline, example = "mentor")]
    role: Role,
    /// All that the account may be; the token is for one of them.
    grants: Vec<Grant>,
    person_id: Option<Uuid>,
    mentor_id: Option<Uuid>,
    institution_id: Option<Uuid>,
    cooperative_id: Option<Uuid>,
    /// Of the token.
    #[schema(example = json!(["cohorts:read", "mentors:read"]))]
    scopes: Vec<String>,
    #[schema(example = "Ratna Wulandari")]
    name: Option<String>,
}

impl Responder for Me {
    type Body = BoxBody;

    fn respond_to(self, _: &HttpRequest) -> HttpResponse {
        let mut answer = HttpResponse::Ok();
        answer.insert_header((header::CACHE_CONTROL, "private, no-cache"));
        answer.insert_header((header::VARY, "Authorization, Accept-Language")).json(self)
    }
}

pub async fn me(access: Access) -> Result<Me> {
    let access = Access { reach: Reach::All, ..access };
    let actor = &access.actor;
    let own = Grant { role: actor.role, subject_id: actor.subject };
    let (name, grants) = match users::find(&access, actor.user).await {
        Ok(user) => (Some(user.fields.name.clone()), user.fields.grants.clone()),
        Err(ApiError::NotFound) => (clients::name_of(&access.worker, actor.user).await?, vec![own]),
        Err(error) => return Err(error),
    };
    let subject_of = |kind: &str| actor.subject.filter(|_| actor.rows_as.subject() == Some(kind));
    Ok(Me {
        role: actor.role,
        grants,
        person_id: subject_of("person"),
        mentor_id: subject_of("mentor"),
        institution_id: subject_of("institution"),
        cooperative_id: subject_of("cooperative"),
        scopes: actor.scope.split(' ').map(str::to_owned).collect(),
        name,
    })
}
