//! A name in both languages.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Label {
    #[schema(example = "Sebutan dalam bahasa Indonesia")]
    pub id: String,
    #[schema(example = "The name in English")]
    pub en: String,
}
