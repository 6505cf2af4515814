//! Products: what a business makes or sells. The category decides which certificates one needs, so it stays
//! once the product has some.

mod payloads;
mod routes;
mod rules;
mod store;

pub use payloads::Product;
pub use routes::routes;
pub use store::{find, lock};
