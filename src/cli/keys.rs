//! `seribu keys`: makes the key file, and changes the key that signs tokens.

use std::path::{Path, PathBuf};

use clap::Subcommand;

use crate::{
    cli::{Outcome, settings::Environment},
    clock::Clock,
    secrets::Keys,
};

#[derive(Subcommand)]
pub enum What {
    /// Make a new key file.
    Create { file: PathBuf },
    /// Sign new tokens with a new key; the old one goes on to verify those that it signed.
    Rotate { file: Option<PathBuf> },
}

pub fn run(environment: &Environment, what: What) -> Outcome {
    match what {
        What::Create { file } => {
            Keys::create(&file, Clock::System.now())?;
            println!("{} holds the keys now: keep it apart from the database's backups.", file.display());
        }
        What::Rotate { file } => {
            let kept =
                || environment.keys_file.clone().unwrap_or_else(|| environment.data_dir.join("keys.json"));
            let file = file.unwrap_or_else(kept);
            let keys = Keys::rotate_signing(&file, Clock::System.now())?;
            println!("{} signs from now on; start the service again.", keys.signing_key().kid);
        }
    }
    Ok(())
}

/// The keys of this installation; made when missing.
pub fn load(environment: &Environment, data_dir: &Path) -> Outcome<Keys> {
    let file = environment.keys_file.clone().unwrap_or_else(|| data_dir.join("keys.json"));
    if !file.exists() {
        if let Some(folder) = file.parent() {
            std::fs::create_dir_all(folder)?;
        }
        log::info!("making keys in {}", file.display());
        return Ok(Keys::create(&file, Clock::System.now())?);
    }
    Ok(Keys::load(&file)?)
}
