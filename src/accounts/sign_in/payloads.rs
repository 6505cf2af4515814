//! What is sent to sign in, and the tokens that are the answer.

use actix_web::{HttpRequest, HttpResponse, Responder, body::BoxBody, http::header};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

use crate::{
    access::Role,
    accounts::users::Contact,
    error::{ApiError, Result},
    http::Code,
    identifiers::{email, phone},
};

#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct LogIn {
    /// Either this or a phone number.
    #[schema(format = "email", max_length = 254, example = "ratna@contoh.id")]
    pub email: Option<String>,
    #[schema(format = "phone", max_length = 30)]
    pub phone: Option<String>,
    #[schema(min_length = 1, max_length = 200, example = "lusab-babad-gutih-tugad-hihib")]
    pub password: String,
    /// Which of the account's grants the token is for; not needed where there is one.
    pub role: Option<Role>,
    pub subject_id: Option<Uuid>,
}

#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct AcceptInvitation {
    /// In any case, with or without dashes.
    #[schema(min_length = 1, max_length = 40, example = "K7QM-2XTD-9RWA")]
    pub code: String,
    /// Either this or a phone number: to log in with from now on.
    #[schema(format = "email", max_length = 254, example = "ratna@contoh.id")]
    pub email: Option<String>,
    #[schema(format = "phone", max_length = 30)]
    pub phone: Option<String>,
    /// A new one; of who has an account already, the one that it has.
    #[schema(min_length = 10, max_length = 200, example = "tujuh gelas kopi tubruk")]
    pub password: String,
    /// Of a new account; else it has the name of whom it acts for.
    #[schema(format = "single_line", max_length = 200, example = "Ratna Wulandari")]
    pub name: Option<String>,
}

#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct LogOut {
    #[schema(min_length = 1, max_length = 200, example = "seribu_refresh_0123456789abcdefghjk")]
    pub refresh_token: String,
}

/// Either of the two, as it is compared.
pub fn contact(given_email: Option<&str>, given_phone: Option<&str>) -> Result<Contact> {
    let contact = match (given_email, given_phone) {
        (Some(_), Some(_)) => return Err(ApiError::invalid(Code::Conflict.expecting("/phone", "email"))),
        (Some(given), None) => email::normalise(given).map(Contact::Email),
        (None, Some(given)) => phone::normalise(given).map(Contact::Phone),
        (None, None) => None,
    };
    contact.ok_or_else(|| ApiError::invalid(Code::Required.at("/email")))
}

/// RFC 6749, section 5.1.
#[derive(Serialize, ToSchema)]
pub struct Tokens {
    #[schema(example = "eyJ0eXAiOiJhdCtqd3QiLCJhbGciOiJFZERTQSJ9.e30.c2lnbmF0dXJl")]
    pub access_token: String,
    #[schema(example = "Bearer")]
    pub token_type: &'static str,
    /// Seconds.
    #[schema(example = 900)]
    pub expires_in: i64,
    /// Good once, for 30 days. Null for a client, which has its secret.
    #[schema(example = "seribu_refresh_0123456789abcdefghjkmnpqrstvwxyz0123456789abcdefghjk")]
    pub refresh_token: Option<String>,
    #[schema(example = "cohorts:read mentors:read")]
    pub scope: String,
}

impl Responder for Tokens {
    type Body = BoxBody;

    fn respond_to(self, _: &HttpRequest) -> HttpResponse {
        HttpResponse::Ok().insert_header((header::CACHE_CONTROL, "no-store")).json(self)
    }
}

/// What `grant_type` may be sent with. In the form as OAuth has it, where what is unknown is ignored.
#[derive(Deserialize, ToSchema)]
pub struct TokenRequest {
    #[schema(example = "client_credentials")]
    pub grant_type: Option<String>,
    /// Here, or both as HTTP Basic.
    #[schema(example = "siakad-ut")]
    pub client_id: Option<String>,
    #[schema(example = "seribu_live_0123456789abcdefghjkmnpqrstvwxyz0123456789abcdefghjk")]
    pub client_secret: Option<String>,
    pub refresh_token: Option<String>,
    /// Fewer scopes than there could be, with spaces between.
    #[schema(example = "mentors:read")]
    pub scope: Option<String>,
}
