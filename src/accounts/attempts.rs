//! How often one may try to sign in: guesses are slow, whoever makes them.

use std::{
    hash::{BuildHasher, RandomState},
    net::{IpAddr, Ipv4Addr},
    num::NonZeroU32,
    sync::Arc,
    time::Duration,
};

use actix_web::HttpRequest;
use governor::{
    DefaultKeyedRateLimiter, Quota, RateLimiter,
    clock::{Clock, DefaultClock},
};

use crate::error::{ApiError, Result};

/// Shared by the workers of a process. Cloning it is cheap.
#[derive(Clone)]
pub struct Attempts(Arc<Limits>);

struct Limits {
    /// From one address, for one account, code or client.
    of_one: DefaultKeyedRateLimiter<u64>,
    /// From one address, for whatever: a whole office may share it.
    of_all: DefaultKeyedRateLimiter<u64>,
    hashes: RandomState,
    clock: DefaultClock,
}

impl Attempts {
    /// Beyond so many addresses and accounts, those that were quiet are forgotten.
    const REMEMBERED: usize = 50_000;
    pub const BY_DEFAULT: NonZeroU32 = NonZeroU32::MIN.saturating_add(9);
    const OFFICE: NonZeroU32 = NonZeroU32::MIN.saturating_add(9);

    pub fn per_minute(allowed: NonZeroU32) -> Self {
        let of_one = RateLimiter::keyed(Quota::per_minute(allowed));
        let of_all = RateLimiter::keyed(Quota::per_minute(allowed.saturating_mul(Self::OFFICE)));
        Self(Arc::new(Limits { of_one, of_all, hashes: RandomState::new(), clock: DefaultClock::default() }))
    }

    /// 429 when there were too many from the request's address, for `whom` or altogether.
    pub fn count(&self, request: &HttpRequest, whom: &str) -> Result<()> {
        let limits = &self.0;
        let address = request.peer_addr().map_or(IpAddr::V4(Ipv4Addr::UNSPECIFIED), |socket| socket.ip());
        let one = limits.of_one.check_key(&limits.hashes.hash_one((address, whom)));
        let all = limits.of_all.check_key(&limits.hashes.hash_one(address));
        if limits.of_one.len() + limits.of_all.len() > Self::REMEMBERED {
            limits.of_one.retain_recent();
            limits.of_all.retain_recent();
        }
        match one.and(all) {
            Ok(()) => Ok(()),
            Err(refused) => Err(ApiError::TooMany {
                retry_after: whole_seconds(refused.wait_time_from(limits.clock.now())),
            }),
        }
    }
}

fn whole_seconds(wait: Duration) -> u64 {
    wait.as_secs().saturating_add(1)
}

#[cfg(test)]
mod tests {
    use actix_web::test::TestRequest;

    use super::*;

    #[test]
    fn who_tries_one_account_after_the_other_from_one_address_is_stopped_and_nobody_else() {
        let attempts = Attempts::per_minute(NonZeroU32::MIN.saturating_add(1));
        let from =
            |address: &str| TestRequest::default().peer_addr(address.parse().unwrap()).to_http_request();
        let (here, there) = (from("192.0.2.1:1"), from("192.0.2.2:1"));
        let passed = (0..100).filter(|at| attempts.count(&here, &format!("account {at}")).is_ok()).count();
        assert!((20..25).contains(&passed), "{passed}");
        assert!(matches!(
            attempts.count(&here, "account 200"),
            Err(ApiError::TooMany { retry_after: 1..=60 })
        ));
        let passed = (0..10).filter(|_| attempts.count(&there, "one account").is_ok()).count();
        assert_eq!(passed, 2);
    }
}
