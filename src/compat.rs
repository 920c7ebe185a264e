//! All that differs between the major versions of PostgreSQL.

use std::ffi::CStr;

use pgrx::pg_sys;
use pgrx::pg_sys::panic::ErrorReport;
use pgrx::{PgLogLevel, PgSqlErrorCode};

/// Writes a line into the server's log. `pgrx::log!` does not on PostgreSQL 13: it holds the level for less than a warning.
pub fn log(line: String) {
    ErrorReport::new(PgSqlErrorCode::ERRCODE_SUCCESSFUL_COMPLETION, line, "bat_partners")
        .report(PgLogLevel::LOG);
}

/// Tells PostgreSQL that there are no settings with this prefix but those that are defined: others are refused.
/// PostgreSQL 13 and 14 only warn of those that are set already.
pub fn reserve_settings(prefix: &CStr) {
    // SAFETY: called while the library is loaded, with a string that ends in NUL, which is copied or only read.
    #[cfg(not(any(feature = "pg13", feature = "pg14")))]
    unsafe {
        pg_sys::MarkGUCPrefixReserved(prefix.as_ptr());
    }
    // SAFETY: the same.
    #[cfg(any(feature = "pg13", feature = "pg14"))]
    unsafe {
        pg_sys::EmitWarningsOnPlaceholders(prefix.as_ptr());
    }
}
