//! Where uploaded files lie, as the settings say.

use std::path::Path;

use chrono::Duration;

use crate::{
    cli::{Outcome, settings::Environment},
    files::{Bucket, Files},
    secrets::Keys,
};

pub fn open(environment: &Environment, data_dir: &Path, keys: &Keys) -> Outcome<Files> {
    let files = match environment.attachments.as_deref() {
        Some(url) if url.contains("://") => Files::in_bucket(&bucket(environment, url)?, keys),
        Some(folder) => Files::in_folder(Path::new(folder), keys),
        None => Files::in_folder(&data_dir.join("attachments"), keys),
    };
    let mut files = files.map_err(|error| format!("SERIBU_ATTACHMENTS: {error}"))?;
    files.largest = environment.largest_attachment;
    files.retention = Duration::days(environment.attachment_retention_days.into());
    Ok(files)
}

fn bucket(environment: &Environment, url: &str) -> Result<Bucket, String> {
    let needed = |name: &str, value: &Option<String>| value.clone().ok_or(format!("{url} needs {name}"));
    Ok(Bucket {
        url: url.to_owned(),
        region: environment.bucket_region.clone(),
        endpoint: environment.bucket_endpoint.clone(),
        access_key_id: needed("AWS_ACCESS_KEY_ID", &environment.bucket_access_key_id)?,
        secret_access_key: needed("AWS_SECRET_ACCESS_KEY", &environment.bucket_secret_access_key)?,
    })
}
