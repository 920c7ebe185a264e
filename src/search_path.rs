//! A search path that nobody else can put anything into.

use pgrx::pg_sys;

/// While it lives, names without a schema are those of pg_catalog: whatever the caller's search path is, a type or an
/// operator of his cannot take the place of PostgreSQL's. The same mechanism as a function's SET clause, which the
/// callers of procedures that commit may not have.
pub struct SafeSearchPath {
    level: i32,
}

impl SafeSearchPath {
    /// Sets the path.
    pub fn enter() -> SafeSearchPath {
        // SAFETY: the nest level is closed by Drop; if a PostgreSQL error comes first, Drop runs while it unwinds.
        unsafe {
            let level = pg_sys::NewGUCNestLevel();
            pg_sys::set_config_option(
                c"search_path".as_ptr(),
                c"pg_catalog, pg_temp".as_ptr(),
                pg_sys::GucContext::PGC_USERSET,
                pg_sys::GucSource::PGC_S_SESSION,
                pg_sys::GucAction::GUC_ACTION_SAVE,
                true,
                0,
                false,
            );
            SafeSearchPath { level }
        }
    }
}

impl Drop for SafeSearchPath {
    fn drop(&mut self) {
        // SAFETY: closes the level that `enter` opened, and levels inside of it that an error left open.
        unsafe { pg_sys::AtEOXact_GUC(true, self.level) };
    }
}
