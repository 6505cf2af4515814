//! What is worked out from other records at the time: it has no version, and is shown whole.

use actix_web::{HttpRequest, HttpResponse, Responder, body::BoxBody};
use serde::Serialize;

use crate::{error::ApiError, http::page};

pub struct Derived<T>(pub T);

impl<T: Serialize> Responder for Derived<T> {
    type Body = BoxBody;

    fn respond_to(self, request: &HttpRequest) -> HttpResponse {
        match serde_json::to_vec(&self.0) {
            Ok(body) => page::answer(request, body, None),
            Err(error) => HttpResponse::from_error(ApiError::internal(error)),
        }
    }
}
