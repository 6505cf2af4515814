//! A name in both languages.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Label {
    #[schema(example = "Subsektor ekonomi kreatif")]
    pub id: String,
    #[schema(example = "Subsectors of the creative economy")]
    pub en: String,
}
