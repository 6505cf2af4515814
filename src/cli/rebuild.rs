//! `seribu rebuild`: makes what a reader of the log has derived anew, beside a running service.

use crate::{
    api,
    cli::{Outcome, in_words, serve, settings::Environment},
};

pub fn run(environment: &Environment, what: &str) -> Outcome {
    let count = serve::beside(environment, async |worker| {
        Ok(api::rebuild(&worker, what).await.map_err(in_words)?)
    })?;
    println!("made anew from {count} events");
    Ok(())
}
