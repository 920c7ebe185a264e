//! Mileage bullets.

use serde::{Deserialize, Serialize};

/// A mileage as a listing states it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Mileage {
    /// Number; `None` for "TMU" alone.
    pub value: Option<i32>,
    /// `mi`, `km` or `h`; `None` without a number.
    pub unit: Option<String>,
    /// What the odometer shows ("Shown", "Indicated"), as opposed to what is claimed.
    pub shown: bool,
    /// True mileage unknown.
    pub tmu: bool,
    /// The bullet, trimmed.
    pub text: String,
}
