//! The page of `bat_report`.

use crate::error::{Error, Result};
use crate::store::Store;

/// `bat_report()`: the page of a partner, or that of all.
pub fn page(partner: Option<&str>) -> Result<String> {
    let report = Store::open()?.report(partner)?;
    bat_report::render(&report).map_err(|error| Error::Internal(error.to_string()))
}
