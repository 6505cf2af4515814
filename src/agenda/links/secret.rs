//! The secret of an address, of which only the MAC is kept.

use crate::{
    error::{ApiError, Result},
    worker::Worker,
};

pub fn mac(worker: &Worker, secret: &str) -> Result<Vec<u8>> {
    worker.keys.mac("calendar links", secret).map_err(ApiError::internal)
}
