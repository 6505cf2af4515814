//! The links by which owners answer, of which only the MAC is kept.

use crate::{
    access::Access,
    error::{ApiError, Result},
};

pub fn mac(access: &Access, link: &str) -> Result<Vec<u8>> {
    access.worker.keys.mac("follow-up links", link).map_err(ApiError::internal)
}
